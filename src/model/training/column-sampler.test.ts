import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { sampleColumns } from './column-sampler.ts'

const ALL = { colsampleBytree: 1, colsampleBylevel: 1, colsampleBynode: 1 }

test('draws nothing and gives all columns when every share is 1', () => {
  const random = createRandom(1)
  assert.deepEqual([...sampleColumns(3, ALL, random).forNode(4, 9)], [0, 1, 2])
  assert.equal(random.next(), createRandom(1).next())
})

test('takes the share rounded down, at least one, ascending and without repeats', () => {
  for (const [share, count] of [
    [0.5, 5],
    [0.59, 5],
    [0.01, 1],
  ]) {
    const drawn = [...sampleColumns(10, { ...ALL, colsampleBytree: share }, createRandom(2)).forNode(0, 0)]
    assert.equal(drawn.length, count)
    assert.deepEqual(
      drawn,
      [...new Set(drawn)].sort((a, b) => a - b),
    )
  }
})

test('nests levels in the tree and nodes in the level; a level is drawn once', () => {
  const shares = { colsampleBytree: 0.8, colsampleBylevel: 0.5, colsampleBynode: 0.5 }
  const columns = sampleColumns(40, shares, createRandom(3))
  const ofLevel = new Map<number, Set<number>>()
  const ofTree = new Set<number>()
  for (let i = 0; i < 300; i++) {
    const depth = i % 3
    const node = columns.forNode(depth, i)
    assert.equal(node.length, 8)
    const level = ofLevel.get(depth) ?? new Set()
    for (const f of node) ofTree.add(f) && level.add(f)
    ofLevel.set(depth, level)
  }
  assert.ok(ofTree.size <= 32 && ofTree.size > 16)
  for (const level of ofLevel.values()) assert.equal(level.size, 16)
})

test('gives a node the same columns whatever was asked before, and its neighbours others', () => {
  const shares = { colsampleBytree: 0.8, colsampleBylevel: 0.5, colsampleBynode: 0.5 }
  const nodes = Array.from({ length: 60 }, (_, key) => [Math.floor(Math.log2(key + 1)), key] as const)
  const forwards = sampleColumns(40, shares, createRandom(5))
  const backwards = sampleColumns(40, shares, createRandom(5))
  const one = nodes.map(([depth, key]) => String(forwards.forNode(depth, key)))
  const other = nodes.toReversed().map(([depth, key]) => String(backwards.forNode(depth, key)))
  assert.deepEqual(one, other.reverse())
  assert.ok(new Set(one).size > 50)
})

test('takes every column equally often', () => {
  const random = createRandom(4)
  const counts = new Float64Array(5)
  for (let i = 0; i < 5000; i++) {
    const shares = { ...ALL, colsampleBytree: 0.4 }
    for (const f of sampleColumns(5, shares, random.fork(`${i}`)).forNode(0, 0)) counts[f]++
  }
  for (const count of counts) assert.ok(Math.abs(count - 2000) < 150, `${count}`)
})
