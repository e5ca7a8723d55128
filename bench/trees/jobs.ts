// What the bench asks of a program, ours.ts or xgboost_peer.py, and what it answers: one JSON line each way.

/** A matrix and its labels on disk: x.f32 (row after row) and y.u8, little-endian; NaN where a value is missing. */
export interface DataFiles {
  readonly folder: string
  readonly rows: number
  readonly columns: number
}

/** XGBoost's names. */
export type JobParams = Readonly<Record<string, number | string>>

/** What every training job has. */
export const BINARY = { objective: 'binary:logistic' } as const

/** Trains once to warm up on the first rows, then once with the clock running. */
export interface TrainJob {
  readonly task: 'train'
  readonly data: DataFiles
  readonly params: JobParams
}

export interface TrainAnswer {
  /** From raw floats to binned data. */
  readonly binSeconds: number
  /** From binned data to trees. */
  readonly boostSeconds: number
  /** Largest resident size of the process up to the end of the training. */
  readonly peakBytes: number
  readonly leaves: number
}

/** Predicts with an XGBoost model file: all rows at once, and one row after another. */
export interface PredictJob {
  readonly task: 'predict'
  readonly data: DataFiles
  readonly model: string
  readonly threads: number
  readonly rowCalls: number
}

export interface PredictAnswer {
  readonly batchSeconds: number
  readonly rowMicroseconds: number
  /** Mean of the batch's predictions, so that both can be seen to do the same work. */
  readonly mean: number
}

/** Trains on one part and scores the other, once for each set of parameters; scores go to `out` as float32. */
export interface ScoreJob {
  readonly task: 'score'
  readonly train: DataFiles
  readonly test: DataFiles
  readonly variants: readonly { readonly params: JobParams; readonly out: string }[]
}

export interface ScoreAnswer {
  /** scikit-learn's measures of each variant's scores; the peer's alone, and only where it is installed. */
  readonly measures?: readonly { readonly auc: number; readonly averagePrecision: number }[]
}

export interface AnswerOf {
  readonly train: TrainAnswer
  readonly predict: PredictAnswer
  readonly score: ScoreAnswer
}

export type Job = TrainJob | PredictJob | ScoreJob

/** Rows that a program warms up on, and its rounds. */
export const WARM_UP = { rows: 20_000, rounds: 5 } as const
