import type { DuckDBDataChunk, DuckDBDoubleVector, DuckDBVector } from '@duckdb/node-api'
import type { SourceColumn } from './source.ts'
import type { Column, NumberColumn, Table } from './table.ts'

/** Collects the chunks of a query into a table. Numbers are copied into blocks, and once more where a column has several. */
export interface TableBuilder {
  readonly rowCount: number
  /** Adds the rows from `start` up to `end` of a chunk whose columns are those of the builder. */
  append(chunk: DuckDBDataChunk, start: number, end: number): void
  /** The table so far; the builder is empty afterwards. */
  finish(): Table
}

/** @param blockRows rows of a block; that of a whole table, where it is known, saves a copy */
export function createTableBuilder(columns: readonly SourceColumn[], blockRows = BLOCK_ROWS): TableBuilder {
  const collect = (column: SourceColumn) => createCollector(column, blockRows)
  let collectors = columns.map(collect)
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
      collectors = columns.map(collect)
      rowCount = 0
      return table
    },
  }
}

const BLOCK_ROWS = 65_536

interface Collector {
  append(vector: DuckDBVector, start: number, end: number): void
  finish(rowCount: number): Column
}

function createCollector({ name, kind }: SourceColumn, blockRows: number): Collector {
  return kind === 'text' ? textCollector(name) : numberCollector(name, kind, blockRows)
}

function numberCollector(name: string, kind: NumberColumn['kind'], blockRows: number): Collector {
  const full: Float64Array[] = []
  let block = new Float64Array(blockRows)
  let filled = 0
  return {
    append(vector, start, end) {
      // the query gives NaN where a value is missing, never NULL, so the numbers stand for themselves
      const numbers = (vector as DuckDBDoubleVector)['items']
      for (let from = start; from < end; ) {
        if (filled === blockRows) {
          full.push(block)
          block = new Float64Array(blockRows)
          filled = 0
        }
        const to = Math.min(end, from + blockRows - filled)
        block.set(numbers.subarray(from, to), filled)
        filled += to - from
        from = to
      }
    },
    finish(rowCount) {
      if (rowCount === blockRows) return { name, kind, values: block }
      const values = concatenate([...full, block.subarray(0, filled)], new Float64Array(rowCount))
      return { name, kind, values }
    },
  }
}

function textCollector(name: string): Collector {
  const pieces: Int32Array[] = []
  const codeOf = new Map<string, number>()
  return {
    append(vector, start, end) {
      pieces.push(encodeTexts(vector as DuckDBVector<string>, start, end, codeOf))
    },
    finish(rowCount) {
      const codes = concatenate(pieces, new Int32Array(rowCount))
      return { name, kind: 'text', codes, categories: [...codeOf.keys()] }
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
