import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { DataDriftPreset, DataSummaryPreset, psiTest, Report } from '../index.ts'
import { numberColumn, tableOf, textColumn } from '../profile/table.fixture.ts'
import type { ScriptData } from './page-shape.ts'

const HOSTILE = '</script><img src=x onerror="alert(1)">&\'<!--'
const random = createRandom(11)
const normal = (shift = 0) => Array.from({ length: 1500 }, () => random.normal() + shift)
const texts = (first: string) => Array.from({ length: 1500 }, () => (random.next() < 0.5 ? first : 'US'))
const reference = tableOf(
  numberColumn('calm', normal()),
  numberColumn('amount', normal()),
  numberColumn('age', normal()),
  textColumn(HOSTILE, texts(HOSTILE)),
)
const current = tableOf(
  numberColumn('calm', normal()),
  numberColumn('amount', normal(2)),
  numberColumn('age', normal(1)),
  textColumn(HOSTILE, texts(HOSTILE)),
)
const page = (now = current, importance?: Readonly<Record<string, number>>) =>
  new Report([new DataDriftPreset(importance ? { importance } : {})]).run({ reference, current: now })

/** What the script of the page reads. */
function dataOf(html: string): ScriptData {
  const [, json] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)!
  return JSON.parse(json!)
}

const verdictOf = (html: string) => /<section class="verdict (\w+)"/.exec(html)?.[1]
const namesOf = (html: string) => dataOf(html).columns.map(({ name }) => name)

test('the verdict comes first: maintain, watch, retrain, or mend the data', () => {
  assert.equal(verdictOf(page(reference).html()), 'maintain')
  assert.equal(verdictOf(page().html()), 'retrain')
  assert.equal(verdictOf(page(current, { calm: 98, amount: 1, age: 1 }).html()), 'watch')
  assert.equal(verdictOf(page(tableOf(...current.columns.slice(1))).html()), 'repair')
  assert.match(
    page(current, { calm: 1, amount: 2, age: 1 }).html(),
    /2 of 4 columns drifted; those beyond a PSI of 0\.25 carry 75\.0\s% of the model’s importance\./,
  )
})

test('what changed most comes first, weighted by the importance where it is known', () => {
  assert.deepEqual(namesOf(page().html()).slice(0, 2), ['amount', 'age'])
  assert.deepEqual(namesOf(page(current, { amount: 1, age: 99 }).html()).slice(0, 2), ['age', 'amount'])
})

test('names and categories are text wherever they stand', () => {
  const html = page().html()
  assert.equal(html.match(/<img/g), null)
  assert.equal(html.match(/<script/g)?.length, 2)
  assert.equal(html.match(/<\/script/g)?.length, 2)
  const column = dataOf(html).columns.find(({ name }) => name === HOSTILE)
  assert.ok(column?.bins?.labels.includes(HOSTILE))
})

test('its policy allows its own style and script and nothing else', () => {
  const html = page().html()
  const hashes = [/<style>(.*?)<\/style>/s, /<script type="module">(.*?)<\/script>/s].map((inline) => {
    const [, text] = inline.exec(html)!
    return createHash('sha256').update(text!).digest('base64')
  })
  const [, policy] = /Content-Security-Policy" content="(.*?)"/.exec(html)!
  assert.equal(
    policy!.replaceAll('&#39;', "'"),
    `default-src 'none'; script-src 'sha256-${hashes[1]}'; style-src 'sha256-${hashes[0]}'; img-src data:; base-uri 'none'; form-action 'none'`,
  )
  const [markup] = html.split('<script type="application/json"')
  assert.ok(!/https?:|url\(|@import|<[^>]*\s(style|src|on\w+)=/.test(markup!))
})

test('its script is one: no part imports another', () => {
  const [, script] = /<script type="module">(.*?)<\/script>/s.exec(page().html())!
  assert.ok(!/^(import|export) /m.test(script!))
})

test('it opens in English or Korean, and holds both', () => {
  const [english, korean] = [page().html(), page().html({ lang: 'ko' })]
  assert.match(english, /<html lang="en">[\s\S]*<title>Drift report: Consider retraining<\/title>/)
  assert.match(korean, /<html lang="ko">[\s\S]*<title>드리프트 리포트: 재학습 검토<\/title>/)
  for (const html of [english, korean]) assert.match(html, /<span lang="en">[\s\S]*<span lang="ko">/)
})

test('target and prediction have a section of their own, and count by their role', () => {
  const html = page().html({ target: 'age', prediction: 'calm' })
  const [, section] = /<section aria-labelledby="outcomes">(.*?)<\/section>/s.exec(html)!
  assert.match(section!, /age.*target.*calm.*prediction/s)
  assert.match(html, /The target itself drifted/)
  assert.ok(!page().html().includes('aria-labelledby="outcomes"'))
})

test('447 columns of a hundred long categories stay under 5 MB', () => {
  const cells = Array.from({ length: 1000 }, (_, i) => `${'https://shop.example/'.repeat(20)}${i % 100}`)
  const wide = tableOf(...Array.from({ length: 447 }, (_, i) => textColumn(`V${i}`, cells)))
  const html = new Report([new DataDriftPreset()]).run({ reference: wide, current: wide }).html()
  assert.ok(Buffer.byteLength(html) < 5e6, `${Buffer.byteLength(html)}`)
})

test('a page of 447 columns stays under 1 MB', () => {
  const wide = tableOf(
    ...Array.from({ length: 447 }, (_, i) => numberColumn(`V${i}`, normal().slice(0, 200))),
  )
  const html = new Report([new DataDriftPreset()]).run({ reference: wide, current: wide }).html()
  assert.ok(Buffer.byteLength(html) < 1e6, `${Buffer.byteLength(html)}`)
})

test('a picture of a hundred categories joins those beyond the twentieth', () => {
  const cells = Array.from({ length: 3000 }, (_, i) => `shop-${i % 100}`)
  const shops = tableOf(textColumn('shop', cells))
  const html = new Report([new DataDriftPreset()]).run({ reference: shops, current: shops }).html()
  const [, bars] = /<path class="ref" d="([^"]*)"/.exec(html)!
  assert.equal(bars!.match(/M/g)?.length, 21)
})

test('an importance is a finite number that is not negative', () => {
  for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => new DataDriftPreset({ importance: { amount: value } }), { code: 'PARAM_INVALID' })
  }
})

test('other methods than the index have a column of their own, beside it', () => {
  const html = new Report([new DataDriftPreset()], { mode: 'evidently' }).run({ reference, current }).html()
  assert.match(html, /data-key="psi"[\s\S]*data-key="score"/)
  assert.match(html, /<small>Wasserstein<\/small>/)
  assert.ok(dataOf(html).columns.every(({ psi, score }) => psi !== null && score !== null))
  assert.ok(!page().html().includes('data-key="score"'))
})

test('a data summary shows its measures, and no verdict where drift was not asked for', () => {
  const summary = new Report([new DataSummaryPreset()], { includeTests: true })
  const html = summary.run({ reference, current }).html()
  assert.equal(verdictOf(html), undefined)
  assert.match(html, /<title>Drift report: Data summary<\/title>/)
  assert.match(html, /Duplicated rows<\/span><span lang="ko">중복 행<\/span><\/dt><dd>0<\/dd>/)
  assert.match(html, /<span class="plain">amount<\/span>.*?differs/s)
  assert.equal(html.match(/<img/g), null)
  const all = new Report([new DataDriftPreset(), new DataSummaryPreset()]).run({ reference, current }).html()
  assert.equal(verdictOf(all), 'retrain')
  assert.match(all, /id="measures"/)
})

test('the bins in the details are those of the index, of many categories too', () => {
  const shops = (tail: number) => {
    const cells = Array.from({ length: 3000 }, (_, i) =>
      i % 10 < tail ? `rare-${i % 600}` : `shop-${i % 25}`,
    )
    return tableOf(textColumn('shop', cells), numberColumn('amount', normal(tail)))
  }
  const html = new Report([new DataDriftPreset()]).run({ reference: shops(2), current: shops(3) }).html()
  for (const { bins, psi } of dataOf(html).columns) {
    assert.ok(psi! > 0)
    assert.equal(psiTest(bins!).psi.toPrecision(5), psi!.toPrecision(5))
  }
})
