// get_score itself is checked on golden files in xgboost-model.test.ts.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import { randomRows } from './data.fixture.ts'
import { importanceOf } from './importance.ts'
import { trainBooster } from './training/train-booster.ts'

const { x, y } = randomRows(createRandom(1), { rows: 500, columns: 5 })
const { trees } = trainBooster({ nEstimators: 8 }, { x, y })
const names = ['a', 'b', 'c', 'd', '__proto__']

test('counts splits, and relates means to totals', () => {
  const weight = importanceOf(trees, names, 'weight')
  const splits = trees.reduce((sum, tree) => sum + tree.left.filter((left) => left >= 0).length, 0)
  assert.equal(
    Object.values(weight).reduce((sum, count) => sum + count, 0),
    splits,
  )
  for (const kind of ['gain', 'cover'] as const) {
    const mean = importanceOf(trees, names, kind)
    const total = importanceOf(trees, names, `total_${kind}`)
    for (const name of Object.keys(weight)) assert.equal(mean[name], Math.fround(total[name] / weight[name]))
  }
})

test('leaves out features that split nothing, and takes any name for a name', () => {
  const used = Object.keys(importanceOf(trees, names, 'gain'))
  assert.ok(used.includes('__proto__'))
  assert.deepEqual(importanceOf([], names, 'gain'), {})
  assert.deepEqual(Object.keys(importanceOf(trees, [...names, 'unused'], 'gain')), used)
})
