import { FdsError } from '../../errors.ts'

/** What a parameter may be set to. */
export type ParamValue = number | string | boolean | null
export type Params = Readonly<Record<string, ParamValue>>

/** A real number in [low, high]; uniform in its logarithm where `log`; on the grid low, low + step, … where `step`. */
export interface FloatDistribution {
  readonly kind: 'float'
  readonly low: number
  readonly high: number
  readonly log: boolean
  readonly step: number | null
}

/** A whole number in [low, high], both included, on the grid low, low + step, … */
export interface IntDistribution {
  readonly kind: 'int'
  readonly low: number
  readonly high: number
  readonly log: boolean
  readonly step: number
}

/** One of the choices; they have no order. */
export interface CategoricalDistribution {
  readonly kind: 'categorical'
  readonly choices: readonly ParamValue[]
}

export type NumericalDistribution = FloatDistribution | IntDistribution
export type Distribution = NumericalDistribution | CategoricalDistribution

/**
 * Checks and makes the distribution of a real parameter. `high` moves down to the grid where `step` does not
 * divide the range. Raises DISTRIBUTION_INVALID under Optuna's conditions.
 *
 * @example
 * floatDistribution({ name: 'x', low: 0, high: 1, step: 0.3 }).high // 0.9
 */
export function floatDistribution(input: {
  readonly name: string
  readonly low: number
  readonly high: number
  readonly log?: boolean
  readonly step?: number | null
}): FloatDistribution {
  const { name, low, high, log = false, step = null } = input
  const must = conditionsOf(name)
  must(Number.isFinite(low) && Number.isFinite(high), '`low` and `high` must be finite', { low, high })
  must(!(log && step !== null), '`step` must not be given when `log` is true', { step })
  must(low <= high, '`low <= high` must hold', { low, high })
  must(!log || low > 0, '`low > 0` must hold for `log: true`', { low, high })
  must(step === null || (step > 0 && Number.isFinite(step)), '`step > 0` must hold', { step })
  return Object.freeze({ kind: 'float', low, high: onGrid({ low, high, step }), log, step })
}

/**
 * Checks and makes the distribution of a whole-number parameter; see `floatDistribution`.
 *
 * @example
 * intDistribution({ name: 'depth', low: 4, high: 12 }).step // 1
 */
export function intDistribution(input: {
  readonly name: string
  readonly low: number
  readonly high: number
  readonly log?: boolean
  readonly step?: number
}): IntDistribution {
  const { name, low, high, log = false, step = 1 } = input
  const must = conditionsOf(name)
  const whole = [low, high, step].every(Number.isSafeInteger)
  must(whole, '`low`, `high` and `step` must be whole numbers', { low, high, step })
  must(!log || step === 1, '`step` must be 1 when `log` is true', { step })
  must(low <= high, '`low <= high` must hold', { low, high })
  must(!log || low >= 1, '`low >= 1` must hold for `log: true`', { low, high })
  must(step > 0, '`step > 0` must hold', { step })
  return Object.freeze({ kind: 'int', low, high: onGrid({ low, high, step }), log, step })
}

/**
 * Checks and makes the distribution of a parameter with named choices.
 *
 * @example
 * categoricalDistribution({ name: 'tree', choices: ['hist', 'exact'] }).choices.length // 2
 */
export function categoricalDistribution(input: {
  readonly name: string
  readonly choices: readonly ParamValue[]
}): CategoricalDistribution {
  const { name, choices } = input
  const must = conditionsOf(name)
  must(choices.length > 0, '`choices` must hold one or more elements', { length: choices.length })
  must(new Set(choices).size === choices.length, '`choices` must differ', { length: choices.length })
  return Object.freeze({ kind: 'categorical', choices: Object.freeze([...choices]) })
}

/** Whether only one value is possible, so that there is nothing to sample. */
export function isSingle(distribution: Distribution): boolean {
  if (distribution.kind === 'categorical') return distribution.choices.length === 1
  return distribution.low === distribution.high
}

/** The value as a number: itself, or a choice's index; NaN where the distribution cannot give it. */
export function toInternal(distribution: Distribution, value: ParamValue): number {
  if (distribution.kind !== 'categorical') return typeof value === 'number' ? value : Number.NaN
  const index = distribution.choices.indexOf(value)
  return index < 0 ? Number.NaN : index
}

/** The inverse of `toInternal`. */
export function fromInternal(distribution: Distribution, value: number): ParamValue {
  return distribution.kind === 'categorical' ? distribution.choices[value]! : value
}

/** Whether the distribution can give the value. */
export function contains(distribution: Distribution, value: ParamValue): boolean {
  const internal = toInternal(distribution, value)
  if (distribution.kind === 'categorical') return !Number.isNaN(internal)
  const { low, high, step } = distribution
  if (!(internal >= low && internal <= high)) return false
  if (step === null) return true
  const position = (internal - low) / step
  return Math.abs(position - Math.round(position)) < 1e-8
}

/** Whether two distributions are equal in every field. */
export function sameDistribution(a: Distribution, b: Distribution): boolean {
  if (a === b) return true
  if (a.kind === 'categorical' || b.kind === 'categorical') return JSON.stringify(a) === JSON.stringify(b)
  return a.kind === b.kind && a.low === b.low && a.high === b.high && a.log === b.log && a.step === b.step
}

/** Why the second may not follow the first under one name in one study, as Optuna says it; null where it may. */
export function changeRefused(first: Distribution, second: Distribution): string | null {
  if (first.kind !== second.kind) return `its kind was ${first.kind}, now ${second.kind}`
  if (first.kind === 'categorical') {
    return sameDistribution(first, second) ? null : 'its choices must stay as they were'
  }
  const log = (second as NumericalDistribution).log
  return first.log === log ? null : `its \`log\` was ${first.log}, now ${log}`
}

/** The distribution's range in words, for a message. */
export function rangeText(distribution: Distribution): string {
  if (distribution.kind === 'categorical') return `one of ${JSON.stringify(distribution.choices)}`
  const { kind, low, high, step } = distribution
  return `${kind === 'int' ? 'a whole number' : 'a number'} in [${low}, ${high}]${step === null || step === 1 ? '' : ` by steps of ${step}`}`
}

function conditionsOf(
  name: string,
): (holds: boolean, condition: string, got: Readonly<Record<string, number | null>>) => void {
  return (holds, condition, got) => {
    if (holds) return
    const values = Object.entries(got).map(([key, value]) => `${key}=${value}`)
    throw new FdsError('DISTRIBUTION_INVALID', { name, condition, got: `(${values.join(', ')})` })
  }
}

/** The last grid point at or below `high`; 15 digits undo the binary rounding of low + k × step. */
function onGrid({ low, high, step }: { low: number; high: number; step: number | null }): number {
  if (step === null) return high
  const steps = (high - low) / step
  if (Math.abs(steps - Math.round(steps)) < 1e-9) return high
  return Number((low + Math.floor(steps) * step).toPrecision(15))
}
