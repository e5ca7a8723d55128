import type { Column, Table } from '../../data/table.ts'
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

/** A column as whole numbers: equal cells have equal ones, across columns too; -1 is missing. */
interface Coded {
  readonly type: string
  readonly codes: Int32Array
  readonly missing: number
}

/**
 * The counts of Evidently 0.7.23's `DatasetStats`. Types are those that pandas would give the columns. Cost
 * O(rows columns), and up to 5 % of the rows more for each pair of columns.
 */
export function datasetCounts(table: Table): DatasetCounts {
  const coded = codeColumns(table)
  const shares = coded.map(largestCount)
  return {
    rows: table.rowCount,
    columns: coded.length,
    duplicatedRows: duplicatedRows(coded, table.rowCount),
    ...alikePairs(coded, table.rowCount),
    almostConstantColumns: shares.filter(({ most }) => most / table.rowCount >= ALMOST).length,
    emptyRows: emptyRows(coded, table.rowCount),
    emptyColumns: coded.filter(({ missing }) => missing === table.rowCount).length,
    constantColumns: shares.filter(({ different }) => different <= 1).length,
    missing: coded.reduce((sum, column) => sum + column.missing, 0),
  }
}

function codeColumns(table: Table): Coded[] {
  const codeOf = new Map<number | string, number>()
  const intern = (value: number | string): number => {
    const known = codeOf.get(value)
    if (known !== undefined) return known
    codeOf.set(value, codeOf.size)
    return codeOf.size - 1
  }
  return table.columns.map((column) => {
    const codes = codesOf(column, intern)
    return {
      type: pandasType(column),
      codes,
      missing: codes.reduce((sum, code) => sum + (code < 0 ? 1 : 0), 0),
    }
  })
}

function codesOf(column: Column, intern: (value: number | string) => number): Int32Array {
  if (column.kind !== 'text') {
    return Int32Array.from(column.values, (value) => (Number.isNaN(value) ? -1 : intern(value)))
  }
  const known = column.categories.map(intern)
  return column.codes.map((code) => (code < 0 ? -1 : known[code]!))
}

function pandasType(column: Column): string {
  if (column.kind === 'number') return holdsWholeNumbers(column.values) ? 'integer' : 'float'
  if (column.kind === 'boolean') return column.values.includes(Number.NaN) ? 'object' : 'boolean'
  return column.kind === 'timestamp' ? 'timestamp' : 'object'
}

function largestCount({ codes }: Coded): { readonly most: number; readonly different: number } {
  const counts = new Map<number, number>()
  let most = 0
  for (const code of codes) {
    if (code < 0) continue
    const count = (counts.get(code) ?? 0) + 1
    counts.set(code, count)
    if (count > most) most = count
  }
  return { most, different: counts.size }
}

function emptyRows(columns: readonly Coded[], rows: number): number {
  let empty = 0
  for (let row = 0; row < rows; row++) if (columns.every(({ codes }) => codes[row] === -1)) empty++
  return empty
}

/** Rows by a hash of their cells, then cell by cell against the rows of the same hash. */
function duplicatedRows(columns: readonly Coded[], rows: number): number {
  const hashes = new Int32Array(rows)
  for (const { codes } of columns) {
    for (let row = 0; row < rows; row++) hashes[row] = mixed(hashes[row]!, codes[row]!)
  }
  const seen = new Map<number, number[]>()
  const areEqual = (a: number, b: number): boolean => columns.every(({ codes }) => codes[a] === codes[b])
  let duplicated = 0
  for (let row = 0; row < rows; row++) {
    const alike = seen.get(hashes[row]!)
    if (!alike) seen.set(hashes[row]!, [row])
    else if (alike.some((other) => areEqual(row, other))) duplicated++
    else alike.push(row)
  }
  return duplicated
}

function mixed(hash: number, code: number): number {
  const word = Math.imul(hash ^ code, 0x9e3779b1)
  return Math.imul(word ^ (word >>> 15), 0x85ebca6b)
}

function alikePairs(
  columns: readonly Coded[],
  rows: number,
): { duplicatedColumns: number; almostDuplicatedColumns: number } {
  let [duplicatedColumns, almostDuplicatedColumns] = [0, 0]
  columns.forEach((a, i) => {
    for (const b of columns.slice(i + 1)) {
      if (a.type !== b.type) continue
      if (areAlmostEqual(a.codes, b.codes, rows)) almostDuplicatedColumns++
      if (a.codes.every((code, row) => code === b.codes[row])) duplicatedColumns++
    }
  })
  return { duplicatedColumns, almostDuplicatedColumns }
}

/** Missing cells equal nothing here. Stops where too many rows differ. */
function areAlmostEqual(a: Int32Array, b: Int32Array, rows: number): boolean {
  let different = 0
  for (let row = 0; row < rows; row++) {
    if (a[row] !== -1 && a[row] === b[row]) continue
    different++
    if ((rows - different) / rows < ALMOST) return false
  }
  return true
}
