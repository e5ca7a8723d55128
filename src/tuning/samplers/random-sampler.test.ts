import assert from 'node:assert/strict'
import test from 'node:test'
import {
  categoricalDistribution,
  type Distribution,
  floatDistribution,
  intDistribution,
  RandomSampler,
} from '../index.ts'
import { samplerContract } from './sampler.contract.ts'

const draws = (distribution: Distribution, count = 6000) => {
  const sampler = new RandomSampler({ seed: 7 })
  return Array.from({ length: count }, () => sampler.sampleIndependent({ distribution }))
}

/** Pearson's chi-square of equal shares; 27.9 is the 99.9 % point with 9 degrees of freedom. */
function isEven(cells: readonly unknown[], kinds: number): boolean {
  const counts = new Map<unknown, number>()
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1)
  const expected = cells.length / kinds
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return counts.size === kinds && chiSquare < 27.9
}

test('every grid point, whole number and choice is as likely as the others', () => {
  assert.ok(isEven(draws(intDistribution({ name: 'n', low: 1, high: 10 })), 10))
  assert.ok(isEven(draws(intDistribution({ name: 'n', low: 0, high: 28, step: 3 })), 10))
  assert.ok(isEven(draws(categoricalDistribution({ name: 'c', choices: [...'abcdefghij'] })), 10))
  const grid = draws(floatDistribution({ name: 'x', low: 0, high: 0.9, step: 0.1 }))
  assert.ok(
    isEven(
      grid.map((x) => Math.round(Number(x) * 10)),
      10,
    ),
  )
})

test('a real number is uniform over the range, or over its logarithm', () => {
  const plain = draws(floatDistribution({ name: 'x', low: -5, high: 5 }))
  assert.ok(
    isEven(
      plain.map((x) => Math.floor(Number(x))),
      10,
    ),
  )
  const log = draws(floatDistribution({ name: 'x', low: 1e-5, high: 1e5, log: true }))
  assert.ok(
    isEven(
      log.map((x) => Math.floor(Math.log10(Number(x)))),
      10,
    ),
  )
})

test('a whole number on a logarithmic scale has as much room as its cell', () => {
  const values = draws(intDistribution({ name: 'n', low: 1, high: 4, log: true })).map(Number)
  const share = values.filter((n) => n === 1).length / values.length
  assert.ok(Math.abs(share - Math.log(3) / Math.log(9)) < 0.03, `${share}`)
})

test('each further worker of a study has a stream of its own', () => {
  const distribution = floatDistribution({ name: 'x', low: 0, high: 1 })
  const first = (stream: number | null) => {
    const sampler = new RandomSampler({ seed: 3 })
    if (stream !== null) sampler.reseed(stream)
    return sampler.sampleIndependent({ distribution })
  }
  assert.equal(new Set([null, 2, 3, 4].map(first)).size, 4)
  assert.equal(first(2), first(2))
})

test('a seed that NumPy would refuse is refused', () => {
  for (const seed of [-1, 0.5, 2 ** 32, Number.NaN]) {
    assert.throws(() => new RandomSampler({ seed }), { code: 'PARAM_INVALID' })
  }
})

samplerContract('RandomSampler', () => new RandomSampler({ seed: 0 }))
