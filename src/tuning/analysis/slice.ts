import type { StudyView } from '../samplers/sampler.ts'
import type { ParamValue } from '../study/distribution.ts'
import { nameAxis, type PlotOptions, targetNameOf, valueAxis } from './chart-axes.ts'
import { dots } from './chart-series.ts'
import { drawSvg, emptySvg, SCALE } from './draw-svg.ts'
import { countText, paddedRange } from './number-text.ts'
import { orderLegend } from './order-legend.ts'
import {
  choiceText,
  firstDistribution,
  isLogScale,
  type ShownTrial,
  shownParams,
  shownTrials,
} from './shown-trials.ts'

/** One parameter against the objective: an entry a completed trial that has the parameter. */
export interface Slice {
  readonly param: string
  readonly x: readonly ParamValue[]
  readonly y: readonly number[]
  readonly numbers: readonly number[]
  readonly isLog: boolean
  /** Null where the values are numbers. */
  readonly choices: readonly ParamValue[] | null
}

export interface ParamsPlotOptions extends PlotOptions {
  /** Only these parameters. */
  readonly params?: readonly string[]
}

const COLUMNS = 4
const PANEL = { width: 218, height: 232 }

/**
 * Each parameter's values and the objective at them, by the parameter's name. Completed trials with a finite value
 * count. PARAM_UNKNOWN for a name that none of them has. Cost O(trials × parameters).
 *
 * @example
 * sliceData(createStudy()).length // 0
 */
export function sliceData(study: StudyView, { params }: ParamsPlotOptions = {}): readonly Slice[] {
  const trials = shownTrials(study)
  return shownParams(trials, params).map((param) => sliceOf(trials, param))
}

function sliceOf(trials: readonly ShownTrial[], param: string): Slice {
  const having = trials.filter((trial) => Object.hasOwn(trial.params, param))
  const distribution = firstDistribution(having, param)
  return {
    param,
    x: having.map(({ params }) => params[param]!),
    y: having.map(({ value }) => value),
    numbers: having.map(({ number }) => number),
    isLog: isLogScale(distribution),
    choices: distribution.kind === 'categorical' ? distribution.choices : null,
  }
}

/**
 * A panel a parameter: its values against the objective, dots coloured by the trial's number, so that the search is
 * seen to move. An SVG document.
 *
 * @example
 * plotSlice(createStudy()).includes('No trial is complete') // true
 */
export function plotSlice(study: StudyView, options: ParamsPlotOptions = {}): string {
  const title = 'Slices'
  const slices = sliceData(study, options)
  if (slices.length === 0) return emptySvg(title, 'No trial is complete.')
  const columns = Math.min(COLUMNS, slices.length)
  const most = Math.max(...slices.flatMap(({ numbers }) => numbers.at(-1)!))
  const range = paddedRange(slices.flatMap(({ y }) => y))
  const name = targetNameOf(options)
  return drawSvg({
    title,
    subtitle: `${name} by parameter, ${countText(shownTrials(study).length, 'completed trial')}`,
    width: Math.max(480, 84 + columns * PANEL.width + 20),
    height: 88 + Math.ceil(slices.length / columns) * PANEL.height,
    option: {
      ...orderLegend({ from: '0', to: String(most), name: 'Trial' }),
      grid: slices.map((_, i) => ({
        left: 84 + (i % columns) * PANEL.width,
        top: 88 + Math.floor(i / columns) * PANEL.height,
        width: PANEL.width - 34,
        height: PANEL.height - 74,
      })),
      xAxis: slices.map((slice, grid) => xAxisOf(slice, grid)),
      yAxis: slices.map((_, grid) => {
        const isFirst = grid % columns === 0
        const axis = valueAxis({ name: isFirst ? name : '', isVertical: true, range, grid })
        return isFirst ? axis : { ...axis, axisLabel: { show: false } }
      }),
      series: slices.flatMap((slice, axis) => coloured(slice, axis, most)),
    },
  })
}

function xAxisOf({ param, x, isLog, choices }: Slice, grid: number) {
  if (choices) return nameAxis({ name: param, names: choices.map(choiceText), grid })
  const range = paddedRange((x as readonly number[]).map((value) => (isLog ? Math.log10(value) : value)))
  return valueAxis({ name: param, range, isLog, grid, ticks: 3 })
}

/** The panel's dots, a series for each colour. */
function coloured({ x, y, numbers, isLog, choices }: Slice, axis: number, most: number) {
  const place = (value: ParamValue): number => {
    if (choices) return choices.indexOf(value)
    return isLog ? Math.log10(value as number) : (value as number)
  }
  const points: number[][][] = SCALE.map(() => [])
  numbers.forEach((number, i) => {
    const shade = Math.floor((number / (most + 1)) * SCALE.length)
    points[shade]!.push([place(x[i]!), y[i]!])
  })
  return points.map((some, shade) =>
    dots({ name: 'Trial', points: some, color: SCALE[shade]!, axis, total: numbers.length }),
  )
}
