import type { StudyView } from '../samplers/sampler.ts'
import { LEGEND, type PlotOptions, targetNameOf, valueAxis } from './chart-axes.ts'
import { dots, stepLine } from './chart-series.ts'
import { COLORS, drawSvg, emptySvg } from './draw-svg.ts'
import { paddedRange } from './number-text.ts'

/** One entry a trial, in the order of the numbers. */
export interface OptimizationHistory {
  readonly numbers: readonly number[]
  /** The objective; NaN where the trial is not complete. */
  readonly values: readonly number[]
  /** The best value so far; an infinity of the worse sign before the first. */
  readonly best: readonly number[]
}

/**
 * The objective of each trial and the best one so far, as Optuna plots them. Empty where no trial is complete.
 * Cost O(trials).
 *
 * @example
 * optimizationHistoryData(createStudy()).numbers.length // 0
 */
export function optimizationHistoryData({ trials, direction }: StudyView): OptimizationHistory {
  if (!trials.some(({ state }) => state === 'COMPLETE')) return { numbers: [], values: [], best: [] }
  const better = direction === 'minimize' ? Math.min : Math.max
  let best = direction === 'minimize' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  const values = trials.map(({ state, value }) => (state === 'COMPLETE' ? value! : Number.NaN))
  return {
    numbers: trials.map(({ number }) => number),
    values,
    best: values.map((value) => {
      if (!Number.isNaN(value)) best = better(best, value)
      return best
    }),
  }
}

/**
 * The optimization history as a picture: a dot a completed trial, and a line at the best value so far. An SVG document;
 * infinite values have no place on it.
 *
 * @example
 * plotOptimizationHistory(createStudy()).includes('No trial is complete') // true
 */
export function plotOptimizationHistory(study: StudyView, options: PlotOptions = {}): string {
  const title = 'Optimization history'
  const { numbers, values, best } = optimizationHistoryData(study)
  if (numbers.length === 0) return emptySvg(title, 'No trial is complete.')
  const pointsOf = (column: readonly number[]) => column.map((value, i) => [numbers[i]!, value])
  return drawSvg({
    title,
    subtitle: `${values.filter(Number.isFinite).length} of ${numbers.length} trials, ${study.direction}`,
    option: {
      legend: LEGEND,
      grid: { top: 84, left: 84, right: 28, bottom: 56 },
      xAxis: valueAxis({ name: 'Trial', isWhole: true, range: paddedRange(numbers) }),
      yAxis: valueAxis({ name: targetNameOf(options), isVertical: true, range: paddedRange(values) }),
      series: [
        dots({ name: targetNameOf(options), points: pointsOf(values), color: COLORS.blue }),
        stepLine({ name: 'Best value', points: pointsOf(best), color: COLORS.vermilion }),
      ],
    },
  })
}
