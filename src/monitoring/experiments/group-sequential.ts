import { FdsError } from '../../errors.ts'
import { normalQuantile } from '../../math/index.ts'
import { checkAlpha } from './check.ts'
import type { Spending } from './experiment-plan.ts'
import { densityAt, START, tailMass, type WalkState, walkTo } from './score-walk.ts'
import { checkSpending, spentAlpha } from './spending.ts'

export interface GroupSequentialBounds {
  /** |z| (z where one-sided) from which on a look is a verdict. */
  readonly bounds: readonly number[]
  /** Error spent up to each look. */
  readonly spent: readonly number[]
}

/** Error below this is spent by the normal tail alone: what earlier looks would take from it is lost in rounding. */
const TINY = 1e-13

/** The tail of the normal distribution beyond this is below the least number. */
const LARGEST_BOUND = 37.5

/** Below this no bound lies: a share of error that large is none. */
const LEAST_BOUND = -8

/**
 * The bounds of a group-sequential test by error spending (Lan and DeMets): at look k the bound that makes
 * P(no bound crossed before, |Z_k| ≥ b_k) = f(t_k) − f(t_{k−1}), by recursion over the density of Z √t. A look
 * may be added at any time that does not depend on the effect; it changes no earlier bound. `information` holds the
 * fractions t in (0, 1], rising. Defaults: error 0.05, two-sided, O'Brien–Fleming-type. Where next to nothing is
 * spent the bound is large but finite. Within 2e-4 of the published tables. PARAM_INVALID. Cost O(looks × grid).
 *
 * @example
 * groupSequentialBounds({ information: [1] }).bounds[0].toFixed(4) // '1.9600'
 */
export function groupSequentialBounds(input: {
  readonly information: readonly number[]
  readonly alpha?: number
  readonly sides?: 1 | 2
  readonly spending?: Spending
}): GroupSequentialBounds {
  const { information, alpha = 0.05, sides = 2, spending = { family: 'obrien_fleming' } } = input
  checkInformation(information)
  checkAlpha(alpha)
  checkSpending(spending)
  const finest = finestGap(information)
  const spent = information.map((t) => spentAlpha({ t, alpha, spending, sides }))
  let state: WalkState = START
  const bounds = information.map((t, k) => {
    const share = (spent[k]! - (spent[k - 1] ?? 0)) / sides
    const bound = boundFor({ from: state, t, share })
    const low = sides === 2 ? -bound : Number.NEGATIVE_INFINITY
    state = walkTo({ from: state, t, low, high: bound, finest })
    return bound
  })
  return { bounds, spent }
}

/**
 * The chance that a two-sided test with these bounds of |Z| has crossed one by each look: its error where `drift` is 0,
 * its power where Z at t = 1 has mean `drift`. PARAM_INVALID. Cost O(looks × grid).
 *
 * @example
 * crossingProbability({ information: [1], bounds: [1.959964] }).at(-1).toFixed(4) // '0.0500'
 */
export function crossingProbability(input: {
  readonly information: readonly number[]
  readonly bounds: readonly number[]
  readonly drift?: number
}): number[] {
  const { information, bounds, drift = 0 } = input
  checkInformation(information)
  const finest = finestGap(information)
  let state: WalkState = START
  let crossed = 0
  return information.map((t, k) => {
    const bound = bounds[k]!
    crossed += tailMass({ from: state, t, bound, drift })
    crossed += tailMass({ from: state, t, bound: -bound, side: 'lower', drift })
    state = walkTo({ from: state, t, low: -bound, high: bound, finest, drift })
    return Math.min(1, crossed)
  })
}

/** The bound that a share of error buys on one side: Newton's method, kept inside a bracket. */
export function boundFor(input: {
  readonly from: WalkState
  readonly t: number
  readonly share: number
}): number {
  const { from, t, share } = input
  if (!(share > 0)) return LARGEST_BOUND
  const marginal = Math.min(LARGEST_BOUND, -normalQuantile(share))
  if (from === START || share < TINY) return marginal
  const deviation = Math.sqrt(t - from.t)
  // earlier looks only take mass away, so the bound is at most the marginal one
  let [low, high] = [LEAST_BOUND, marginal]
  let bound = marginal
  for (let step = 0; step < 80; step++) {
    const excess = tailMass({ from, t, bound }) - share
    if (excess > 0) low = bound
    else high = bound
    const slope = densityAt(from, bound * Math.sqrt(t), deviation) * Math.sqrt(t)
    const newton = bound + excess / slope
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - bound) < 1e-9) return next
    bound = next
  }
  return bound
}

function checkInformation(information: readonly number[]): void {
  const isRising = information.every((t, k) => t > (information[k - 1] ?? 0) && t <= 1)
  if (isRising && information.length > 0) return
  throw new FdsError('PARAM_INVALID', {
    name: 'information',
    expected: 'rising fractions in (0, 1]',
    got: String(information),
  })
}

/** No finer than a millionth: looks that close are one. */
function finestGap(information: readonly number[]): number {
  return Math.max(1e-6, Math.min(...information.map((t, k) => t - (information[k - 1] ?? 0))))
}
