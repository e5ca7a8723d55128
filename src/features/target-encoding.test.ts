import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, type Random } from '../math/random.ts'
import {
  countCategories,
  encodeOutOfBlock,
  smoothedShare,
  smoothingOf,
  trainingBlocks,
} from './target-encoding.ts'

interface Case {
  readonly codes: Float64Array
  readonly labels: Uint8Array
  readonly codeCount: number
}

test('a training row is encoded as the slow way does: from the rows of other blocks, one row at a time', () => {
  const random = createRandom(1)
  for (let run = 0; run < 60; run++) {
    const { codes, labels, codeCount } = randomCase(random.fork(`${run}`), {
      rows: 1 + random.int(150),
      categories: 1 + random.int(30),
      rate: random.next(),
      missing: 0.1,
    })
    const smoothing = 1 + 50 * random.next()
    assert.deepEqual(
      fitted({ codes, labels, codeCount }, smoothing),
      slowly({ codes, labels, codeCount }, smoothing),
    )
  }
})

test('on random labels the training encoding tells nothing of the label, where the plain one does', () => {
  const rows = 20_000
  const found = randomCase(createRandom(2), { rows, categories: 4000, rate: 0.1, missing: 0 })
  const plain = plainly(found, 1)
  const outOfBlock = fitted(found, 1)
  assert.ok(
    correlation(plain, found.labels) > 0.3,
    'the plain encoding must leak, or this test proves nothing',
  )
  const chance = 3 / Math.sqrt(rows)
  assert.ok(Math.abs(correlation(outOfBlock, found.labels)) < chance)
  assert.deepEqual(outOfBlock.subarray(0, 50), slowly(found, 1, 50))
})

test('a file sorted by label does not betray it', () => {
  for (const rate of [0.002, 0.02, 0.5]) {
    const random = createRandom(3)
    const rows = 20_000
    const found = randomCase(random, { rows, categories: 300, rate, missing: 0 })
    const sorted = { ...found, labels: found.labels.toSorted() }
    assert.deepEqual([...trainingBlocks(sorted.labels).subarray(0, 3)], [0, 1, 2])
    const tells = Math.abs(correlation(fitted(sorted, 1), sorted.labels))
    assert.ok(tells < 4 / Math.sqrt(rows), `rate ${rate}: ${tells}`)
  }
})

test('blocks are runs of rows where fraud comes in bursts but all along', () => {
  const labels = Uint8Array.from({ length: 10_000 }, (_, row) => (row % 2000 < 20 ? 1 : 0))
  const blocks = trainingBlocks(labels)
  assert.deepEqual([...new Set(blocks)].length, 20)
  assert.ok(blocks.every((block, row) => row === 0 || block >= blocks[row - 1]!))
})

test('smoothing finds how far categories really differ', () => {
  // shares Beta(2, 18): prior 0.1, and m = a + b = 20
  const random = createRandom(4)
  const share = Float64Array.from({ length: 3000 }, () => beta(random, 2, 18))
  const codes = Float64Array.from({ length: 150_000 }, () => random.int(3000))
  const labels = Uint8Array.from(codes, (code) => (random.next() < share[code]! ? 1 : 0))
  const smoothing = smoothingOf(countCategories(codes, labels, 3001), 0.1)
  assert.ok(smoothing > 17 && smoothing < 23, String(smoothing))
})

test('smoothing is all prior where categories do not differ, with one row each and with one class', () => {
  const alternating = Uint8Array.from({ length: 1000 }, (_, row) => row % 2)
  const oneCategory = countCategories(new Float64Array(1000), alternating, 2)
  assert.equal(smoothingOf(oneCategory, 0.5), 1e6)
  const oneRowEach = countCategories(Float64Array.of(0, 1, 2), Uint8Array.of(1, 0, 0), 4)
  assert.equal(smoothingOf(oneRowEach, 1 / 3), 1e6)
  const oneClass = countCategories(Float64Array.of(0, 0, 1, 1), new Uint8Array(4), 3)
  assert.equal(smoothingOf(oneClass, 0), 1e6)
})

function fitted({ codes, labels, codeCount }: Case, smoothing: number): Float32Array {
  const counts = countCategories(codes, labels, codeCount)
  const blocks = trainingBlocks(labels)
  return encodeOutOfBlock({ codes, labels, blocks, counts, prior: shareOf(labels), smoothing })
}

/** The first rows' encodings by the definition; all rows unless told. */
function slowly({ codes, labels }: Case, smoothing: number, rows = codes.length): Float32Array {
  const blocks = trainingBlocks(labels)
  const prior = shareOf(labels)
  return Float32Array.from(codes.subarray(0, rows), (code, row) => {
    const others = [...codes.keys()].filter((other) => codes[other] === code && blocks[other] !== blocks[row])
    const positives = others.reduce((sum, other) => sum + labels[other]!, 0)
    return Number.isNaN(code) ? NaN : smoothedShare(others.length, positives, prior, smoothing)
  })
}

function plainly({ codes, labels, codeCount }: Case, smoothing: number): Float32Array {
  const { rows, positives } = countCategories(codes, labels, codeCount)
  const prior = shareOf(labels)
  return Float32Array.from(codes, (code) => smoothedShare(rows[code]!, positives[code]!, prior, smoothing))
}

function randomCase(
  random: Random,
  shape: { rows: number; categories: number; rate: number; missing: number },
): Case {
  const codes = Float64Array.from({ length: shape.rows }, () =>
    random.next() < shape.missing ? NaN : random.int(shape.categories),
  )
  const labels = Uint8Array.from(codes, () => (random.next() < shape.rate ? 1 : 0))
  return { codes, labels, codeCount: shape.categories + 1 }
}

function shareOf(labels: Uint8Array): number {
  return labels.reduce((sum, label) => sum + label, 0) / labels.length
}

function correlation(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  const centred = (values: ArrayLike<number>): Float64Array => {
    const all = Float64Array.from(values)
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length
    return all.map((value) => value - mean)
  }
  const x = centred(xs)
  const y = centred(ys)
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0)
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}

/** Beta(a, b) for whole a and b: a share of sums of exponentials. */
function beta(random: Random, a: number, b: number): number {
  const gamma = (shape: number): number =>
    Array.from({ length: shape }, () => -Math.log(1 - random.next())).reduce((sum, value) => sum + value, 0)
  const x = gamma(a)
  return x / (x + gamma(b))
}
