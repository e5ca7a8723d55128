import type { StudyView } from '../samplers/sampler.ts'
import { shapes, tenth } from './chart-series.ts'
import { drawSvg, emptySvg, FONT, SCALE, SOFT, TEXT } from './draw-svg.ts'
import { countText } from './number-text.ts'
import { type ParallelDimension, parallelCoordinateData } from './parallel-data.ts'
import { rankShade } from './rank-shade.ts'
import { sampled } from './sampled.ts'
import type { ParamsPlotOptions } from './slice.ts'

/** Lines in a picture at most. */
const MOST = 600

/**
 * Every completed trial as a line across one axis a parameter, the objective first, coloured by rank, the best the
 * darkest and on top. At most 600 lines, evenly chosen by rank. An SVG document.
 * PARAM_UNKNOWN for a name that no completed trial has.
 *
 * @example
 * plotParallelCoordinate(createStudy()).includes('No trial is complete') // true
 */
export function plotParallelCoordinate(study: StudyView, options: ParamsPlotOptions = {}): string {
  const title = 'Parallel coordinates'
  const { numbers, dimensions } = parallelCoordinateData(study, options)
  if (numbers.length === 0) return emptySvg(title, 'No trial is complete.')
  const values = dimensions[0]!.values
  const rank = rankShade(values, study)
  const sign = study.direction === 'minimize' ? 1 : -1
  const byRank = numbers.map((_, i) => i).sort((a, b) => sign * (values[a]! - values[b]!))
  const lines = sampled(byRank, MOST)
  const heights = dimensions.map(heightOn)
  const worstFirst = SCALE.map((color, shade) => ({ color, shade })).reverse()
  return drawSvg({
    title,
    subtitle: `${lines.length === numbers.length ? '' : `${lines.length} of `}${countText(numbers.length, 'completed trial')}; colours by rank`,
    width: Math.max(760, 120 * dimensions.length),
    height: 460,
    option: {
      ...rank.legend,
      grid: { top: 92, left: 12, right: 12, bottom: 48 },
      xAxis: { show: false, min: -0.75, max: dimensions.length - 0.55 },
      yAxis: { show: false, min: 0, max: 1 },
      series: [
        ...worstFirst.map(({ color, shade }) =>
          shapes({
            name: 'Trial',
            color,
            stroke: shade === 0 ? 1.6 : 1,
            opacity: shade === 0 ? 0.9 : 0.5,
            path: (pixelOf) =>
              lines
                .filter((line) => rank.shadeOf(values[line]!) === shade)
                .map((line) =>
                  linePath(heights.map((at, i) => pixelOf([i, at(dimensions[i]!.values[line]!)]))),
                )
                .join(''),
          }),
        ),
        ...dimensions.map((dimension, i) => axisSeries(dimension, i)),
      ],
    },
  })
}

/** From a value to its height, 0 to 1; an axis of one value has it in the middle. */
function heightOn({ range: [low, high] }: ParallelDimension): (value: number) => number {
  return (value) => (low === high ? 0.5 : (value - low) / (high - low))
}

function linePath(points: readonly number[][]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${tenth(x!)} ${tenth(y!)}`).join('')
}

/** The axis itself, its ticks' texts on white, and its name below. */
function axisSeries(dimension: ParallelDimension, index: number) {
  const at = heightOn(dimension)
  return {
    type: 'custom' as const,
    data: [[0, 0]],
    silent: true,
    clip: false,
    renderItem: (_: unknown, api: { coord(point: number[]): number[] }) => {
      const [x, bottom] = api.coord([index, 0]) as [number, number]
      const top = api.coord([index, 1])[1]!
      const text = (y: number, content: string, style: object) => ({
        type: 'text' as const,
        x,
        y,
        style: { text: content, fontSize: 11, fontFamily: FONT, fill: SOFT, ...style },
      })
      const label = { align: 'right', verticalAlign: 'bottom', x: -5, stroke: '#fff', lineWidth: 3 }
      return {
        type: 'group' as const,
        children: [
          { type: 'line' as const, shape: { x1: x, y1: bottom, x2: x, y2: top }, style: { stroke: SOFT } },
          ...spaced(dimension).map(([value, content]) =>
            text(api.coord([index, at(value)])[1]!, content, label),
          ),
          text(bottom + 14, dimension.label, {
            align: 'center',
            verticalAlign: 'top',
            fill: TEXT,
            fontSize: 12,
          }),
        ],
      }
    },
  }
}

/** The ticks whose texts do not touch the one below. */
function spaced(dimension: ParallelDimension): (readonly [value: number, text: string])[] {
  const at = heightOn(dimension)
  let last = Number.NEGATIVE_INFINITY
  return dimension.tickValues.flatMap((value, i) => {
    if (at(value) - last < 0.045) return []
    last = at(value)
    return [[value, dimension.tickText[i]!] as const]
  })
}
