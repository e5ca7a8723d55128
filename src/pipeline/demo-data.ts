import {
  type Column,
  labelsOf,
  SIMULATED_ROLES,
  selectRows,
  simulateTransactions,
  type Table,
} from '../data/index.ts'

const ROWS = 40_000

/** A stretch of simulated payments with labels and the times at which those become known. */
export interface Stretch {
  readonly table: Table
  readonly labels: Uint8Array
  /** Seconds since 1970 UTC. */
  readonly labelTimes: Float64Array
}

/** The demo's world: one simulated period, cut in time, that changes suddenly in its middle. */
export interface DemoData {
  /** Before the change: what the first champion learns from. */
  readonly history: Stretch
  /** Before the change: first traffic. */
  readonly quiet: Stretch
  /** After the change: traffic that has drifted. */
  readonly changed: Stretch
  /** All of the above: what retraining may learn from, as far as its labels are known. */
  readonly past: Stretch
  /** After the change: the experiment's traffic. */
  readonly experiment: Stretch
}

/** Simulates 40,000 payments with a sudden change and cuts them at 42, 50 and 85 % of the rows. */
export function demoData(seed: number): DemoData {
  const { table, labelTimes } = simulateTransactions({ rows: ROWS, seed, drift: 'sudden' })
  const part = (from: number, to: number): Stretch => {
    const rows = Int32Array.from(
      { length: Math.round((to - from) * ROWS) },
      (_, i) => Math.round(from * ROWS) + i,
    )
    const cut = selectRows(table, rows)
    return {
      table: cut,
      labels: labelsOf(cut, SIMULATED_ROLES.label),
      labelTimes: Float64Array.from(rows, (row) => labelTimes[row]!),
    }
  }
  return {
    history: part(0, 0.42),
    quiet: part(0.42, 0.5),
    changed: part(0.5, 0.85),
    past: part(0, 0.85),
    experiment: part(0.85, 1),
  }
}

/** The same columns without label and id: what drift is measured on. */
export function measuredColumns(table: Table): Table {
  const { label, id, entity, time } = SIMULATED_ROLES
  const left: readonly string[] = [label, id, entity, time]
  return { ...table, columns: table.columns.filter((column: Column) => !left.includes(column.name)) }
}
