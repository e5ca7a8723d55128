// The drift page in a real browser: what its readers do with it, by mouse and by keyboard.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, afterEach } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { faults } from './axe.ts'
import { launchChromium } from './chromium.ts'
import { COLUMNS, HOSTILE, KOREAN, pageReport, summaryReport } from './drift-page.fixture.ts'

const folder = await mkdtemp(join(tmpdir(), 'fds-drift-page-'))
const file = join(folder, 'report.html')
const html = pageReport().html({ target: 'isFraud', prediction: 'fraud_probability' })
await writeFile(file, html)
const address = pathToFileURL(file).href
const browser = await launchChromium()
const complaints: string[] = []

after(async () => {
  await browser.close()
  await rm(folder, { recursive: true })
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  assert.deepEqual(complaints.splice(0), [])
})

/** The page as its reader opens it. Errors, and whatever it asks of a network, become complaints. */
async function open(options: BrowserContextOptions = {}, url = address): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 950 }, ...options })
  const page = await context.newPage()
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (request.url() !== url) complaints.push(request.url())
  })
  await page.goto(url)
  return page
}

const search = (page: Page) => page.getByRole('searchbox', { name: 'Search columns' })
const shown = (page: Page) => page.locator('#shown').textContent()
const rows = (page: Page) => page.locator('#columns tbody tr:visible')
const names = (page: Page) => page.locator('#columns tbody tr:visible .name').allTextContents()
const cells = (page: Page, column: number) =>
  page.locator(`#columns tbody tr:visible > :nth-child(${column})`).allTextContents()
const BACKGROUND = 'getComputedStyle(document.body).backgroundColor'
const dialog = (page: Page) => page.getByRole('dialog')

test('447 columns are at most 5 MB, and it is told how soon a search is answered', async (t) => {
  assert.ok(Buffer.byteLength(html) < 5e6)
  const times: number[] = []
  for (let i = 0; i < 3; i++) {
    const start = performance.now()
    const page = await open()
    await search(page).fill('TransactionAmt')
    await rows(page).first().waitFor()
    assert.equal(await rows(page).count(), 1)
    times.push(performance.now() - start)
  }
  t.diagnostic(
    `${Buffer.byteLength(html)} bytes; a search is answered ${times.map(Math.round)} ms after opening`,
  )
})

test('the verdict comes first, then target and prediction, then what changed most', async () => {
  const page = await open()
  const headings = await page.locator('h1:visible, h2:visible').allInnerTexts()
  assert.deepEqual(headings, [
    '▲Consider retraining',
    'Target and prediction',
    'What changed most',
    'At a glance',
    'All columns',
  ])
  assert.equal(await rows(page).count(), COLUMNS)
  assert.equal(await page.title(), 'Drift report: Consider retraining')
})

test('search finds names and findings, and says how to get back', async () => {
  const page = await open()
  await search(page).fill('v12')
  assert.deepEqual([...(await names(page))].sort(), [
    'V12',
    ...Array.from({ length: 10 }, (_, i) => `V12${i}`),
  ])
  assert.equal(await shown(page), `11 of ${COLUMNS} columns`)
  await search(page).fill('moved most 결제')
  assert.deepEqual(await names(page), [KOREAN])
  await search(page).fill('no such column')
  assert.equal(await rows(page).count(), 0)
  await page.getByRole('button', { name: 'Clear' }).click()
  assert.equal(await rows(page).count(), COLUMNS)
})

test('every heading sorts, both ways, and says so', async () => {
  const page = await open()
  const headings = page.locator('#columns thead th[data-key]')
  for (let i = 0; i < (await headings.count()); i++) {
    const heading = headings.nth(i)
    await heading.getByRole('button').click()
    const first = await heading.getAttribute('aria-sort')
    await heading.getByRole('button').click()
    const second = await heading.getAttribute('aria-sort')
    assert.deepEqual(new Set([first, second]), new Set(['ascending', 'descending']))
    assert.equal(await page.locator('th[aria-sort=ascending], th[aria-sort=descending]').count(), 1)
  }
  await page.getByRole('button', { name: 'PSI' }).click()
  const scores = (await cells(page, 5)).filter((text) => text !== '–').map(Number)
  assert.deepEqual(
    scores,
    [...scores].sort((a, b) => b - a),
  )
  assert.equal((await cells(page, 5)).at(-1), '–')
  await page.getByRole('button', { name: 'Column', exact: true }).click()
  const sorted = (await names(page)).filter((name) => /^V\d+$/.test(name))
  assert.deepEqual(sorted.slice(0, 3), ['V1', 'V2', 'V3'])
})

test('filters leave the drifted, a type, a finding', async () => {
  const page = await open()
  await page.getByRole('checkbox', { name: 'Drifted only' }).check()
  const drifted = await rows(page).count()
  assert.ok(drifted > 20 && drifted < 40, `${drifted}`)
  await page.getByRole('combobox', { name: 'Type' }).selectOption('cat')
  assert.deepEqual((await names(page)).sort(), [HOSTILE, KOREAN].sort())
  await page.getByRole('checkbox', { name: 'Drifted only' }).uncheck()
  assert.equal(await rows(page).count(), 3)
  await page.getByRole('combobox', { name: 'Type' }).selectOption('')
  await page.getByRole('combobox', { name: 'Finding' }).selectOption('distribution')
  assert.ok((await names(page)).includes('TransactionAmt'))
})

test('details show both distributions in percent and counts, and step through the rows in view', async () => {
  const page = await open()
  await search(page).fill('days_since_last')
  await page.getByRole('button', { name: 'days_since_last' }).last().click()
  const bins = dialog(page).locator('.bins tbody tr')
  assert.equal(await bins.count(), 11)
  assert.match((await bins.last().allInnerTexts()).join(), /^Missing\s+1\.\d\s%\s+4\d\.\d\s%\s+\d/)
  await dialog(page).getByText('Counts').click()
  assert.match((await bins.last().allInnerTexts()).join(), /^Missing\s+2\d\s+8\d\d\s/)
  assert.match((await dialog(page).locator('.findings').allInnerTexts()).join(), /Threshold\s+0\.1\s+p-value/)
  assert.ok(await dialog(page).getByRole('button', { name: 'Next column' }).isDisabled())
  await dialog(page).getByRole('button', { name: 'Close' }).click()
  await search(page).fill('')
  await page.locator('#columns .name button').first().click()
  const first = await dialog(page).getByRole('heading', { level: 2 }).innerText()
  await dialog(page).getByRole('button', { name: 'Next column' }).click()
  await dialog(page).getByRole('button', { name: 'Previous column' }).click()
  assert.equal(await dialog(page).getByRole('heading', { level: 2 }).innerText(), first)
})

test('a name that attacks is a name, in the table and in its details', async () => {
  const page = await open()
  await search(page).fill('onerror')
  assert.deepEqual(await names(page), [HOSTILE])
  await rows(page).getByRole('button').click()
  assert.ok((await dialog(page).getByRole('heading', { level: 2 }).innerText()).startsWith(HOSTILE))
  assert.equal(await page.locator('img').count(), 0)
  assert.equal(await page.title(), 'Drift report: Consider retraining')
})

test('it reads in Korean and in the dark, by a switch', async () => {
  const page = await open()
  const background = () => page.evaluate<string>(BACKGROUND)
  const light = await background()
  await page.getByText('Dark', { exact: true }).click()
  assert.notEqual(await background(), light)
  await page.getByText('한국어').click()
  assert.equal(await page.locator('html').getAttribute('lang'), 'ko')
  assert.equal(await page.title(), '드리프트 리포트: 재학습 검토')
  assert.equal(await shown(page), `${COLUMNS}개 중 ${COLUMNS}개 표시`)
  const text = await page.locator('main').innerText()
  assert.ok(!/Moved most|No material change|Reference and current|Missing/.test(text))
  await page.getByRole('button', { name: KOREAN }).last().click()
  assert.match(await dialog(page).innerText(), /검정 방법/)
  assert.ok(!/Reference|Threshold/.test(await dialog(page).innerText()))
})

test('the reader’s own setting decides where the switch says nothing', async () => {
  const backgrounds = await Promise.all(
    (['light', 'dark'] as const).map(async (colorScheme) => {
      const page = await open({ colorScheme })
      return page.evaluate<string>(BACKGROUND)
    }),
  )
  assert.notEqual(backgrounds[0], backgrounds[1])
})

test('the keyboard alone is enough: switch, search, sort, open, step, close', async () => {
  const page = await open()
  const focused = (what = 'textContent') => page.evaluate<string>(`document.activeElement.${what}`)
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  assert.equal(await page.locator('html').getAttribute('lang'), 'ko')
  await page.keyboard.press('ArrowLeft')
  while ((await focused('id')) !== 'search') await page.keyboard.press('Tab')
  await page.keyboard.type('V4')
  for (let i = 0; i < 4; i++) await page.keyboard.press('Tab')
  assert.equal(await focused('role'), 'region')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  assert.match(await focused(), /^Column/)
  await page.keyboard.press('Enter')
  while (!/^V4$/.test(await focused())) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.match(await dialog(page).getByRole('heading', { level: 2 }).innerText(), /^V4\b/)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  assert.equal(await dialog(page).count(), 0)
  assert.equal(await focused(), 'V4')
})

test('on paper every row is there, in light, without the tools', async () => {
  const page = await open({ colorScheme: 'dark' })
  await search(page).fill('V1')
  await page.emulateMedia({ media: 'print' })
  assert.equal(await rows(page).count(), COLUMNS)
  assert.ok(!(await page.locator('.tools').isVisible()))
  assert.equal(await page.evaluate<string>('getComputedStyle(document.body).color'), 'rgb(27, 29, 32)')
})

test('axe finds no fault in light or dark, English or Korean, wide or narrow, with details or without', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await open({ colorScheme })
    await search(page).fill('V12')
    assert.deepEqual(await faults(page), [])
    await page.getByText('한국어').click()
    await page.getByRole('button', { name: 'TransactionAmt' }).first().click()
    assert.deepEqual(await faults(page), [])
  }
  const page = await open({ viewport: { width: 390, height: 844 } })
  await search(page).fill('V12')
  assert.deepEqual(await faults(page), [])
  await rows(page).getByRole('button').first().click()
  assert.deepEqual(await faults(page), [])
})

test('a telephone scrolls the table, never the page', async () => {
  const page = await open({ viewport: { width: 390, height: 844 } })
  assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'))
  await page.getByRole('button', { name: 'TransactionAmt' }).first().click()
  assert.ok(await dialog(page).evaluate((element) => element.scrollWidth <= element.clientWidth))
})

test('a viewer without scripts shows the verdict and every row', async () => {
  const page = await open({ javaScriptEnabled: false })
  assert.equal(await rows(page).count(), COLUMNS)
  assert.ok(await page.getByText('which this viewer has switched off').isVisible())
  assert.ok(!(await page.locator('.tools').isVisible()))
})

test('a summary without drift is a page of its own', async () => {
  const summary = join(folder, 'summary.html')
  await writeFile(summary, summaryReport().html())
  const page = await open({}, pathToFileURL(summary).href)
  await page.getByText('Column by column').click()
  assert.equal(await page.locator('tbody tr').count(), 4)
  assert.deepEqual(await faults(page), [])
  await page.getByText('한국어').click()
  assert.equal(await page.title(), '드리프트 리포트: 데이터 요약')
})
