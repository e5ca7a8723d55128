export { prepareIeeeCis } from './ieee-cis.ts'
export { labelsOf, requireBothClasses } from './labels.ts'
export {
  type ReadTableBatchesOptions,
  type ReadTableOptions,
  readTable,
  readTableBatches,
} from './read-table.ts'
export {
  SIMULATED_ROLES,
  type SimulatedData,
  type SimulatorOptions,
  simulateTransactions,
} from './simulator.ts'
export { SIMULATED_COLUMNS, type SimulatedColumn } from './simulator-columns.ts'
export {
  type Column,
  cellOf,
  columnOf,
  type NumberColumn,
  selectRows,
  type Table,
  type TextColumn,
  tableRows,
} from './table.ts'
export { type CountedTexts, openTable, type TableFile } from './table-file.ts'
export { splitByTime, type TimeSplit, type TimeSplitInput } from './time-split.ts'
export type { Cell, Transaction } from './transaction.ts'
export { writeJsonParquet } from './write-json-parquet.ts'
export { writeTable } from './write-table.ts'
