import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import { Booster } from './booster.ts'
import { randomRows } from './data.fixture.ts'
import type { ImportanceKind } from './importance.ts'
import { importancePlot } from './importance-plot.ts'
import { trainBooster } from './training/train-booster.ts'

const { x, y } = randomRows(createRandom(1), { rows: 500, columns: 5 })
const LONG = `a very long name ${'of a feature '.repeat(9)}`
const NAMES = ['amount', '<b>&"\u0001', LONG, '거래금액'.repeat(6), 'hour']
const booster = trainBooster({ nEstimators: 8 }, { x, y, featureNames: NAMES })

/** Names as shown on hover, values as shown, lengths of the bars, from the top. */
function barsOf(svg: string) {
  const bars = [...svg.matchAll(/<g><title>(.*): (\S+)<\/title>.*width="([\d.]+)".*?>([^<]*)<\/text><\/g>/g)]
  return bars.map(([, name, value, width, shown]) => ({
    name,
    value: Number(value),
    width: Number(width),
    shown,
  }))
}

test('draws one bar for each feature, the largest first, as long as its importance', () => {
  for (const kind of ['weight', 'gain', 'cover', 'total_gain', 'total_cover'] satisfies ImportanceKind[]) {
    const bars = barsOf(importancePlot(booster, { kind }))
    const scores = Object.values(booster.importance(kind)).sort((a, b) => b - a)
    assert.deepEqual(
      bars.map(({ value }) => value),
      scores,
    )
    for (const { value, width } of bars) {
      assert.ok(Math.abs(width / bars[0].width - value / scores[0]) < 1e-3)
    }
  }
})

test('keeps the largest, and says how many there are', () => {
  const svg = importancePlot(booster, { maxFeatures: 2 })
  assert.equal(barsOf(svg).length, 2)
  assert.match(svg, /2 of 5 features/)
  assert.doesNotMatch(importancePlot(booster), / of 5 features/)
})

test('prints the value beside the bar and a whole-number axis of splits', () => {
  const svg = importancePlot(booster, { kind: 'weight' })
  for (const { value, shown } of barsOf(svg)) assert.equal(shown, String(value))
  assert.match(svg, /Number of splits/)
})

test('cuts a long name, keeps it whole on hover, and lets nothing out of the text', () => {
  const svg = importancePlot(booster)
  assert.ok(svg.includes(`<title>${LONG}: `))
  assert.match(svg, /text-anchor="end">a very long name of a featu…</)
  assert.match(svg, /text-anchor="end">거래금액거래금액거래금액거…</)
  assert.ok(svg.includes('>&lt;b&gt;&amp;"\ufffd</text>'))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids them
  assert.doesNotMatch(svg, /<b>|[\u0000-\u0008]/)
})

test('is the same for the same model, equal bars in the order of their names', () => {
  assert.equal(importancePlot(booster), importancePlot(booster))
  const many = randomRows(createRandom(2), { rows: 300, columns: 20 })
  const counts = barsOf(importancePlot(trainBooster({ nEstimators: 4 }, many), { kind: 'weight' }))
  const ties = counts.slice(1).filter((bar, i) => bar.value === counts[i].value)
  assert.ok(ties.length > 0)
  for (const tie of ties) assert.ok(counts[counts.indexOf(tie) - 1].name < tie.name)
})

test('says that a model without splits has none', () => {
  const empty = new Booster({ featureNames: ['a'], baseScore: 0.5, trees: [] })
  const svg = importancePlot(empty)
  assert.match(svg, /no splits/)
  assert.deepEqual(barsOf(svg), [])
})

test('refuses an unknown kind and fewer than one feature', () => {
  assert.throws(() => importancePlot(booster, { kind: 'gini' as ImportanceKind }), { code: 'PARAM_INVALID' })
  for (const maxFeatures of [0, -1, 1.5, Number.NaN]) {
    assert.throws(() => importancePlot(booster, { maxFeatures }), { code: 'PARAM_INVALID' })
  }
})
