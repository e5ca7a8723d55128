import { selectRows, simulateTransactions, type Table } from '../../src/data/index.ts'

/** One issuer's payments: what the models learn from, and what comes later from the same customers and merchants. */
export interface World {
  readonly learned: Table
  readonly healthy: Table
  /** As payments are once prices and habits have changed. */
  readonly drifted: Table
}

const ROWS = 100_000
const SEED = 5

/** Every fifth row is learned from; the others come as traffic. */
export function simulateWorld(): World {
  const { table } = simulateTransactions({ rows: ROWS, seed: SEED })
  const changed = simulateTransactions({ rows: ROWS, seed: SEED, drift: 'sudden' }).table
  return {
    learned: pick(table, (row) => row % 5 === 0),
    healthy: pick(table, (row) => row % 5 !== 0),
    drifted: pick(changed, (row) => row >= ROWS / 2),
  }
}

function pick(table: Table, isWanted: (row: number) => boolean): Table {
  return selectRows(table, Int32Array.from({ length: table.rowCount }, (_, row) => row).filter(isWanted))
}
