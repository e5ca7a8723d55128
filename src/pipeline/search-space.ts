import { FdsError } from '../errors.ts'
import { PARAMS, type ParamSpec, parseParams } from '../model/index.ts'
import { type Distribution, floatDistribution, intDistribution } from '../tuning/index.ts'

/** Bounds of one parameter, both included; with `log` it is searched by its logarithm. */
export interface SearchRange {
  readonly low: number
  readonly high: number
  readonly log?: boolean
}

/** What a study searches: ranges by XGBoost's names. */
export type SearchSpace = Readonly<Record<string, SearchRange>>

/**
 * What is searched unless the caller says otherwise. The number of trees is not in it: early stopping finds that.
 * Learning rate and depth have the specification's ranges (section 2-1), the others were measured, see
 * docs/decisions/0029-tuning-trees.md.
 */
export const DEFAULT_SPACE: SearchSpace = {
  learning_rate: { low: 0.01, high: 0.3, log: true },
  max_depth: { low: 4, high: 12 },
  min_child_weight: { low: 1, high: 100, log: true },
  subsample: { low: 0.5, high: 1 },
  colsample_bytree: { low: 0.3, high: 1 },
  reg_lambda: { low: 0.01, high: 100, log: true },
}

/** The specification's study, section 2-1. */
export const SPECIFICATION_SPACE: SearchSpace = {
  n_estimators: { low: 100, high: 500 },
  max_depth: { low: 4, high: 12 },
  learning_rate: { low: 0.01, high: 0.3, log: true },
}

/**
 * The distributions of a space under XGBoost's first names (`eta` is `learning_rate`), in the space's order; whole
 * numbers where XGBoost wants them. Errors: PARAM_UNKNOWN; PARAM_INVALID for a bound that XGBoost refuses, for a
 * parameter that has no range or that all trials share, and for one named twice; DISTRIBUTION_INVALID for an inverted
 * range and for the logarithm of a bound that is not positive.
 *
 * @example
 * const eta = { low: 0.01, high: 0.3, log: true }
 * Object.keys(distributionsOf({ eta })) // ['learning_rate']
 */
export function distributionsOf(space: SearchSpace): Readonly<Record<string, Distribution>> {
  const entries = Object.entries(space).map(([given, range]) => {
    const { name, rule } = searchable(given)
    for (const bound of [range.low, range.high]) parseParams({ [given]: bound })
    const { low, high, log = false } = range
    const make = rule.kind === 'integer' ? intDistribution : floatDistribution
    return [name, make({ name, low, high, log })] as const
  })
  const names = entries.map(([name]) => name)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) refuse(twice, 'searched in one range', 'two')
  return Object.fromEntries(entries)
}

/** XGBoost's defaults of the searched parameters, as far as they lie within the ranges. */
export function defaultsWithin(
  distributions: Readonly<Record<string, Distribution>>,
): Readonly<Record<string, number>> {
  const entries = Object.entries(distributions).flatMap(([name, distribution]) => {
    const value = specOf(name)?.default
    if (distribution.kind === 'categorical' || typeof value !== 'number') return []
    return value >= distribution.low && value <= distribution.high ? [[name, value] as const] : []
  })
  return Object.fromEntries(entries)
}

/** The same parameters under XGBoost's first names. Errors: those of `parseParams`. */
export function underFirstNames(
  params: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  parseParams(params)
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [specOf(name)?.name ?? name, value]),
  )
}

/** All trials share one set of bins, one seed, one rule to stop and the threads. */
const SHARED = ['max_bin', 'seed', 'early_stopping_rounds', 'n_jobs']

function searchable(given: string): ParamSpec {
  const spec = specOf(given)
  if (!spec) {
    // throws PARAM_UNKNOWN for what nobody knows
    parseParams({ [given]: 'searched' })
    return refuse(given, 'a parameter with a range of numbers', 'one with a single value')
  }
  const { kind } = spec.rule
  if (SHARED.includes(spec.name)) refuse(given, 'the same for all trials', 'a range')
  if (kind !== 'number' && kind !== 'integer') refuse(given, 'a parameter of numbers to be searched', kind)
  return spec
}

function specOf(name: string): ParamSpec | undefined {
  return Object.values(PARAMS).find((spec) => spec.name === name || spec.aliases?.includes(name))
}

function refuse(name: string, expected: string, got: string): never {
  throw new FdsError('PARAM_INVALID', { name, expected, got })
}
