import assert from 'node:assert/strict'
import test from 'node:test'
import { confusionMatrix, createRandom, isNoAnswer, nextAbove, type Random } from '../math/index.ts'
import {
  findOptimalThreshold,
  type OptimalThreshold,
  type OptimalThresholdOptions,
  type ThresholdCost,
} from './find-optimal-threshold.ts'

interface Rows {
  yTrue: number[]
  yProb: number[]
}

function found({ yTrue, yProb }: Rows, options?: OptimalThresholdOptions): OptimalThreshold {
  const optimum = findOptimalThreshold(yTrue, yProb, options)
  assert.ok(!isNoAnswer(optimum))
  return optimum
}

/** The slow twin: a confusion matrix at every distinct score and above the highest, ascending. */
function everyThreshold({ yTrue, yProb }: Rows, prices = { fnCost: 100, fpCost: 1 }): ThresholdCost[] {
  const scores = [...new Set(yProb)].sort((a, b) => a - b)
  return [...scores, nextAbove(Math.max(...scores))].map((threshold) => {
    const { fn, fp } = confusionMatrix(yTrue, yProb, threshold)
    return { threshold, cost: fn * prices.fnCost + fp * prices.fpCost }
  })
}

function randomRows(random: Random, { rows, levels }: { rows: number; levels: number }): Rows {
  const yTrue = Array.from({ length: rows }, () => Number(random.next() < 0.2))
  const yProb = yTrue.map((label) => Math.floor(((random.next() + label * 0.4) / 1.4) * levels) / levels)
  return { yTrue, yProb }
}

test('equals a confusion matrix at every threshold: optimum, ties and whole curve', () => {
  const random = createRandom(1)
  let ties = 0
  for (let round = 0; round < 300; round++) {
    const rows = randomRows(random, { rows: 1 + random.int(80), levels: [3, 20, 1e9][round % 3] })
    const prices = { fnCost: [100, 1, 3][random.int(3)], fpCost: [1, 2, 0][random.int(3)] }
    const curve = everyThreshold(rows, prices)
    const cost = Math.min(...curve.map((point) => point.cost))
    const best = curve.filter((point) => point.cost === cost)
    if (best.length > 1) ties++
    // the highest of equally cheap thresholds
    assert.deepEqual(found(rows, prices), { ...best.at(-1), curve })
  }
  assert.ok(ties > 30)
})

test('is never dearer than the grid of the specification', () => {
  const random = createRandom(2)
  let cheaper = 0
  for (let round = 0; round < 100; round++) {
    const rows = randomRows(random, { rows: 200, levels: 1e9 })
    const grid = Array.from({ length: 90 }, (_, i) => {
      const { fn, fp } = confusionMatrix(rows.yTrue, rows.yProb, 0.05 + i * 0.01)
      return fn * 100 + fp
    })
    const { cost } = found(rows)
    assert.ok(cost <= Math.min(...grid))
    if (cost < Math.min(...grid)) cheaper++
  }
  assert.ok(cheaper > 50)
})

test('flags no row when alarms cost more than they save, and then the threshold is above every score', () => {
  const { threshold, cost } = found({ yTrue: [0, 0, 1], yProb: [0.2, 0.9, 0.5] }, { fnCost: 1, fpCost: 10 })
  assert.equal(threshold, nextAbove(0.9))
  assert.equal(cost, 1)
})

test('rows of one class have an answer: flag none, or all', () => {
  assert.deepEqual(found({ yTrue: [0, 0], yProb: [0.3, 0.6] }).threshold, nextAbove(0.6))
  const all = found({ yTrue: [1, 1], yProb: [0.3, 0.6] })
  assert.deepEqual([all.threshold, all.cost], [0.3, 0])
})

test('constant scores leave two choices', () => {
  const { curve, threshold } = found({ yTrue: [0, 0, 1], yProb: [0.5, 0.5, 0.5] })
  assert.deepEqual(curve, [
    { threshold: 0.5, cost: 2 },
    { threshold: nextAbove(0.5), cost: 100 },
  ])
  assert.equal(threshold, 0.5)
})

test('a thinned curve keeps exact points, both ends and the optimum, in even steps', () => {
  const rows = randomRows(createRandom(3), { rows: 5000, levels: 1e9 })
  const all = everyThreshold(rows)
  for (const curvePoints of [4, 10, 1000]) {
    const { curve, threshold, cost } = found(rows, { curvePoints })
    assert.ok(curve.length <= curvePoints)
    assert.ok(curve.length >= 0.7 * (curvePoints - 2))
    assert.deepEqual([curve[0], curve.at(-1)], [all[0], all.at(-1)])
    assert.ok(curve.some((point) => point.threshold === threshold && point.cost === cost))
    const costs = new Map(all.map((point) => [point.threshold, point.cost]))
    for (const [i, point] of curve.entries()) {
      assert.equal(costs.get(point.threshold), point.cost)
      if (i > 0) assert.ok(point.threshold > curve[i - 1].threshold)
    }
  }
  assert.equal(found(rows, { curvePoints: Infinity }).curve.length, all.length)
})

test('survives JSON', () => {
  const optimum = found(randomRows(createRandom(4), { rows: 50, levels: 1e9 }))
  assert.deepEqual(JSON.parse(JSON.stringify(optimum)), optimum)
})

test('no rows have no answer, wrong input is refused', () => {
  assert.deepEqual(findOptimalThreshold([], []), { status: 'undefined', reason: 'NO_ROWS' })
  assert.throws(() => findOptimalThreshold([0, 3], [0, 0]), { code: 'SCORES_INVALID' })
  for (const wrong of [{ fnCost: -1 }, { fpCost: Number.NaN }, { curvePoints: 3 }]) {
    assert.throws(() => findOptimalThreshold([0, 1], [0, 1], wrong), { code: 'PARAM_INVALID' })
  }
})
