import type { Column, Table, TextColumn } from '../../data/table.ts'
import { holdsWholeNumbers } from './evidently-types.ts'

/** What Evidently counts in a table as a whole. */
export interface DatasetCounts {
  readonly rows: number
  readonly columns: number
  /** Rows equal to one above them, missing cells equal to each other. */
  readonly duplicatedRows: number
  /** Pairs of columns of one type with the same cells. */
  readonly duplicatedColumns: number
  /** Pairs of columns of one type that hold the same value in at least 95 % of the rows. */
  readonly almostDuplicatedColumns: number
  /** Columns in which one value fills at least 95 % of the rows. */
  readonly almostConstantColumns: number
  readonly emptyRows: number
  readonly emptyColumns: number
  /** Columns of at most one value beside missing ones. */
  readonly constantColumns: number
  readonly missing: number
}

/** What counts as almost all rows. */
const ALMOST = 0.95

/** A column as numbers: texts by a number each, the same in all columns; NaN is missing. */
interface Cells {
  readonly type: string
  readonly cells: Float64Array
  readonly missing: number
  /** The rows of the most frequent value, and how many values there are. */
  readonly most: number
  readonly different: number
}

/**
 * The counts of Evidently 0.7.23's `DatasetStats`. Types are those that pandas would give the columns. Cost
 * O(rows log rows) a column, and up to 5 % of the rows for each pair of columns of one type.
 */
export function datasetCounts(table: Table): DatasetCounts {
  const columns = cellsOf(table)
  const { rowCount: rows } = table
  return {
    rows,
    columns: columns.length,
    duplicatedRows: duplicatedRows(columns, rows),
    ...alikePairs(columns, rows),
    almostConstantColumns: columns.filter(({ most }) => most / rows >= ALMOST).length,
    emptyRows: emptyRows(columns, rows),
    emptyColumns: columns.filter(({ missing }) => missing === rows).length,
    constantColumns: columns.filter(({ different }) => different <= 1).length,
    missing: columns.reduce((sum, column) => sum + column.missing, 0),
  }
}

function cellsOf(table: Table): Cells[] {
  const numberOf = new Map<string, number>()
  const intern = (text: string): number => {
    const known = numberOf.get(text) ?? numberOf.size
    numberOf.set(text, known)
    return known
  }
  return table.columns.map((column) => {
    const cells = column.kind === 'text' ? textCells(column, intern) : column.values
    return { type: pandasType(column), cells, ...valueCounts(cells) }
  })
}

function textCells({ codes, categories }: TextColumn, intern: (text: string) => number): Float64Array {
  const numbers = Float64Array.from(categories, intern)
  const cells = new Float64Array(codes.length)
  for (let row = 0; row < codes.length; row++) cells[row] = numbers[codes[row]!] ?? Number.NaN
  return cells
}

/** Texts are objects to pandas too, but equal none of the others. */
function pandasType(column: Column): string {
  if (column.kind === 'number') return holdsWholeNumbers(column.values) ? 'integer' : 'float'
  if (column.kind !== 'boolean') return column.kind
  return column.values.includes(Number.NaN) ? 'boolean object' : 'boolean'
}

function valueCounts(cells: Float64Array): Pick<Cells, 'missing' | 'most' | 'different'> {
  // a typed array sorts NaN to its end
  const sorted = cells.slice().sort()
  let [most, different, start] = [0, 0, 0]
  for (let end = 1; start < sorted.length && !Number.isNaN(sorted[start]); end++) {
    if (sorted[end] === sorted[start]) continue
    different++
    most = Math.max(most, end - start)
    start = end
  }
  return { missing: sorted.length - start, most, different }
}

function emptyRows(columns: readonly Cells[], rows: number): number {
  let empty = 0
  for (let row = 0; row < rows; row++) {
    if (columns.every(({ cells }) => Number.isNaN(cells[row]))) empty++
  }
  return empty
}

/** Rows by a hash of their cells, then cell by cell against the rows of the same hash. */
function duplicatedRows(columns: readonly Cells[], rows: number): number {
  const hashes = rowHashes(columns, rows)
  const areEqual = (a: number, b: number): boolean =>
    columns.every(({ cells }) => isSame(cells[a]!, cells[b]!))
  const seen = new Map<number, number[]>()
  let duplicated = 0
  for (let row = 0; row < rows; row++) {
    const alike = seen.get(hashes[row]!)
    if (!alike) seen.set(hashes[row]!, [row])
    else if (alike.some((other) => areEqual(row, other))) duplicated++
    else alike.push(row)
  }
  return duplicated
}

function rowHashes(columns: readonly Cells[], rows: number): Int32Array {
  const hashes = new Int32Array(rows)
  const value = new Float64Array(1)
  const words = new Int32Array(value.buffer)
  for (const { cells } of columns) {
    for (let row = 0; row < rows; row++) {
      // one bit pattern for -0 and 0, and one for every NaN
      value[0] = cells[row]! + 0
      const bits = Number.isNaN(value[0]) ? 1 : words[0]! ^ Math.imul(words[1]!, 0x27d4eb2f)
      const word = Math.imul(hashes[row]! ^ bits, 0x9e3779b1)
      hashes[row] = Math.imul(word ^ (word >>> 15), 0x85ebca6b)
    }
  }
  return hashes
}

function isSame(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}

function alikePairs(
  columns: readonly Cells[],
  rows: number,
): Pick<DatasetCounts, 'duplicatedColumns' | 'almostDuplicatedColumns'> {
  let [duplicatedColumns, almostDuplicatedColumns] = [0, 0]
  columns.forEach((a, i) => {
    for (const b of columns.slice(i + 1)) {
      if (a.type !== b.type) continue
      if (areAlmostEqual(a.cells, b.cells, rows)) almostDuplicatedColumns++
      if (a.cells.every((cell, row) => isSame(cell, b.cells[row]!))) duplicatedColumns++
    }
  })
  return { duplicatedColumns, almostDuplicatedColumns }
}

/** Missing cells equal nothing here. Stops where too many rows differ. */
function areAlmostEqual(a: Float64Array, b: Float64Array, rows: number): boolean {
  let different = 0
  for (let row = 0; row < rows; row++) {
    if (a[row] === b[row]) continue
    different++
    if ((rows - different) / rows < ALMOST) return false
  }
  return true
}
