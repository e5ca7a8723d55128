// Against the slow twin, bit for bit, over trees of many shapes and more rows than one thread takes.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { plainMargin } from '../prediction/plain-forest.fixture.ts'
import { randomRow, randomTree } from '../prediction/random-trees.fixture.ts'
import { RowMargins } from './row-margins.ts'

const random = createRandom(1)
const treeOf = (leaves: number, columns: number) =>
  randomTree(random, { leaves, columns, categorical: 0.1, isChain: leaves % 2 === 0 })

test('adds one tree after another, small after large, as the slow twin does', () => {
  for (const [rowCount, columnCount] of [
    [1, 1],
    [7, 2],
    [8, 3],
    [9, 1],
    [500, 40],
  ]) {
    const rows = Array.from({ length: rowCount }, () => randomRow(random, columnCount))
    const x = { rowCount, columnCount, values: Float32Array.from(rows.flat()) }
    const kept = new RowMargins(x, 0.25)
    const trees = [1, 2, 7, 40, 3, 5000, 2].map((leaves) => treeOf(leaves, columnCount))
    trees.forEach((tree, t) => {
      kept.addTree(tree)
      const sofar = { trees: trees.slice(0, t + 1), baseMargin: 0.25 }
      assert.deepEqual(
        [...kept.margins],
        rows.map((row) => plainMargin(sofar, row)),
      )
    })
  }
})

test('gives many rows the same margins on all cores as on one', () => {
  const [rowCount, columnCount] = [150_001, 3]
  const values = Float32Array.from({ length: rowCount * columnCount }, () => random.normal())
  const x = { rowCount, columnCount, values }
  const [one, all] = [new RowMargins(x, 0, 1), new RowMargins(x, 0)]
  for (let t = 0; t < 30; t++) {
    const tree = treeOf(20, columnCount)
    one.addTree(tree)
    all.addTree(tree)
  }
  assert.deepEqual(all.margins, one.margins)
})
