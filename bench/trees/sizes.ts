export interface Sizes {
  readonly training: readonly { readonly rows: number; readonly columns: number }[]
  readonly depths: readonly number[]
  readonly rounds: number
  /** Medians are over this many fresh processes of each program. */
  readonly repeats: number
  readonly threads: number
  readonly growth: {
    readonly rows: number
    readonly columns: number
    readonly depth: number
    readonly rounds: number
  }
  readonly prediction: {
    readonly rows: number
    readonly columns: number
    readonly trees: number
    readonly rowCalls: number
  }
  /** Rows of each part, training and held out, and seeds of each data set. */
  readonly quality: { readonly rows: number; readonly seeds: number; readonly rounds: number }
}

export const FULL: Sizes = {
  training: [
    { rows: 200_000, columns: 100 },
    { rows: 1_000_000, columns: 40 },
  ],
  depths: [6, 10],
  rounds: 100,
  repeats: 5,
  threads: 2,
  growth: { rows: 100_000, columns: 50, depth: 6, rounds: 50 },
  prediction: { rows: 1_000_000, columns: 40, trees: 300, rowCalls: 50_000 },
  quality: { rows: 100_000, seeds: 5, rounds: 100 },
}

/** Small enough to try the bench itself in seconds; its figures say nothing. */
export const QUICK: Sizes = {
  training: [{ rows: 4000, columns: 10 }],
  depths: [3, 5],
  rounds: 10,
  repeats: 2,
  threads: 2,
  growth: { rows: 2000, columns: 10, depth: 3, rounds: 5 },
  prediction: { rows: 5000, columns: 10, trees: 20, rowCalls: 500 },
  quality: { rows: 2000, seeds: 2, rounds: 10 },
}
