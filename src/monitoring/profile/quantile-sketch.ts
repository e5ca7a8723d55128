import type { Ranked } from './ranked.ts'

/** The values of a column in short: how many rows lie at or below any x, within `error`. Plain JSON. */
export interface QuantileSketch {
  /** Rows by which a rank may be wrong at most; 0 where every distinct value is there. */
  readonly error: number
  /** Ascending and different, at most 128. */
  readonly values: readonly number[]
  /** How many rows each value stands for. */
  readonly weights: readonly number[]
}

export const MOST_POINTS = 128

/**
 * Sketches values in order: as they are where at most 128 differ, else by 128 of them at equal steps of rank, which
 * puts ranks out by at most ⌈⌈n / 128⌉ / 2⌉ rows (0.4 %) beyond the `error` of what is sketched. No chance is in it.
 * Cost O(values).
 *
 * @example
 * sketchOf({ values: Float64Array.of(1, 1, 5), rows: 3 }) // { error: 0, values: [1, 5], weights: [2, 1] }
 */
export function sketchOf(ranked: Ranked, error = 0): QuantileSketch {
  const exact = distinctWithWeights(ranked)
  if (exact) return { error, ...exact }
  const { rows } = ranked
  const boundary = (point: number) => Math.round((point * rows) / MOST_POINTS)
  const values: number[] = []
  const weights: number[] = []
  let at = 0
  let reached = weightAt(ranked, 0)
  for (let point = 0; point < MOST_POINTS; point++) {
    const [from, to] = [boundary(point), boundary(point + 1)]
    const middle = (from + to) >> 1
    while (reached <= middle) reached += weightAt(ranked, ++at)
    const value = ranked.values[at]!
    if (values.at(-1) === value) weights[weights.length - 1]! += to - from
    else {
      values.push(value)
      weights.push(to - from)
    }
  }
  return { error: error + Math.ceil(Math.ceil(rows / MOST_POINTS) / 2), values, weights }
}

/**
 * The sketch of all rows of several sketches, whose errors add up. The order of the sketches does not matter. Merging
 * them at once costs one step of error, merging one after another a step each. Cost O(points log points).
 *
 * @example
 * const one = sketchOf({ values: Float64Array.of(1), rows: 1 })
 * mergeSketches([one, one]) // { error: 0, values: [1], weights: [2] }
 */
export function mergeSketches(sketches: readonly QuantileSketch[]): QuantileSketch {
  const points = sketches.flatMap(({ values, weights }) =>
    values.map((value, i) => [value, weights[i]!] as const),
  )
  points.sort(([a], [b]) => a - b)
  const error = sketches.reduce((sum, sketch) => sum + sketch.error, 0)
  return sketchOf(
    {
      values: Float64Array.from(points, ([value]) => value),
      weights: Float64Array.from(points, ([, weight]) => weight),
      rows: points.reduce((sum, [, weight]) => sum + weight, 0),
    },
    error,
  )
}

export function rankedOf({ values, weights }: QuantileSketch): Ranked {
  return {
    values: Float64Array.from(values),
    weights: Float64Array.from(weights),
    rows: weights.reduce((sum, weight) => sum + weight, 0),
  }
}

function distinctWithWeights(ranked: Ranked): Omit<QuantileSketch, 'error'> | undefined {
  const values: number[] = []
  const weights: number[] = []
  for (let i = 0; i < ranked.values.length; i++) {
    const value = ranked.values[i]!
    if (values.at(-1) === value) weights[weights.length - 1]! += weightAt(ranked, i)
    else if (values.length === MOST_POINTS) return undefined
    else {
      values.push(value)
      weights.push(weightAt(ranked, i))
    }
  }
  return { values, weights }
}

function weightAt({ weights }: Ranked, i: number): number {
  return weights === undefined ? 1 : weights[i]!
}
