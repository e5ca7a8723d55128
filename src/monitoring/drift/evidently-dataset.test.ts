import assert from 'node:assert/strict'
import test from 'node:test'
import { cellOf, type Table, tableRows } from '../../data/table.ts'
import { createRandom } from '../../math/index.ts'
import { numberColumn, tableOf, textColumn } from '../profile/table.fixture.ts'
import { histogram, sturgesEdges } from './evidently-bins.ts'
import { type DatasetCounts, datasetCounts } from './evidently-dataset.ts'

/** The definitions read aloud: every cell as JSON has it, every pair of rows and of columns looked at. */
function readAloud(table: Table): DatasetCounts {
  const rows = [...tableRows(table)].map((row) => Object.values(row))
  const columns = table.columns.map((column) => rows.map((_, row) => cellOf(column, row)))
  const typeOf = (i: number): string => {
    const { kind } = table.columns[i]!
    const isWhole = kind === 'number' && columns[i]!.every(Number.isInteger)
    return `${kind} ${isWhole} ${kind === 'boolean' && columns[i]!.includes(null)}`
  }
  const pairs = columns.flatMap((a, i) =>
    columns.slice(i + 1).flatMap((b, j) => (typeOf(i) === typeOf(i + j + 1) ? [[a, b] as const] : [])),
  )
  const shareOfEqual = ([a, b]: (typeof pairs)[number]): number =>
    a.filter((cell, row) => cell !== null && cell === b[row]).length / rows.length
  const present = columns.map((cells) => cells.filter((cell) => cell !== null))
  const most = present.map((cells) =>
    Math.max(0, ...cells.map((one) => cells.filter((cell) => cell === one).length)),
  )
  const text = (row: unknown): string => JSON.stringify(row)
  return {
    rows: rows.length,
    columns: columns.length,
    duplicatedRows: rows.filter((row, i) => rows.slice(0, i).some((other) => text(other) === text(row)))
      .length,
    duplicatedColumns: pairs.filter(([a, b]) => text(a) === text(b)).length,
    almostDuplicatedColumns: pairs.filter((pair) => shareOfEqual(pair) >= 0.95).length,
    almostConstantColumns: most.filter((count) => count / rows.length >= 0.95).length,
    emptyRows: rows.filter((row) => row.every((cell) => cell === null)).length,
    emptyColumns: present.filter((cells) => cells.length === 0).length,
    constantColumns: present.filter((cells) => new Set(cells).size <= 1).length,
    missing: columns.flat().filter((cell) => cell === null).length,
  }
}

test('a table’s counts are those of their definitions', () => {
  const random = createRandom(5)
  for (let run = 0; run < 60; run++) {
    const rows = 1 + random.int(60)
    const draw = (levels: number, missing: number) =>
      Array.from({ length: rows }, () => (random.next() < missing ? null : random.int(levels)))
    const columns = Array.from({ length: 1 + random.int(4) }, () =>
      draw(1 + random.int(3), random.int(3) / 3),
    )
    const table = tableOf(
      ...columns.flatMap((cells, i) => [
        numberColumn(`n${i}`, cells),
        numberColumn(
          `half${i}`,
          cells.map((cell) => cell && cell / 2),
        ),
        textColumn(
          `t${i}`,
          cells.map((cell) => (cell === null ? null : `v${cell}`)),
        ),
        numberColumn(
          `b${i}`,
          cells.map((cell) => cell && cell % 2),
          'boolean',
        ),
      ]),
    )
    assert.deepEqual(datasetCounts(table), readAloud(table))
  }
})

test('rows that differ by the sign of zero are equal, as in pandas', () => {
  assert.equal(datasetCounts(tableOf(numberColumn('zero', [0, -0, 1]))).duplicatedRows, 1)
})

test('a histogram counts by its edges, also where values lie on them or a bit below', () => {
  const random = createRandom(6)
  for (let run = 0; run < 200; run++) {
    const scale = 10 ** (random.int(12) - 6)
    const values = Float64Array.from({ length: 2 + random.int(300) }, () => scale * (random.normal() + 3))
    const edges = sturgesEdges([values], false)!
    const below = edges.slice(1).map((edge) => edge - Math.abs(edge) * 2 ** -53)
    const all = Float64Array.from([...values, ...edges, ...below])
    const bins = edges.length - 1
    const expected = Array.from(
      { length: bins },
      (_, bin) =>
        all.filter((value) => value >= edges[bin]! && (value < edges[bin + 1]! || bin === bins - 1)).length,
    )
    assert.deepEqual([...histogram(all, edges)], expected)
  }
})
