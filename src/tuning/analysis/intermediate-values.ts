import { stepsOf } from '../pruners/pruner.ts'
import type { StudyView } from '../samplers/sampler.ts'
import type { TrialState } from '../study/trial.ts'
import { LEGEND, valueAxis } from './chart-axes.ts'
import { shapes, tenth } from './chart-series.ts'
import { COLORS, drawSvg, emptySvg } from './draw-svg.ts'
import { countText, paddedRange } from './number-text.ts'
import { sampled } from './sampled.ts'

/** What one trial reported, by step, ascending. */
export interface IntermediateValues {
  readonly number: number
  readonly state: TrialState
  readonly values: readonly (readonly [step: number, value: number])[]
}

/** Lines in a picture at most. */
const MOST = 300

/**
 * What trials reported while they ran: complete, pruned and running ones that reported anything. Cost O(reports).
 *
 * @example
 * intermediateValuesData(createStudy()).length // 0
 */
export function intermediateValuesData({ trials }: StudyView): readonly IntermediateValues[] {
  return trials
    .filter(({ state }) => state === 'COMPLETE' || state === 'PRUNED' || state === 'RUNNING')
    .map((trial) => ({
      number: trial.number,
      state: trial.state,
      values: stepsOf(trial).map((step) => [step, trial.intermediateValues[step]!] as const),
    }))
    .filter(({ values }) => values.length > 0)
}

/**
 * The learning curves as a picture: a line a trial, coloured by how it ended, the best one on top. At most 300 lines,
 * evenly chosen. An SVG document; what is not finite leaves a gap.
 *
 * @example
 * plotIntermediateValues(createStudy()).includes('No trial has reported') // true
 */
export function plotIntermediateValues(
  study: StudyView,
  options: { readonly valueName?: string } = {},
): string {
  const title = 'Intermediate values'
  const all = intermediateValuesData(study)
  const finite = all.flatMap(({ values }) => values).filter(([, value]) => Number.isFinite(value))
  if (finite.length === 0) return emptySvg(title, 'No trial has reported a value.')
  const shown = sampled(all, MOST)
  const best = bestNumber(study)
  const lines = (name: string, color: string, keep: (trial: IntermediateValues) => boolean, stroke = 1) => {
    const kept = shown.filter(keep)
    return kept.length === 0
      ? []
      : [
          shapes({
            name,
            color,
            stroke,
            opacity: stroke > 1 ? 1 : 0.55,
            path: (pixelOf) => pathOf(kept, pixelOf),
          }),
        ]
  }
  const series = [
    ...lines('Complete', COLORS.blue, ({ state, number }) => state === 'COMPLETE' && number !== best),
    ...lines('Pruned', COLORS.orange, ({ state }) => state === 'PRUNED'),
    ...lines('Running', COLORS.green, ({ state }) => state === 'RUNNING'),
    ...lines(`Best (trial ${best})`, COLORS.vermilion, ({ number }) => number === best, 2.5),
  ]
  return drawSvg({
    title,
    subtitle:
      shown.length < all.length ? `${shown.length} of ${all.length} trials` : countText(all.length, 'trial'),
    option: {
      legend: LEGEND,
      grid: { top: 84, left: 84, right: 28, bottom: 56 },
      xAxis: valueAxis({ name: 'Step', isWhole: true, range: paddedRange(finite.map(([step]) => step)) }),
      yAxis: valueAxis({
        name: options.valueName ?? 'Intermediate value',
        isVertical: true,
        range: paddedRange(finite.map(([, value]) => value)),
      }),
      series,
    },
  })
}

/** A line through each trial's finite values; a lone value is a short dash. */
function pathOf(trials: readonly IntermediateValues[], pixelOf: (point: number[]) => number[]): string {
  const parts: string[] = []
  for (const { values } of trials) {
    let isOpen = false
    for (const [step, value] of values) {
      const [x, y] = pixelOf([step, value]).map(tenth)
      if (Number.isFinite(value)) parts.push(isOpen ? `L${x} ${y}` : `M${x! - 2} ${y}L${x} ${y}`)
      isOpen = Number.isFinite(value)
    }
  }
  return parts.join('')
}

function bestNumber({ trials, direction }: StudyView): number | undefined {
  const sign = direction === 'minimize' ? 1 : -1
  const completed = trials.filter(({ state }) => state === 'COMPLETE')
  if (completed.length === 0) return undefined
  return completed.reduce((best, trial) => (sign * trial.value! < sign * best.value! ? trial : best)).number
}
