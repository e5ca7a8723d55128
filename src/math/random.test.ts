// The expected values come from a second implementation (test/fixtures/evaluation/make.py). Every check is
// seeded, so it passes or fails for good; the bounds are those of a fair generator at about 1 in 10,000.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { normalCdf } from './distributions.ts'
import { createRandom, type Random } from './random.ts'

interface Golden {
  first: { seed: number; uint32: number[] }[]
  next: { seed: number; next: number[] }[]
  fork: { seed: number; name: string; uint32: number[] }[]
}
const golden: Golden = JSON.parse(readFileSync('test/fixtures/evaluation/random.json', 'utf8'))
const take = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw)

test('gives the committed first values of every seed', () => {
  for (const { seed, uint32 } of golden.first) {
    const random = createRandom(seed)
    assert.deepEqual(take(uint32.length, random.uint32), uint32)
  }
  for (const { seed, next } of golden.next) {
    const random = createRandom(seed)
    assert.deepEqual(take(next.length, random.next), next)
  }
  for (const { seed, name, uint32 } of golden.fork) {
    const random = createRandom(seed).fork(name)
    assert.deepEqual(take(uint32.length, random.uint32), uint32)
  }
})

test('a fork depends on seed and name alone, not on how far its parent has run', () => {
  const fresh = createRandom(3).fork('rows')
  const parent = createRandom(3)
  take(100, parent.next)
  assert.deepEqual(take(20, parent.fork('rows').next), take(20, fresh.next))
})

test('draws are uniform in [0, 1) and so are integers below a bound', () => {
  const random = createRandom(11)
  const draws = take(200_000, random.next)
  assert.ok(draws.every((draw) => draw >= 0 && draw < 1))
  assertUniform(draws, 'next')
  const bound = 7
  const integers = take(70_000, () => random.int(bound))
  assert.deepEqual(new Set(integers), new Set(take(bound, () => 0).map((_, i) => i)))
  assertUniform(
    integers.map((value) => (value + 0.5) / bound),
    'int',
    bound,
  )
})

test('the first draw is uniform over neighbouring seeds, and over names of forks', () => {
  const seeds = take(50_000, () => 0).map((_, seed) => createRandom(seed).next())
  assertUniform(seeds, 'seeds')
  assertUncorrelated(seeds.slice(1), seeds.slice(0, -1), 'neighbouring seeds')
  const parent = createRandom(5)
  const names = seeds.map((_, i) => parent.fork(`tree ${i}`).next())
  assertUniform(names, 'names')
  assertUncorrelated(names.slice(1), names.slice(0, -1), 'neighbouring names')
})

test('every bit is set half of the time and neighbouring draws do not tell of each other', () => {
  const random = createRandom(2)
  const words = take(100_000, random.uint32)
  for (let bit = 0; bit < 32; bit++) {
    const set = words.filter((word) => (word >>> bit) & 1).length
    assert.ok(Math.abs(set - words.length / 2) < 4.5 * Math.sqrt(words.length / 4), `bit ${bit}: ${set}`)
  }
  for (const lag of [1, 2, 3, 4, 7]) assertUncorrelated(words.slice(lag), words.slice(0, -lag), `lag ${lag}`)
})

test('pairs and triples of draws fill the square and the cube evenly', () => {
  const random = createRandom(9)
  const cell = () => Math.floor(random.next() * 16)
  assertUniform(
    take(100_000, () => (cell() * 16 + cell() + 0.5) / 256),
    'pairs',
    256,
  )
  assertUniform(
    take(100_000, () => (cell() * 256 + cell() * 16 + cell() + 0.5) / 4096),
    'triples',
    4096,
  )
})

test('a parent and its forks are independent streams', () => {
  const streams: [string, Random][] = [
    ['parent', createRandom(8)],
    ['a', createRandom(8).fork('a')],
    ['b', createRandom(8).fork('b')],
    ['a of a', createRandom(8).fork('a').fork('a')],
    ['a of another seed', createRandom(9).fork('a')],
  ]
  const draws = streams.map(([name, random]) => [name, take(50_000, random.next)] as const)
  for (const [name, one] of draws) {
    for (const [other, two] of draws) if (name < other) assertUncorrelated(one, two, `${name} and ${other}`)
  }
})

test('normal draws follow the normal distribution', () => {
  const random = createRandom(4)
  const draws = take(50_000, random.normal)
  assertUniform(
    draws.map((draw) => normalCdf(draw)),
    'normal',
  )
  assertUncorrelated(draws.slice(1), draws.slice(0, -1), 'normal')
})

/** Pearson's chi-square over equal bins, turned into a z by Wilson and Hilferty. */
function assertUniform(values: readonly number[], name: string, bins = 100): void {
  const counts = new Float64Array(bins)
  for (const value of values) counts[Math.floor(value * bins)]++
  const expected = values.length / bins
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  const spread = 2 / (9 * (bins - 1))
  const z = (Math.cbrt(chiSquare / (bins - 1)) - (1 - spread)) / Math.sqrt(spread)
  assert.ok(Math.abs(z) < 4, `${name}: chi-square ${chiSquare} over ${bins} bins, z ${z}`)
}

function assertUncorrelated(one: readonly number[], two: readonly number[], name: string): void {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanOne, meanTwo] = [mean(one), mean(two)]
  const product = mean(one.map((value, i) => (value - meanOne) * (two[i] - meanTwo)))
  const variances =
    mean(one.map((value) => (value - meanOne) ** 2)) * mean(two.map((v) => (v - meanTwo) ** 2))
  const z = (product / Math.sqrt(variances)) * Math.sqrt(one.length)
  assert.ok(Math.abs(z) < 4, `${name}: z ${z}`)
}
