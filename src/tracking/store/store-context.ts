import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** What every part of the SQL store works with. */
export interface StoreContext {
  /** Reads see what is committed. */
  readonly db: Kysely<Tables>
  /** Runs `work` in one transaction that holds the write lock, and commits it durably. */
  readonly write: <T>(work: (db: Transaction<Tables>) => Promise<T>) => Promise<T>
  readonly now: () => number
  /** 32 hexadecimal digits that were never given before. */
  readonly createId: () => string
  /** A name for a run or model that came without one, such as `brave-heron-417`. */
  readonly createName: () => string
  /** Start of the artifact locations that the store gives, such as `mlflow-artifacts:/`. */
  readonly locations: ArtifactLocations
}

/** Decides where artifacts may lie. Implemented by `createArtifactLocations`. */
export interface ArtifactLocations {
  /** The default location of an experiment. */
  ofExperiment(experimentId: number): string
  /** The location in its one spelling; refuses what a client may not choose. */
  checkLocation(location: string): string
}

export type Db = Kysely<Tables> | Transaction<Tables>
