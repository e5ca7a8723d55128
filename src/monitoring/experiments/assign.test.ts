// Shared cases: test/fixtures/monitoring/assignment-cases.json, published by GrowthBook.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { assign, assignmentHash, bucketRanges } from '../index.ts'

const cases: {
  hash: [seed: string, value: string, hash: number][]
  ranges: [{ weights: number[]; coverage: number }, [number, number][]][]
} = JSON.parse(readFileSync('test/fixtures/monitoring/assignment-cases.json', 'utf8'))
const cards = Array.from({ length: 20_000 }, (_, i) => `card-${i}`)

test('the hash gives the published values', () => {
  for (const [seed, value, hash] of cases.hash) assert.equal(assignmentHash(seed, value), hash)
})

test('the ranges are the published ones', () => {
  for (const [input, expected] of cases.ranges) {
    bucketRanges(input).forEach(([from, to], i) => {
      assert.ok(Math.abs(from - expected[i]![0]) < 1e-12 && Math.abs(to - expected[i]![1]) < 1e-12)
    })
  }
})

test('an entity keeps its arm', () => {
  const arms = () => cards.map((entity) => assign({ experiment: 'a', entity, trafficSplit: 0.5 }).arm)
  assert.deepEqual(arms(), arms())
})

test('two experiments are independent of each other', () => {
  const isChallenger = (experiment: string, entity: string) =>
    assign({ experiment, entity, trafficSplit: 0.5 }).arm === 'challenger'
  const agreeing = cards.filter((card) => isChallenger('a', card) === isChallenger('b', card)).length
  assert.ok(Math.abs(agreeing / cards.length - 0.5) < 0.015, `${agreeing}`)
})

test('the challenger gets its share', () => {
  for (const trafficSplit of [0.01, 0.1, 0.5]) {
    const count = cards.filter(
      (entity) => assign({ experiment: 'share', entity, trafficSplit }).arm === 'challenger',
    ).length
    const spread = Math.sqrt((trafficSplit * (1 - trafficSplit)) / cards.length)
    assert.ok(Math.abs(count / cards.length - trafficSplit) < 4 * spread, `${trafficSplit}: ${count}`)
  }
})

test('a ramp takes entities in and never moves one that is in', () => {
  let before = new Map<string, string>()
  for (const coverage of [0.01, 0.05, 0.1, 0.25, 0.5, 1]) {
    const now = new Map<string, string>()
    for (const entity of cards) {
      const { arm, included } = assign({ experiment: 'ramp', entity, trafficSplit: 0.5, coverage })
      if (included) now.set(entity, arm)
      else assert.equal(arm, 'champion')
    }
    for (const [entity, arm] of before) assert.equal(now.get(entity), arm)
    assert.ok(now.size > before.size)
    before = now
  }
  assert.equal(before.size, cards.length)
})

test('shares that cannot be are refused', () => {
  for (const trafficSplit of [-0.1, 1.1, Number.NaN]) {
    assert.throws(() => assign({ experiment: 'e', entity: 'x', trafficSplit }), { code: 'PARAM_INVALID' })
  }
  assert.throws(() => bucketRanges({ weights: [0.5, 0.4], coverage: 1 }), { code: 'PARAM_INVALID' })
  assert.throws(() => bucketRanges({ weights: [0.5, 0.5], coverage: 2 }), { code: 'PARAM_INVALID' })
})
