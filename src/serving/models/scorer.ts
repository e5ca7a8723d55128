import type { Transaction } from '../../data/transaction.ts'
import type { Policy } from '../../decision/policy.ts'
import { type RiskLevel, riskLevel } from '../../decision/risk-level.ts'
import { type FeatureSpec, type InputColumn, inputColumns } from '../../features/feature-spec.ts'
import { parseTimestamp } from '../../features/parse-time.ts'
import { createRowTransformer } from '../../features/row-transformer.ts'
import { DriftCounter } from './drift-counter.ts'
import { driftLayout } from './drift-layout.ts'
import { TRANSACTION_ID } from './parse-transaction.ts'
import { requireSameFeatures } from './require-same-features.ts'
import { foreignSpec, unpackModel } from './unpack-model.ts'

export interface ScorerInput {
  readonly name: string
  readonly version: string
  /** A model folder's, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

export interface Score {
  readonly probability: number
  readonly riskLevel: RiskLevel
}

/** What a transaction says about itself, by the roles that its model's data gave the columns. */
export interface TransactionFacts {
  /** The model's own id column, where a transaction carries it. */
  readonly id: string | null
  readonly entity: string | null
  /**
   * Seconds since 1970 UTC, or the plain number that the data's time column holds; null also for what no
   * calendar has.
   */
  readonly eventTime: number | null
}

/** A model version ready to decide: trees, features and policy, which travel together. */
export interface Scorer {
  readonly name: string
  readonly version: string
  readonly policy: Policy
  /** Columns that a transaction may carry beside `transaction_id`. */
  readonly inputs: readonly InputColumn[]
  /** Counts transactions against the model's profile, each right after its score; absent for a model without one. */
  readonly drift?: DriftCounter
  /** The decision on one transaction; TRANSACTION_INVALID, FEATURES_MISMATCH. Cost O(features + trees × depth). */
  score(transaction: Transaction): Score
  /** The same for many, in order, bit for bit as one by one. */
  scoreBatch(transactions: readonly Transaction[]): Score[]
  factsOf(transaction: Transaction): TransactionFacts
}

/**
 * Makes a scorer of a model folder's files, ours or those of a model that Python logged, whose numeric columns pass
 * through to the trees under the default policy. MODEL_FILE_INVALID when one is missing or not JSON, or when the
 * trees and the features speak of different columns, which it names; MODEL_UNSUPPORTED for another program's columns
 * of texts; FEATURE_SPEC_INVALID, POLICY_INVALID and PROFILE_INVALID for the contents of these. Scores are bit-equal to
 * `Booster.predict` on the table's matrix.
 */
export function createScorer({ name, version, files }: ScorerInput): Scorer {
  const contents = unpackModel(files)
  const { booster, policy, profile } = contents
  const spec = contents.spec ?? foreignSpec(contents)
  requireSameFeatures(booster, spec)
  const inputs = inputColumns(spec)
  const columns = new Float64Array(spec.inputs.length)
  const rowOf = rowReader(spec, columns)
  const score = (transaction: Transaction): Score => {
    const probability = booster.predictRow(rowOf(transaction))
    return { probability, riskLevel: riskLevel(probability, policy) }
  }
  return {
    name,
    version,
    policy,
    inputs,
    ...(profile && { drift: new DriftCounter(driftLayout(profile, spec, booster), columns) }),
    score,
    scoreBatch: (transactions) => transactions.map(score),
    factsOf: factsReader(inputs),
  }
}

/** The last second that a Date can hold. */
export const LAST_INSTANT = 8.64e12

/** One row's buffer serves all transactions; scoring is synchronous, so no two ever share it. */
function rowReader(spec: FeatureSpec, columns: Float64Array): (transaction: Transaction) => Float32Array {
  const transform = createRowTransformer(spec, columns)
  const row = new Float32Array(spec.features.length)
  const knowsId = spec.inputs.some((input) => input.name === TRANSACTION_ID)
  return (transaction) => {
    transform(knowsId ? transaction : withoutId(transaction), row)
    return row
  }
}

function withoutId(transaction: Transaction): Transaction {
  if (transaction[TRANSACTION_ID] === undefined) return transaction
  const { [TRANSACTION_ID]: _, ...columns } = transaction
  return columns
}

function factsReader(inputs: readonly InputColumn[]): (transaction: Transaction) => TransactionFacts {
  const columnWith = (role: InputColumn['role']) => inputs.find((input) => input.role === role)?.name
  const [id, entity, time] = [columnWith('id'), columnWith('entity'), columnWith('time')]
  return (transaction) => ({
    id: textOf(id, transaction),
    entity: textOf(entity, transaction),
    eventTime: secondsOf(time, transaction),
  })
}

function textOf(column: string | undefined, transaction: Transaction): string | null {
  const cell = column === undefined ? undefined : transaction[column]
  return cell === undefined || cell === null ? null : String(cell)
}

function secondsOf(column: string | undefined, transaction: Transaction): number | null {
  const cell = column === undefined ? undefined : transaction[column]
  const seconds = typeof cell === 'string' ? parseTimestamp(cell) : cell
  return typeof seconds === 'number' && Math.abs(seconds) <= LAST_INSTANT ? seconds : null
}
