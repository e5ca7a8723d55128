import { labelsOf, requireBothClasses, selectRows, splitByTime, type Table } from '../data/index.ts'
import { DEFAULT_POLICY, type Policy } from '../decision/index.ts'
import { calculateFdsMetrics, type FdsMetrics } from '../evaluation/index.ts'
import {
  type ColumnRoles,
  type FeatureSpec,
  featureNames,
  fitFeatures,
  inputColumns,
  transformTable,
} from '../features/index.ts'
import { type Booster, type BoosterParams, parseParams, trainBooster } from '../model/index.ts'
import { buildProfile, type Profile } from '../monitoring/index.ts'
import { profileScores } from '../monitoring/profile/build-profile.ts'
import type { DatasetInput } from '../tracking/index.ts'
import { matrixInput } from './dataset-input.ts'
import { type MatrixSignature, matrixSignature } from './matrix-signature.ts'

export interface TrainModelInput {
  readonly table: Table
  readonly roles: ColumnRoles & { readonly label: string }
  /** XGBoost's names and meanings; an unknown name is PARAM_UNKNOWN. */
  readonly params: Readonly<Record<string, unknown>>
  /** Share of the rows, last in time, kept for the metrics; 0 trains on everything and measures nothing. */
  readonly holdout: number
  readonly seed: number
  /** Rows this close before the holdout are left out, because their labels would not be known yet. */
  readonly gapSeconds?: number
  readonly policy?: Policy
  readonly now: () => number
  readonly onIteration?: (done: number, total: number) => void
}

export interface TrainedModel {
  readonly booster: Booster
  readonly spec: FeatureSpec
  readonly policy: Policy
  readonly params: BoosterParams
  /** On the held-out rows; absent with `holdout: 0`. */
  readonly metrics?: FdsMetrics
  readonly rows: { readonly train: number; readonly holdout: number }
  readonly dropped: readonly { readonly column: string; readonly reason: string }[]
  /** What MLflow should know of the trees' input. */
  readonly signature: MatrixSignature
  /** What the model's input columns looked like in the training rows. */
  readonly profile: Profile
  /** The numbers that the trees were trained on, and those that decided when to stop. */
  readonly datasets: readonly DatasetInput[]
  readonly seconds: { readonly features: number; readonly train: number }
}

/**
 * Trains one fraud model on a table: split in time, fit features on the earlier rows alone, boost, and measure
 * on the later rows. With `early_stopping_rounds` the last fifth of the training rows decides when to stop;
 * the holdout never does.
 */
export function trainModel(input: TrainModelInput): TrainedModel {
  const { table, roles, now, policy = DEFAULT_POLICY } = input
  const isSeeded = 'seed' in input.params || 'random_state' in input.params
  const params = parseParams(isSeeded ? input.params : { seed: input.seed, ...input.params })
  const labels = labelsOf(table, roles.label)
  requireBothClasses(labels, roles.label)
  const time = roles.time === undefined ? {} : { time: roles.time }
  const gap = input.gapSeconds === undefined ? {} : { gapSeconds: input.gapSeconds }
  const split = splitByTime({ table, ...time, holdout: input.holdout, ...gap })
  const stopRows = params.earlyStoppingRounds === undefined ? 0 : Math.ceil(split.train.length / 5)
  const fitRows = split.train.subarray(0, split.train.length - stopRows)

  const featuresStarted = now()
  const rowsOf = (rows: Int32Array) => ({ table: selectRows(table, rows), labels: pick(labels, rows) })
  const fitPart = rowsOf(fitRows)
  requireBothClasses(fitPart.labels, roles.label)
  const { spec, matrix, dropped } = fitFeatures({ ...fitPart, roles })
  const measured = (rows: Int32Array) => {
    const part = rowsOf(rows)
    return { x: transformTable(spec, part.table), y: part.labels }
  }
  const stopPart = stopRows > 0 ? measured(split.train.subarray(fitRows.length)) : undefined
  const names = featureNames(spec)
  const trainStarted = now()
  const booster = trainBooster(params, {
    x: matrix,
    y: fitPart.labels,
    featureNames: names,
    ...(stopPart && { evalSets: [{ name: VALIDATION, ...stopPart }] }),
    onIteration: ({ iteration, total }) => input.onIteration?.(iteration + 1, total),
  })
  const trainEnded = now()
  const holdout = split.holdout.length > 0 ? scored(booster, measured(split.holdout)) : undefined

  return {
    booster,
    spec,
    policy,
    params,
    ...(holdout && { metrics: holdoutMetrics(holdout, policy) }),
    rows: { train: fitRows.length, holdout: split.holdout.length },
    dropped,
    signature: matrixSignature(matrix, names),
    profile: {
      ...buildProfile(
        fitPart.table,
        inputColumns(spec).map(({ name }) => name),
      ),
      scores: profileScores(holdout?.scores ?? booster.predict(matrix)),
    },
    datasets: [
      matrixInput(matrix, { name: 'dataset', context: 'train', columns: names }),
      ...(stopPart ? [matrixInput(stopPart.x, { name: VALIDATION, context: 'eval', columns: names })] : []),
    ],
    seconds: { features: (trainStarted - featuresStarted) / 1000, train: (trainEnded - trainStarted) / 1000 },
  }
}

const VALIDATION = 'validation'

interface ScoredPart {
  readonly scores: Float32Array | Float64Array
  readonly labels: Uint8Array
}

function scored(booster: Booster, part: { x: Parameters<Booster['predict']>[0]; y: Uint8Array }): ScoredPart {
  return { scores: booster.predict(part.x), labels: part.y }
}

function holdoutMetrics({ scores, labels }: ScoredPart, { threshold, costs }: Policy): FdsMetrics {
  return calculateFdsMetrics(labels, scores, { threshold, fnCost: costs.fn, fpCost: costs.fp })
}

function pick(labels: Uint8Array, rows: Int32Array): Uint8Array {
  return Uint8Array.from(rows, (row) => labels[row]!)
}
