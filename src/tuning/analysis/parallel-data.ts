import type { StudyView } from '../samplers/sampler.ts'
import { numberText, shortText } from './number-text.ts'
import {
  choiceText,
  firstDistribution,
  isLogScale,
  isNumerical,
  linspace,
  type ShownTrial,
  shownParams,
  shownTrials,
} from './shown-trials.ts'
import type { ParamsPlotOptions } from './slice.ts'

/** One vertical axis of a parallel-coordinate plot; `values` has a number a trial. */
export interface ParallelDimension {
  /** The parameter's name, at most 19 letters. */
  readonly label: string
  /** The number, its log10, or a choice's index; below all others where the trial has not the parameter. */
  readonly values: readonly number[]
  readonly range: readonly [number, number]
  readonly isLog: boolean
  readonly isCategorical: boolean
  readonly hasMissing: boolean
  readonly tickValues: readonly number[]
  readonly tickText: readonly string[]
}

export interface ParallelCoordinate {
  readonly numbers: readonly number[]
  /** The objective first, then the parameters by name. */
  readonly dimensions: readonly ParallelDimension[]
}

const MISSING = 'none'

/**
 * The numbers behind a parallel-coordinate plot, as Optuna has them: completed trials with a finite value count. Choices
 * stand in the order of first appearance, numbers among them ascending; a trial without a parameter stands at "none",
 * an eighth below the least value. PARAM_UNKNOWN for a name that no such trial has. Cost O(trials × parameters).
 *
 * @example
 * parallelCoordinateData(createStudy()).numbers.length // 0
 */
export function parallelCoordinateData(
  study: StudyView,
  options: ParamsPlotOptions = {},
): ParallelCoordinate {
  const trials = shownTrials(study)
  if (trials.length === 0) return { numbers: [], dimensions: [] }
  const { targetName = 'Objective value' } = options
  const objective = trials.map(({ value }) => value)
  return {
    numbers: trials.map(({ number }) => number),
    dimensions: [
      numberDimension({ label: targetName, values: objective, isLog: false }),
      ...shownParams(trials, options.params).map((name) => dimensionOf(trials, name)),
    ],
  }
}

function dimensionOf(trials: readonly ShownTrial[], name: string): ParallelDimension {
  const distribution = firstDistribution(trials, name)
  const label = name.length < 20 ? name : `${name.slice(0, 17)}...`
  const values = trials.map(({ params }) => params[name])
  if (distribution.kind !== 'categorical') {
    const isLog = isLogScale(distribution)
    return numberDimension({ label, values: values as (number | undefined)[], isLog })
  }
  const known = [...new Set(values.filter((value) => value !== undefined))]
  if (isNumerical(distribution)) known.sort((a, b) => (a as number) - (b as number))
  const hasMissing = values.includes(undefined)
  const offset = hasMissing ? 1 : 0
  const places = values.map((value) => (value === undefined ? 0 : known.indexOf(value) + offset))
  const tickText = [
    ...(hasMissing ? [MISSING] : []),
    ...known.map((value) => shortText(choiceText(value), 12)),
  ]
  return {
    label,
    values: places,
    range: extentOf(places),
    isLog: false,
    isCategorical: true,
    hasMissing,
    tickValues: tickText.map((_, i) => i),
    tickText,
  }
}

function numberDimension(input: {
  label: string
  values: readonly (number | undefined)[]
  isLog: boolean
}): ParallelDimension {
  const { label, isLog } = input
  const values = input.values.map((value) => (value !== undefined && isLog ? Math.log10(value) : value))
  const [low, high] = extentOf(values.filter((value) => value !== undefined))
  const hasMissing = values.includes(undefined)
  const missing = low === high ? low - 1 : low - ((high - low) * 0.12) / 0.88
  const ticks = isLog ? decadesIn(low, high) : low === high ? [low] : linspace(low, high, 5)
  return {
    label,
    values: values.map((value) => value ?? missing),
    range: [hasMissing ? missing : low, high],
    isLog,
    isCategorical: false,
    hasMissing,
    tickValues: hasMissing ? [missing, ...ticks] : ticks,
    tickText: [
      ...(hasMissing ? [MISSING] : []),
      ...ticks.map((tick) => numberText(isLog ? 10 ** tick : tick)),
    ],
  }
}

/** Powers of ten between the ends, and the ends. */
function decadesIn(low: number, high: number): number[] {
  const count = Math.max(0, Math.floor(high) - Math.ceil(low) + 1)
  return [...new Set([low, ...Array.from({ length: count }, (_, i) => Math.ceil(low) + i), high])]
}

function extentOf(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
}
