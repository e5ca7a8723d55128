import { FdsError } from '../../errors.ts'

export type Arm = 'champion' | 'challenger'

export interface Assignment {
  /** The model that decides. */
  readonly arm: Arm
  /** Whether the entity counts in the experiment; outside it the champion decides. */
  readonly included: boolean
  /** In [0, 1), by steps of 1/10,000. */
  readonly hash: number
}

/**
 * Gives an entity (a card, a customer; a transaction where there is neither) its arm: always the same one in one
 * experiment, another draw in each experiment. `trafficSplit` (0.1) is the challenger's share of the experiment,
 * `coverage` (1) the part of all entities that is in it. Raise the coverage to ramp up: entities come in, and
 * none changes its arm. PARAM_INVALID for a share outside [0, 1].
 *
 * @example
 * assign({ experiment: 'e1', entity: 'card-7' }).arm // 'champion'
 */
export function assign(input: {
  readonly experiment: string
  readonly entity: string
  readonly trafficSplit?: number
  readonly coverage?: number
}): Assignment {
  const { experiment, entity, trafficSplit = 0.1, coverage = 1 } = input
  checkShare('trafficSplit', trafficSplit)
  const hash = assignmentHash(experiment, entity)
  const ranges = bucketRanges({ weights: [1 - trafficSplit, trafficSplit], coverage })
  const bucket = ranges.findIndex(([from, to]) => hash >= from && hash < to)
  return { arm: bucket === 1 ? 'challenger' : 'champion', included: bucket >= 0, hash }
}

/**
 * A fair draw from texts: (f(f(seed + value)) mod 10,000) / 10,000 with f the 32-bit FNV-1a hash over UTF-16 code
 * units, its first result written in decimal. Version 2 of GrowthBook's hash, with its published test cases.
 *
 * @example
 * assignmentHash('seed', 'a') // 0.0505
 */
export function assignmentHash(seed: string, value: string): number {
  return (fnv1a(String(fnv1a(seed + value))) % 10_000) / 10_000
}

/**
 * Each arm's part of [0, 1): the arms stand one after another by weight, and each keeps the first `coverage` of
 * its part. PARAM_INVALID for weights that do not add up to 1 and for a share outside [0, 1].
 *
 * @example
 * bucketRanges({ weights: [0.5, 0.5], coverage: 0.5 }) // [ [ 0, 0.25 ], [ 0.5, 0.75 ] ]
 */
export function bucketRanges(input: {
  readonly weights: readonly number[]
  readonly coverage: number
}): (readonly [from: number, to: number])[] {
  const { weights, coverage } = input
  checkShare('coverage', coverage)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (!(Math.abs(sum - 1) < 1e-9) || weights.some((weight) => weight < 0)) {
    throw new FdsError('PARAM_INVALID', {
      name: 'weights',
      expected: 'shares that add up to 1',
      got: String(weights),
    })
  }
  let from = 0
  return weights.map((weight) => {
    const start = from
    from += weight
    return [start, start + coverage * weight] as const
  })
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

function checkShare(name: string, share: number): void {
  if (share >= 0 && share <= 1) return
  throw new FdsError('PARAM_INVALID', { name, expected: 'a share in [0, 1]', got: String(share) })
}
