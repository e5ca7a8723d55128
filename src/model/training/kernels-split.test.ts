// The search for splits against a slow one that is written to be read, over seeded histograms: equal to the last bit.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, type Random } from '../../math/random.ts'
import { createWorkbench } from '../threads/kernel-memory.fixture.ts'
import { leafGain, leafGainAt, type Regularization } from './leaf-weight.ts'
import type { NodeStats, Split } from './node-table.ts'
import { type PlainColumn, plainBestSplit, plus, type Search, type Sums } from './plain-split.fixture.ts'
import { boundedWeight } from './split-node.ts'

const bench = createWorkbench(2 ** 20)

interface Case extends Search {
  readonly columns: readonly PlainColumn[]
  /** Slots of a column: as many as it has, or more. */
  readonly slots: number
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.int(choices.length)]
}

/** Runs the kernel on the columns, with numbers that must not count in every slot around them. */
function search({ columns, node, by, isBounded, slots }: Case, before?: Partial<Split>): Split {
  bench.clear()
  const { float32, int32, float64 } = bench
  const width = columns.map(({ bins }) => Math.max(slots, bins.length + 1))
  const offsets = width.map((_, f) => 5 + width.slice(0, f).reduce((sum, size) => sum + size, 0))
  const total = offsets[offsets.length - 1] + width[width.length - 1] + 8
  const histogram = bench.take(16 * total)
  for (let i = 0; i < 2 * total; i++)
    float64[histogram / 8 + i] = [1e9, -1e9, Number.NaN, Infinity][(i >> 1) % 4]
  columns.forEach(({ bins }, f) => {
    const sums = bins.flatMap(({ gradient, hessian }) => [gradient, hessian])
    float64.set(sums, histogram / 8 + 2 * offsets[f])
  })
  const records = columns.flatMap(({ bins, hasMissing, monotone }, f) => [
    offsets[f] + 100,
    bins.length,
    Number(hasMissing),
    monotone,
  ])
  const stats = bench.take(28)
  float64.set([node.gradient, node.hessian], stats / 8)
  float32.set([node.gain, node.lowerBound, node.upperBound], stats / 4 + 4)
  const best = bench.take(48)
  float32[best / 4] = before?.gain ?? 0
  int32[best / 4 + 1] = before?.feature ?? -1
  const rules = Float32Array.of(by.lambda, by.alpha, by.maxDeltaStep, by.minChildWeight)
  bench.kernels.findBestSplit(
    best,
    histogram,
    100,
    bench.put(Int32Array.from(columns, (_, f) => f)),
    columns.length,
    bench.put(Int32Array.from(records)),
    stats,
    bench.put(rules),
    isBounded,
  )
  const [leftGradient, leftHessian, rightGradient, rightHessian] = float64.slice(best / 8 + 2, best / 8 + 6)
  const [feature, bin, missingLeft] = int32.slice(best / 4 + 1, best / 4 + 4)
  const gain = float32[best / 4]
  return {
    ...{ gain, feature, bin, missingLeft: missingLeft === 1 },
    ...{ leftGradient, leftHessian, rightGradient, rightHessian },
  }
}

function randomColumn(
  random: Random,
  feature: number,
  isExact: boolean,
): { column: PlainColumn; missing: Sums } {
  const sums = (): Sums => {
    if (random.int(4) === 0) return { gradient: 0, hessian: 0 }
    if (!isExact) return { gradient: random.normal(), hessian: random.next() }
    return { gradient: (random.int(65) - 32) / 8, hessian: (1 + random.int(16)) / 8 }
  }
  const binCount = random.int(20) === 0 ? 255 + random.int(2) : 1 + random.int(13)
  const bins = Array.from({ length: binCount }, sums)
  const hasMissing = random.int(2) === 0
  const missing = hasMissing ? sums() : { gradient: 0, hessian: 0 }
  return { column: { feature, bins, hasMissing, monotone: pick(random, [0, 0, 1, -1]) }, missing }
}

/** Sums of the first column are the node's; in half of the cases multiples of 1/8, so that gains tie. */
function randomCase(random: Random): Case {
  const isExact = random.int(2) === 0
  const drawn = Array.from({ length: 1 + random.int(4) }, (_, f) => randomColumn(random, f, isExact))
  const columns = drawn.map(({ column }, f) =>
    f > 0 && random.int(4) === 0 ? { ...drawn[f - 1].column, feature: f } : column,
  )
  const by: Regularization = {
    lambda: pick(random, [0, 0.5, 1, Math.fround(0.1)]),
    alpha: pick(random, [0, 0, 0.5]),
    maxDeltaStep: pick(random, [0, 0, 0.25]),
    minChildWeight: pick(random, [0, 0.125, 1, 4]),
  }
  const isBounded = random.int(2) === 0
  const isWithin = isBounded && random.int(2) === 0
  const bounds = { lowerBound: isWithin ? -0.5 : -Infinity, upperBound: isWithin ? 0.25 : Infinity }
  const sums = [...drawn[0].column.bins, drawn[0].missing].reduce(plus, { gradient: 0, hessian: 0 })
  const weight = boundedWeight(sums.gradient, sums.hessian, bounds, by)
  const gain = isBounded
    ? leafGainAt(weight, sums.gradient, sums.hessian, by)
    : leafGain(sums.gradient, sums.hessian, by)
  const node: NodeStats = { ...sums, gain, ...bounds }
  return { columns, node, by, isBounded, slots: pick(random, [0, 256]) }
}

test('finds the split that a slow search over all bins and both directions finds', () => {
  const random = createRandom(11)
  const seen = { none: 0, right: 0, left: 0, onlyMissing: 0, constrained: 0, free: 0, tied: 0, later: 0 }
  const lanes = [0, 0, 0, 0]
  let lastOfColumn = 0
  for (let round = 0; round < 12_000; round++) {
    const one = randomCase(random)
    const expected = plainBestSplit(one.columns, one)
    const best = search(one)
    if (expected === undefined) {
      assert.equal(best.feature, -1)
      assert.equal(best.gain, 0)
      seen.none++
      continue
    }
    assert.deepEqual(best, expected)
    const { bins, monotone } = one.columns[best.feature]
    const step = best.missingLeft ? bins.length - 2 - best.bin : best.bin
    seen[best.missingLeft ? 'left' : 'right']++
    seen.onlyMissing += Number(best.bin === -1 || best.bin === bins.length - 1)
    seen.constrained += Number(one.isBounded && monotone !== 0)
    seen.free += Number(!one.isBounded)
    seen.later += Number(best.feature > 0)
    const others = one.columns.filter((_, f) => f !== best.feature)
    seen.tied += Number(plainBestSplit(others, one)?.gain === best.gain)
    lanes[step % 4]++
    lastOfColumn += Number(step === bins.length - 1)
  }
  for (const [outcome, count] of Object.entries(seen)) assert.ok(count > 400, `${outcome}: ${count}`)
  for (const count of lanes) assert.ok(count > 700, `${lanes}`)
  assert.ok(lastOfColumn > 100, `${lastOfColumn}`)
})

test('keeps what it has unless a column gains more', () => {
  const random = createRandom(12)
  const counts = { kept: 0, replaced: 0 }
  for (let round = 0; round < 1500; round++) {
    const one = randomCase(random)
    const gain = plainBestSplit(one.columns, one)?.gain ?? 0
    const before = { gain: Math.fround(gain * pick(random, [0.5, 1, 2])), feature: 9 }
    const isKept = before.gain >= gain
    assert.equal(search(one, before).feature === 9, isKept)
    counts[isKept ? 'kept' : 'replaced']++
  }
  assert.ok(counts.kept > 100 && counts.replaced > 100, JSON.stringify(counts))
})

test('takes a side without hessians for one that gains nothing, whatever rounding left of its gradients', () => {
  const by = { lambda: 0, alpha: 0, maxDeltaStep: 0, minChildWeight: 0 }
  const bins = [
    { gradient: -1, hessian: 0.5 },
    { gradient: 1, hessian: 0.5 },
  ]
  // the node's sum of gradients differs from that of its bins, its sum of hessians does not
  const node = { gradient: 2 ** -54, hessian: 1, gain: 0, lowerBound: -Infinity, upperBound: Infinity }
  for (const isBounded of [false, true]) {
    const columns = [{ feature: 0, bins, hasMissing: true, monotone: 0 }]
    const best = search({ columns, node, by, isBounded, slots: 256 })
    assert.deepEqual([best.gain, best.bin, best.missingLeft], [4, 0, false])
  }
})
