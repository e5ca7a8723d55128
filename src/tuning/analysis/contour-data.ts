import type { StudyView } from '../samplers/sampler.ts'
import {
  choiceText,
  firstDistribution,
  isLogScale,
  isNumerical,
  type ShownTrial,
  shownParams,
  shownTrials,
} from './shown-trials.ts'

/** A parameter as one side of a contour plot. */
export interface ContourAxis {
  readonly name: string
  /** The values' ends and a twentieth of their distance (in the logarithm where `isLog`) on both sides. */
  readonly range: readonly [number, number]
  readonly isLog: boolean
  readonly isCategorical: boolean
  /** The different values, ascending; between the range's ends where they are two numbers or more. */
  readonly indices: readonly (number | string)[]
  /** One a trial; null where it has not the parameter. */
  readonly values: readonly (number | string | null)[]
}

/** The objective over two parameters: the best value at each pair of indices that was tried. */
export interface ContourPair {
  readonly x: string
  readonly y: string
  readonly z: readonly (readonly [xIndex: number, yIndex: number, value: number])[]
}

export interface Contour {
  readonly axes: readonly ContourAxis[]
  /** Each pair of parameters once, by name. */
  readonly pairs: readonly ContourPair[]
}

/**
 * The numbers behind a contour plot, as Optuna has them: completed trials with a finite value count. A pair with a
 * parameter of one value only is empty. PARAM_UNKNOWN for a name that no such trial has.
 * Cost O(trials × parameters²).
 *
 * @example
 * contourData(createStudy()).pairs.length // 0
 */
export function contourData(
  study: StudyView,
  options: { readonly params?: readonly string[] } = {},
): Contour {
  const trials = shownTrials(study)
  const axes = contourAxes(study, options)
  const pairs = axes.flatMap((x, i) => axes.slice(i + 1).map((y) => pairOf({ study, trials, x, y })))
  return { axes, pairs }
}

/** The axes alone, which cost O(trials × parameters). */
export function contourAxes(
  study: StudyView,
  options: { readonly params?: readonly string[] } = {},
): readonly ContourAxis[] {
  const trials = shownTrials(study)
  return shownParams(trials, options.params).map((name) => axisOf(trials, name))
}

function axisOf(trials: readonly ShownTrial[], name: string): ContourAxis {
  const distribution = firstDistribution(trials, name)
  const isNumber = isNumerical(distribution)
  const values = trials.map(({ params }) => {
    if (!Object.hasOwn(params, name)) return null
    return isNumber ? (params[name] as number) : choiceText(params[name]!)
  })
  const known = [...new Set(values.filter((value) => value !== null))]
  const isLog = isLogScale(distribution)
  if (!isNumber) return categoricalAxis(name, values, known as string[])
  const sorted = (known as number[]).sort((a, b) => a - b)
  const range = paddedBy(sorted, isLog)
  const indices = sorted.length < 2 ? sorted : [range[0], ...sorted, range[1]]
  return { name, range, isLog, isCategorical: false, indices, values }
}

function categoricalAxis(name: string, values: ContourAxis['values'], known: string[]): ContourAxis {
  const padding = (known.length - 1) * PADDING
  const range = [-padding, known.length - 1 + padding] as const
  return { name, range, isLog: false, isCategorical: true, indices: known.sort(), values }
}

const PADDING = 0.05

function paddedBy(sorted: readonly number[], isLog: boolean): readonly [number, number] {
  const [low, high] = [sorted[0]!, sorted.at(-1)!].map((value) => (isLog ? Math.log10(value) : value))
  const padding = (high! - low!) * PADDING
  const ends = [low! - padding, high! + padding] as const
  return isLog ? [10 ** ends[0], 10 ** ends[1]] : ends
}

function pairOf(input: {
  study: StudyView
  trials: readonly ShownTrial[]
  x: ContourAxis
  y: ContourAxis
}): ContourPair {
  const { study, trials, x, y } = input
  const better = study.direction === 'minimize' ? Math.min : Math.max
  const best = new Map<string, readonly [number, number, number]>()
  const usable = x.indices.length > 1 && y.indices.length > 1 ? trials : []
  const [xAt, yAt] = [x, y].map(({ indices }) => new Map(indices.map((value, i) => [value, i])))
  usable.forEach(({ value }, i) => {
    if (x.values[i] === null || y.values[i] === null) return
    const [column, row] = [xAt!.get(x.values[i]!)!, yAt!.get(y.values[i]!)!]
    const key = `${column} ${row}`
    best.set(key, [column, row, better(value, best.get(key)?.[2] ?? value)])
  })
  return { x: x.name, y: y.name, z: [...best.values()] }
}
