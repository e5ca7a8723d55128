import type { Spending } from './experiment-plan.ts'
import { boundFor } from './group-sequential.ts'
import { START, type WalkState, walkTo } from './score-walk.ts'
import { spentAlpha } from './spending.ts'

/** Looks of one design, and where its density stands after the last of them. */
interface Chain {
  readonly information: number[]
  readonly bounds: number[]
  state: WalkState
}

/** Looks that are closer than this are one; the last one, at t = 1, comes after a gap of this at least. */
export const LOOK_STEP = 0.01

/** Designs whose looks are kept: a status that is asked every second must not start from the first look. */
const MOST_CHAINS = 256
const chains = new Map<string, Chain>()

/**
 * The bounds of the looks so far, two-sided; as `groupSequentialBounds`, but each look is computed once in a process.
 */
export function sequentialBounds(input: {
  readonly information: readonly number[]
  readonly alpha: number
  readonly spending: Spending
}): readonly number[] {
  const { information } = input
  const chain = chainOf(input)
  const finest = LOOK_STEP / 2
  for (let k = chain.information.length; k < information.length; k++) {
    const t = information[k]!
    const spent = (fraction: number): number => spentAlpha({ ...input, t: fraction })
    const share = (spent(t) - spent(chain.information.at(-1) ?? 0)) / 2
    const bound = boundFor({ from: chain.state, t, share })
    chain.state = walkTo({ from: chain.state, t, low: -bound, high: bound, finest })
    chain.information.push(t)
    chain.bounds.push(bound)
  }
  return chain.bounds
}

/** Error levels at which a p-value is computed; between them it is interpolated. */
const LEVELS = [
  0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.065, 0.05, 0.04, 0.03, 0.02, 0.015,
  0.01, 0.006, 0.003, 1e-3, 3e-4, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8,
]

/**
 * The sequential p-value: the least error at which one of the looks so far would have crossed its bound. At most
 * alpha exactly where a bound of the design was crossed, and never rising with further looks. Levels between the
 * computed ones by interpolation of ln p over b²; 1 above 0.9, and no less than 1e-8.
 */
export function sequentialPValue(input: {
  readonly information: readonly number[]
  readonly z: readonly number[]
  readonly alpha: number
  readonly spending: Spending
}): number {
  const levels = [...new Set([...LEVELS, input.alpha])].sort((a, b) => b - a)
  const boundsAt = (level: number) => sequentialBounds({ ...input, alpha: levels[level]! })
  const isCrossed = (level: number): boolean => {
    const bounds = boundsAt(level)
    return input.z.some((z, k) => Math.abs(z) >= bounds[k]!)
  }
  // the first level that was not crossed; all before it were
  let [low, high] = [0, levels.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isCrossed(middle)) low = middle + 1
    else high = middle
  }
  if (low === 0) return 1
  if (low === levels.length) return levels.at(-1)!
  const [above, below] = [boundsAt(low - 1), boundsAt(low)]
  const between = input.z.map((z, k) => {
    if (Math.abs(z) < above[k]!) return levels[low - 1]!
    const part = (z * z - above[k]! ** 2) / (below[k]! ** 2 - above[k]! ** 2)
    return levels[low - 1]! * (levels[low]! / levels[low - 1]!) ** Math.min(1, Math.max(0, part))
  })
  return Math.min(...between)
}

function chainOf(input: {
  readonly information: readonly number[]
  readonly alpha: number
  readonly spending: Spending
}): Chain {
  const { information, alpha, spending } = input
  const key = JSON.stringify([alpha, spending, information[0]])
  const known = chains.get(key)
  const isSame = known?.information.every((t, k) => k >= information.length || t === information[k])
  if (known && isSame) return known
  const chain: Chain = { information: [], bounds: [], state: START }
  if (chains.size >= MOST_CHAINS) chains.delete(chains.keys().next().value!)
  chains.set(key, chain)
  return chain
}
