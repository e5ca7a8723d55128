import type { DuckDBDataChunk, DuckDBDoubleVector, DuckDBVector } from '@duckdb/node-api'
import type { SourceColumn } from './source.ts'
import type { Column, NumberColumn, Table } from './table.ts'

/** Collects the chunks of a query into a table. Numbers are copied once into small pieces and once into the column. */
export interface TableBuilder {
  readonly rowCount: number
  /** Adds the rows from `start` up to `end` of a chunk whose columns are those of the builder. */
  append(chunk: DuckDBDataChunk, start: number, end: number): void
  /** The table so far; the builder is empty afterwards. */
  finish(): Table
}

export function createTableBuilder(columns: readonly SourceColumn[]): TableBuilder {
  let collectors = columns.map(createCollector)
  let rowCount = 0
  return {
    get rowCount() {
      return rowCount
    },
    append(chunk, start, end) {
      for (const [place, collector] of collectors.entries()) {
        collector.append(chunk.getColumnVector(place), start, end)
      }
      rowCount += end - start
    },
    finish() {
      const table = { rowCount, columns: collectors.map((collector) => collector.finish(rowCount)) }
      collectors = columns.map(createCollector)
      rowCount = 0
      return table
    },
  }
}

interface Collector {
  append(vector: DuckDBVector, start: number, end: number): void
  finish(rowCount: number): Column
}

function createCollector({ name, kind }: SourceColumn): Collector {
  return kind === 'text' ? textCollector(name) : numberCollector(name, kind)
}

function numberCollector(name: string, kind: NumberColumn['kind']): Collector {
  let pieces: Float64Array[] = []
  return {
    append(vector, start, end) {
      pieces.push(copyNumbers(vector as DuckDBDoubleVector, start, end))
    },
    finish(rowCount) {
      const values = concatenate(pieces, new Float64Array(rowCount))
      pieces = []
      return { name, kind, values }
    },
  }
}

function copyNumbers(vector: DuckDBDoubleVector, start: number, end: number): Float64Array {
  const piece = new Float64Array(end - start)
  // the query gives NaN where a value is missing, never NULL
  for (let row = start; row < end; row++) piece[row - start] = vector.getItem(row)!
  return piece
}

function textCollector(name: string): Collector {
  let pieces: Int32Array[] = []
  let codeOf = new Map<string, number>()
  return {
    append(vector, start, end) {
      pieces.push(encodeTexts(vector as DuckDBVector<string>, start, end, codeOf))
    },
    finish(rowCount) {
      const codes = concatenate(pieces, new Int32Array(rowCount))
      const categories = [...codeOf.keys()]
      pieces = []
      codeOf = new Map()
      return { name, kind: 'text', codes, categories }
    },
  }
}

/** Codes in the order of first appearance; −1 for NULL. */
function encodeTexts(
  vector: DuckDBVector<string>,
  start: number,
  end: number,
  codeOf: Map<string, number>,
): Int32Array {
  const piece = new Int32Array(end - start)
  for (let row = start; row < end; row++) {
    const text = vector.getItem(row)
    let code = text === null ? -1 : codeOf.get(text)
    if (code === undefined) {
      code = codeOf.size
      codeOf.set(text!, code)
    }
    piece[row - start] = code
  }
  return piece
}

function concatenate<A extends Float64Array | Int32Array>(pieces: readonly A[], whole: A): A {
  let start = 0
  for (const piece of pieces) {
    whole.set(piece, start)
    start += piece.length
  }
  return whole
}
