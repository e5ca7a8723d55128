// The pages of a running service in a real browser: the start page, and the report of an A/B test that has begun.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { SIMULATED_ROLES, simulateTransactions, tableRows } from '../../src/data/index.ts'
import { changePolicy } from '../../src/pipeline/change-policy.ts'
import { openTracking } from '../../src/pipeline/open-tracking.ts'
import { type Service, startService } from '../../src/pipeline/start-service.ts'
import { temporarySettings, trainChampion } from '../champion.ts'
import { faults } from './axe.ts'
import { launchChromium } from './chromium.ts'

const NAME = 'fraud_detector'
const PAYMENTS = 600
const settings = temporarySettings()
const complaints: string[] = []
let service: Service
let browser: Browser

before(async () => {
  await trainChampion(settings)
  const { client, close } = await openTracking(settings)
  const changes = { thresholds: { block: 0.8 } }
  const uri = `models:/${NAME}@champion`
  await changePolicy({ client, uri, changes, alias: 'challenger', now: settings.now })
  await close()
  service = await startService({ ...settings, host: '127.0.0.1', port: 0, modelName: NAME })
  browser = await launchChromium()
})

after(async () => {
  await browser.close()
  await service.close()
})

/** Errors, and whatever a page asks of another address, become complaints. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, ...options })
  const page = await context.newPage()
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(service.address)) complaints.push(request.url())
  })
  await page.goto(service.address + path)
  return page
}

async function post(path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(service.address + path, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.equal(answer.status, 200, await answer.text())
}

/** Starts a test of two policies of one model and sends it payments with their labels. */
async function playSome(): Promise<void> {
  await post('/ab-test/start', { traffic_split: 0.5, min_samples: 100, planned_samples: PAYMENTS })
  const rows = [...tableRows(simulateTransactions({ rows: PAYMENTS, seed: 9 }).table)]
  const payments = rows.map(({ [SIMULATED_ROLES.label]: _, ...payment }) => payment)
  await post('/predict/batch', payments)
  const labels = rows.map((row) => ({
    transaction_id: row[SIMULATED_ROLES.id],
    is_fraud: row[SIMULATED_ROLES.label] === 1,
  }))
  await post('/labels', labels)
}

test('the pages are right in light and dark, wide and narrow, English and Korean, without a fault of axe', async () => {
  await playSome()
  for (const path of ['/', '/ab-test/report', '/ab-test/report?lang=en']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1000, 360]) {
        const page = await open(path, { colorScheme, viewport: { width, height: 900 } })
        assert.deepEqual(await faults(page), [], `${path} ${colorScheme} ${width}`)
        const overflow = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
        assert.equal(overflow, false, `${path} is wider than ${width}`)
        await page.context().close()
      }
    }
  }
  assert.deepEqual(complaints, [])
})

test('the start page leads to the report, which shows the picture and says the verdict', async () => {
  const page = await open('/')
  await page.getByRole('link', { name: '한국어' }).click()
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'A/B 테스트')
  assert.equal(await page.locator('figure svg').count(), 1)
  assert.match((await page.locator('pre').textContent())!, /^판정: .+\n권고: /)
  assert.deepEqual(complaints, [])
})
