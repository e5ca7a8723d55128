// What a split does to rows, against filters and loops over plain lists.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, type Random } from '../../math/random.ts'
import { createWorkbench } from '../threads/kernel-memory.fixture.ts'
import { NODE_BYTES, NodeTable } from './node-table.ts'

const bench = createWorkbench(2 ** 20)
const { kernels, int32, float32, float64 } = bench

function randomSubset(random: Random, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row).filter(() => random.next() < 0.7)
}

for (const isWide of [false, true]) {
  test(`parts rows as two filters do, each side in its old order, codes of ${isWide ? 16 : 8} bits`, () => {
    const random = createRandom(3)
    const seen = { both: 0, allLeft: 0, allRight: 0, missingLeft: 0, missingRight: 0, inPlace: 0 }
    for (let round = 0; round < 2000; round++) {
      bench.clear()
      const rowCount = 1 + random.int(60)
      const bins = 1 + random.int(isWide ? 65_535 : 255)
      const codes = Uint16Array.from({ length: rowCount }, () =>
        random.int(4) === 0 ? bins : random.int(bins),
      )
      const rows = randomSubset(random, rowCount)
      const bin = random.int(bins + 1) - 1
      const isMissingLeft = random.int(2) === 0
      const isInPlace = random.int(2) === 0
      const goesLeft = (row: number): boolean => (codes[row] === bins ? isMissingLeft : codes[row] <= bin)

      const codesAt = bench.put(isWide ? codes : Uint8Array.from(codes))
      const rowsAt = bench.put(rows)
      const left = isInPlace ? rowsAt : bench.take(4 * rows.length + 4)
      const right = bench.take(4 * rows.length + 4)
      const partition = isWide ? kernels.partitionWideRows : kernels.partitionRows
      const count = partition(rowsAt, rows.length, left, right, codesAt, bin, isMissingLeft ? bins : -1)

      const expected = rows.filter(goesLeft)
      const others = rows.filter((row) => !goesLeft(row))
      assert.equal(count, expected.length)
      assert.deepEqual(int32.slice(left / 4, left / 4 + count), expected)
      assert.deepEqual(int32.slice(right / 4, right / 4 + others.length), others)
      if (expected.length > 0 && others.length > 0) seen.both++
      else seen[others.length === 0 ? 'allLeft' : 'allRight']++
      if (rows.some((row) => codes[row] === bins)) seen[isMissingLeft ? 'missingLeft' : 'missingRight']++
      seen.inPlace += Number(isInPlace)
    }
    for (const [outcome, count] of Object.entries(seen)) assert.ok(count > 50, `${outcome}: ${count}`)
  })

  test(`adds to each row the leaf that a slow walk finds, codes of ${isWide ? 16 : 8} bits`, () => {
    const random = createRandom(4)
    let moved = 0
    for (let round = 0; round < 300; round++) {
      bench.clear()
      const columns = 1 + random.int(9)
      const rowCount = 1 + random.int(40)
      const bins = isWide ? 500 : 200
      const codes = Uint16Array.from({ length: rowCount * columns }, () => random.int(bins + 1))
      const { table, nodes } = randomTable(random, columns, bins)
      const rows = randomSubset(random, rowCount)
      const margins = Float32Array.from({ length: rowCount }, () => random.normal())
      const marginsAt = bench.put(margins)
      const codesAt = bench.put(isWide ? codes : Uint8Array.from(codes))
      kernels.addLeaves(marginsAt, bench.put(rows), rows.length, codesAt, columns, nodes, isWide)
      for (const row of rows) {
        let node = 0
        while (table.left(node) >= 0) {
          const code = codes[row * columns + table.feature(node)]
          const isLeft = code === bins ? table.missingLeft(node) : code <= table.bin(node)
          node = table.left(node) + (isLeft ? 0 : 1)
        }
        margins[row] += table.value(node)
        moved += Number(node > 0)
      }
      assert.deepEqual(float32.slice(marginsAt / 4, marginsAt / 4 + rowCount), margins)
    }
    assert.ok(moved > 1000)
  })
}

/** A tree of random splits in the node table. */
function randomTable(random: Random, columns: number, bins: number): { table: NodeTable; nodes: number } {
  const leaves = 1 + random.int(20)
  const nodes = bench.take(2 * leaves * NODE_BYTES)
  const table = new NodeTable(bench, nodes)
  const leaf = (node: number): void => {
    const stats = { gradient: 0, hessian: 0, gain: 0, lowerBound: 0, upperBound: 0 }
    table.addLeaf(node, stats, { depth: 0, begin: 0, end: 0, key: 0 }, random.normal())
  }
  leaf(0)
  const open = [0]
  for (let count = 1; count < 2 * leaves - 1; count += 2) {
    const [node] = open.splice(random.int(open.length), 1)
    int32[table.splitAddress(node) / 4 + 1] = random.int(columns)
    int32[table.splitAddress(node) / 4 + 2] = random.int(bins + 1) - 1
    table.setChildren(node, count, { missing: random.int(2) === 0 ? bins : -1, baseWeight: 0 })
    leaf(count)
    leaf(count + 1)
    open.push(count, count + 1)
  }
  return { table, nodes }
}

test("adds a leaf's value to the margins of its rows, rounded to float32", () => {
  const margins = Float32Array.of(0.1, 0.2, 0.3, 0.4)
  const at = bench.put(margins)
  kernels.addLeaf(at, bench.put(Int32Array.of(3, 1)), 2, 0.7)
  const expected = [margins[0], Math.fround(margins[1] + Math.fround(0.7)), margins[2]]
  expected.push(Math.fround(margins[3] + Math.fround(0.7)))
  assert.deepEqual([...float32.slice(at / 4, at / 4 + 4)], expected)
})

test('sums gradients and hessians of some rows in their order', () => {
  const random = createRandom(5)
  for (let round = 0; round < 200; round++) {
    bench.clear()
    const gradients = Float32Array.from({ length: 120 }, () => random.normal())
    const rows = randomSubset(random, 60)
    const sums = bench.take(16)
    kernels.sumGradients(sums, bench.put(gradients), bench.put(rows), rows.length)
    const total = (offset: number): number => rows.reduce((sum, row) => sum + gradients[2 * row + offset], 0)
    assert.deepEqual([...float64.slice(sums / 8, sums / 8 + 2)], [total(0), total(1)])
  }
})

test('copies bytes', () => {
  const from = bench.put(Uint8Array.of(1, 2, 3, 4, 5))
  const to = bench.put(new Uint8Array(6))
  kernels.copy(to, from, 4)
  assert.deepEqual([...bench.bytes.slice(to, to + 6)], [1, 2, 3, 4, 0, 0])
})
