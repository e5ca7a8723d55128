// What the bench asks of its client program, client.ts, and what that answers: one JSON value each way.

/** Logs one metric after another to one run. */
export interface LogMetricTask {
  readonly calls: number
}

/** Logs batches of this many metrics, each with a key of its own, to one run. */
export interface LogBatchTask {
  readonly calls: number
  readonly entries: number
}

/** Creates each run, logs it as one batch and ends it, by several clients at once; the first id is `from`. */
export interface RunsTask {
  readonly from: number
  readonly runs: number
  readonly clients: number
}

/** Searches the runs of the first experiment by a metric and a parameter, ordered by another metric. */
export interface SearchTask {
  readonly calls: number
  readonly maxResults: number
}

/** Logs points of one metric in batches of 1,000, then reads its whole history page by page. */
export interface HistoryTask {
  readonly points: number
}

/** Milliseconds of each call; the first calls, which warm up, are left out. */
export interface LatencyAnswer {
  readonly latencies: readonly number[]
}

export interface RunsAnswer {
  readonly seconds: number
}

export interface SearchAnswer extends LatencyAnswer {
  /** Runs in the last answer, so that both servers can be seen to do the same work. */
  readonly hits: number
}

export interface HistoryAnswer {
  readonly writeSeconds: number
  readonly readSeconds: number
  readonly points: number
}

export interface AnswerOf {
  readonly logMetric: LatencyAnswer
  readonly logBatch: LatencyAnswer
  readonly runs: RunsAnswer
  readonly search: SearchAnswer
  readonly history: HistoryAnswer
}

export interface TaskOf {
  readonly logMetric: LogMetricTask
  readonly logBatch: LogBatchTask
  readonly runs: RunsTask
  readonly search: SearchTask
  readonly history: HistoryTask
}

export interface Job<T extends keyof TaskOf> {
  readonly name: T
  readonly task: TaskOf[T]
  /** Of the server. */
  readonly address: string
}

/** Metrics and parameters of a run, each. */
export const KEYS = 10

/** Metric `key` of run `run`: spread evenly over 0 to 1. `fill_mlflow.py` computes the same. */
export function metricValue(run: number, key: number): number {
  return ((run * 7919 + key * 104_729) % 10_007) / 10_007
}

/** Parameter `key` of run `run`, one of ten. */
export function paramValue(run: number, key: number): string {
  return String((run + key) % 10)
}

/** One of twenty runs. */
export const SEARCH = { filter: "metrics.m0 > 0.5 and params.p0 = '3'", orderBy: 'metrics.m1 DESC' } as const
