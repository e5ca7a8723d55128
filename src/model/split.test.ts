// The kernel against a slow search that is written to be read, over seeded histograms.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, type Random } from '../math/random.ts'
import { leafGain, leafGainAt, leafWeight, type Regularization } from './leaf-weight.ts'
import { boundedWeight, findBestSplit, type NodeStats, noSplit, type SplitColumn } from './split.ts'

interface Sums {
  readonly gradient: number
  readonly hessian: number
}

interface Found {
  readonly gain: number
  readonly bin: number
  readonly missingLeft: boolean
}

interface Case {
  readonly bins: readonly Sums[]
  readonly missing: Sums
  readonly monotone: number
  readonly by: Regularization
  readonly node: NodeStats
  readonly unbounded: boolean
}

const add = (a: Sums, b: Sums): Sums => ({
  gradient: a.gradient + b.gradient,
  hessian: a.hessian + b.hessian,
})
const total = (parts: readonly Sums[]): Sums => parts.reduce(add, { gradient: 0, hessian: 0 })

/** Every bin as the last on the left, missing rows on either side; the first of the best by XGBoost's order. */
function slowSearch({ bins, missing, monotone, by, node, unbounded }: Case): Found | undefined {
  const gainOf = (left: Sums, right: Sums): number => {
    if (left.hessian < by.minChildWeight || right.hessian < by.minChildWeight) return -Infinity
    const leftWeight = boundedWeight(left.gradient, left.hessian, node, by)
    const rightWeight = boundedWeight(right.gradient, right.hessian, node, by)
    if (monotone * (rightWeight - leftWeight) < 0) return -Infinity
    const gain = (sums: Sums, weight: number): number =>
      unbounded
        ? leafGain(sums.gradient, sums.hessian, by)
        : leafGainAt(weight, sums.gradient, sums.hessian, by)
    return Math.fround(Math.fround(gain(left, leftWeight) + gain(right, rightWeight)) - node.gain)
  }
  const tries: Found[] = []
  for (let bin = 0; bin < bins.length; bin++) {
    const left = total(bins.slice(0, bin + 1))
    const right = add(total(bins.slice(bin + 1)), missing)
    tries.push({ gain: gainOf(left, right), bin, missingLeft: false })
  }
  if (missing.hessian > 0) {
    for (let bin = bins.length - 2; bin >= -1; bin--) {
      const left = add(total(bins.slice(0, bin + 1)), missing)
      tries.push({ gain: gainOf(left, total(bins.slice(bin + 1))), bin, missingLeft: true })
    }
  }
  const best = tries.reduce((winner, tried) => (tried.gain > winner.gain ? tried : winner))
  return best.gain > 0 ? best : undefined
}

/** Sums are multiples of 1/8, so that no order of adding them rounds. */
function randomCase(random: Random): Case {
  const sums = (): Sums => {
    const hessian = random.int(4) === 0 ? 0 : (1 + random.int(16)) / 8
    return { gradient: hessian === 0 ? 0 : (random.int(65) - 32) / 8, hessian }
  }
  const by = {
    lambda: random.int(3) / 2,
    alpha: random.int(3) === 0 ? 0.5 : 0,
    maxDeltaStep: random.int(4) === 0 ? 0.25 : 0,
    minChildWeight: [0.125, 1, 4][random.int(3)],
  }
  const bins = Array.from({ length: 1 + random.int(8) }, sums)
  const missing = random.int(2) === 0 ? sums() : { gradient: 0, hessian: 0 }
  const monotone = [0, 0, 1, -1][random.int(4)]
  const isBounded = monotone !== 0 && random.int(2) === 0
  const bounds = { lowerBound: isBounded ? -0.5 : -Infinity, upperBound: isBounded ? 0.25 : Infinity }
  const unbounded = monotone === 0 && by.maxDeltaStep === 0
  const all = add(total(bins), missing)
  const weight = boundedWeight(all.gradient, all.hessian, bounds, by)
  const gain = unbounded
    ? leafGain(all.gradient, all.hessian, by)
    : leafGainAt(weight, all.gradient, all.hessian, by)
  return { bins, missing, monotone, by, node: { ...all, gain, ...bounds }, unbounded }
}

function fastSearch({ bins, missing, monotone, by, node, unbounded }: Case, firstSlot: number) {
  const slots = [
    ...Array.from({ length: firstSlot }, () => ({ gradient: 99, hessian: 99 })),
    ...bins,
    missing,
  ]
  const histogram = Float64Array.from(slots.flatMap(({ gradient, hessian }) => [gradient, hessian]))
  const hasMissing = missing.hessian > 0
  const column: SplitColumn = { feature: 7, firstSlot, binCount: bins.length, hasMissing, monotone }
  const best = noSplit()
  findBestSplit(best, histogram, column, node, by, unbounded)
  return best
}

test('finds the split that a slow search over all bins and both directions finds', () => {
  const random = createRandom(11)
  const counts = { none: 0, right: 0, left: 0, presentFromMissing: 0, constrained: 0, bounded: 0 }
  for (let round = 0; round < 6000; round++) {
    const one = randomCase(random)
    const expected = slowSearch(one)
    const best = fastSearch(one, random.int(3))
    if (expected === undefined) {
      assert.equal(best.feature, -1)
      counts.none++
      continue
    }
    assert.equal(best.feature, 7)
    assert.deepEqual({ gain: best.gain, bin: best.bin, missingLeft: best.missingLeft }, expected)
    const left = total([...one.bins.slice(0, best.bin + 1), ...(best.missingLeft ? [one.missing] : [])])
    assert.deepEqual({ gradient: best.leftGradient, hessian: best.leftHessian }, left)
    assert.equal(best.rightHessian, one.node.hessian - left.hessian)
    assert.equal(best.rightGradient, one.node.gradient - left.gradient)
    counts[best.missingLeft ? 'left' : 'right']++
    if (best.bin === -1 || best.bin === one.bins.length - 1) counts.presentFromMissing++
    if (one.monotone !== 0) counts.constrained++
    if (!one.unbounded) counts.bounded++
  }
  for (const [outcome, count] of Object.entries(counts)) assert.ok(count > 100, `${outcome}: ${count}`)
})

test('keeps what it has unless a column gains more', () => {
  const one = randomCase(createRandom(12))
  const best = { ...noSplit(), gain: 1e9, feature: 2 }
  const column = { feature: 7, firstSlot: 0, binCount: one.bins.length, hasMissing: false, monotone: 0 }
  const histogram = Float64Array.from([...one.bins, one.missing].flatMap((s) => [s.gradient, s.hessian]))
  findBestSplit(best, histogram, column, one.node, one.by, one.unbounded)
  assert.equal(best.feature, 2)
})

test('weighs a leaf so that no other weight loses less', () => {
  const random = createRandom(13)
  for (let round = 0; round < 500; round++) {
    const by = { lambda: random.next(), alpha: random.next(), maxDeltaStep: random.int(2), minChildWeight: 0 }
    const gradient = random.normal() * 5
    const hessian = 0.1 + random.next()
    const loss = (w: number): number =>
      gradient * w + 0.5 * (hessian + by.lambda) * w * w + by.alpha * Math.abs(w)
    const weight = leafWeight(gradient, hessian, by)
    const bound = by.maxDeltaStep === 0 ? Infinity : by.maxDeltaStep
    assert.ok(Math.abs(weight) <= bound)
    for (const other of [weight - 0.01, weight + 0.01, 0]) {
      if (Math.abs(other) <= bound) assert.ok(loss(weight) <= loss(other) + 1e-6)
    }
  }
})

test('gives a leaf that is too light, or empty, no weight', () => {
  const by = { lambda: 0, alpha: 0, maxDeltaStep: 0, minChildWeight: 1 }
  assert.equal(leafWeight(-3, 0.5, by), 0)
  assert.equal(leafWeight(0, 0, { ...by, minChildWeight: 0 }), 0)
  assert.equal(leafGain(0, 0, by), 0)
  assert.equal(leafGainAt(1, 0, 0, by), 0)
})
