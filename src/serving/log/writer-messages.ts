import type { Columns } from './columns.ts'

/** What the writing thread is opened on: a SQLite file, or a PostgreSQL database. */
export type WriterTarget =
  | { readonly file: string; readonly databaseUrl?: undefined }
  | { readonly databaseUrl: string }

/** What is stored in one commit, all or none. */
export interface WriteGroup {
  readonly decisions?: Columns
  readonly shadows?: Columns
  readonly labels?: Columns
  /** When the disk is tried, without anything to store. */
  readonly probe?: number
}

/** A decision as its row in the database says it. */
export type DecisionRow = Readonly<Record<string, unknown>>

export interface Written {
  /** Decisions whose transaction had one already: their place in the group, and the row that counts. */
  readonly earlier: readonly (readonly [number, DecisionRow])[]
  /** Which labels of the group are new, by their place. */
  readonly added: readonly number[]
  /** Of these, those of transactions without a decision. */
  readonly unknown: readonly number[]
  /** How long SQLite's write-ahead log is now. */
  readonly logPages?: number
}

/** Nothing of the group was stored. */
export interface NotWritten {
  readonly reason: string
  /** The database works, but takes no such rows: the same group would fail again. */
  readonly isRefused: boolean
}

export type WriterAnswer = Written | NotWritten

export const CLOSE = 'close'

/** Where a writer finds its database. */
export interface Writer {
  write(group: WriteGroup): WriterAnswer | Promise<WriterAnswer>
  close(): void | Promise<void>
}
