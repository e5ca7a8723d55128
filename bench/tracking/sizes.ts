export interface Sizes {
  /** Fresh servers of each kind; figures are medians over them. */
  readonly rounds: number
  readonly logMetricCalls: number
  readonly logBatch: readonly { readonly entries: number; readonly calls: number }[]
  readonly runs: { readonly runs: number; readonly clients: number }
  readonly search: { readonly runs: readonly number[]; readonly calls: number }
  readonly points: number
  /** Runs at which one call is timed again, on our server alone. */
  readonly growth: readonly number[]
}

export const FULL: Sizes = {
  rounds: 3,
  logMetricCalls: 200,
  logBatch: [
    { entries: 10, calls: 40 },
    { entries: 500, calls: 20 },
    { entries: 1000, calls: 20 },
  ],
  runs: { runs: 1000, clients: 4 },
  search: { runs: [1000, 20_000], calls: 15 },
  points: 1_000_000,
  growth: [1000, 10_000, 100_000],
}

/** Small enough to try the bench itself; its figures say little. */
export const QUICK: Sizes = {
  rounds: 1,
  logMetricCalls: 20,
  logBatch: [
    { entries: 10, calls: 5 },
    { entries: 1000, calls: 5 },
  ],
  runs: { runs: 50, clients: 4 },
  search: { runs: [1000], calls: 5 },
  points: 20_000,
  growth: [200, 1000],
}
