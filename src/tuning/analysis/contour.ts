import type { StudyView } from '../samplers/sampler.ts'
import { nameAxis, targetNameOf, valueAxis } from './chart-axes.ts'
import { dots, shapes, tenth } from './chart-series.ts'
import { type ContourAxis, contourAxes } from './contour-data.ts'
import { drawSvg, emptySvg, SCALE, TEXT } from './draw-svg.ts'
import { countText, paddedRange } from './number-text.ts'
import { getParamImportances } from './param-importances.ts'
import { type RankShade, rankShade } from './rank-shade.ts'
import { shownTrials } from './shown-trials.ts'
import type { ParamsPlotOptions } from './slice.ts'
import { surfaceNear } from './surface.ts'

/** Parameters in a picture unless they are named. */
const MOST = 4
/** Cells of the surface along an axis of numbers. */
const CELLS = 60

/**
 * The objective over pairs of parameters as a picture: trials as dots, beneath them a smooth surface near their values,
 * coloured by rank, the best the darkest. The four most important parameters unless `params` names others; a
 * parameter with one value only is left out. An SVG document. PARAM_UNKNOWN for a name that no completed trial has.
 *
 * @example
 * plotContour(createStudy()).includes('two parameters') // true
 */
export function plotContour(study: StudyView, options: ParamsPlotOptions = {}): string {
  const title = 'Contours'
  const axes = chosenAxes(study, options.params)
  const trials = shownTrials(study)
  if (axes.length < 2) return emptySvg(title, 'A contour needs two parameters with two values or more each.')
  const side = axes.length === 2 ? { width: 560, height: 400 } : { width: 240, height: 204 }
  const rank = rankShade(
    trials.map(({ value }) => value),
    study,
  )
  const panels = axes
    .slice(1)
    .flatMap((y, row) => axes.slice(0, row + 1).map((x, column) => ({ x, y, row, column })))
  const rows = axes.length - 1
  return drawSvg({
    title,
    subtitle: `${targetNameOf(options)}, ${countText(trials.length, 'completed trial')}; colours by rank`,
    width: 100 + rows * side.width,
    height: 84 + rows * side.height + 40,
    option: {
      ...rank.legend,
      grid: panels.map(({ row, column }) => ({
        left: 92 + column * side.width,
        top: 84 + row * side.height,
        width: side.width - 24,
        height: side.height - 22,
      })),
      xAxis: panels.map(({ x, row }, grid) => shownAxis(x, { grid, isShown: row === rows - 1 })),
      yAxis: panels.map(({ y, column }, grid) =>
        shownAxis(y, { grid, isShown: column === 0, isVertical: true }),
      ),
      series: panels.flatMap(({ x, y }, axis) =>
        panelSeries({ x, y, axis, rank, values: trials.map((t) => t.value) }),
      ),
    },
  })
}

function chosenAxes(study: StudyView, wanted: readonly string[] | undefined): readonly ContourAxis[] {
  const usable = contourAxes(study, wanted && { params: wanted }).filter(({ indices }) => indices.length > 1)
  if (wanted || usable.length <= MOST) return usable
  const byImportance = Object.keys(getParamImportances(study))
  return usable.toSorted((a, b) => byImportance.indexOf(a.name) - byImportance.indexOf(b.name)).slice(0, MOST)
}

function shownAxis(axis: ContourAxis, place: { grid: number; isShown: boolean; isVertical?: boolean }) {
  const { grid, isShown, isVertical = false } = place
  const name = isShown ? axis.name : ''
  const made = axis.isCategorical
    ? nameAxis({ name, names: axis.indices.map(String), grid, isVertical })
    : valueAxis({ name, range: rangeOf(axis), isLog: axis.isLog, grid, isVertical, ticks: 4 })
  return isShown ? made : { ...made, axisLabel: { show: false } }
}

function rangeOf({ range, isLog }: ContourAxis): [number, number] {
  const [low, high] = isLog ? range.map(Math.log10) : range
  return low! < high! ? [low!, high!] : paddedRange([low!])
}

/** Where a value stands on its axis: a choice's index, a number or its log10. */
function placeOn({ indices, isLog, isCategorical }: ContourAxis): (value: number | string) => number {
  if (isCategorical) return (value) => indices.indexOf(value)
  return (value) => (isLog ? Math.log10(value as number) : (value as number))
}

function panelSeries(input: {
  x: ContourAxis
  y: ContourAxis
  axis: number
  rank: RankShade
  values: readonly number[]
}) {
  const { x, y, axis, rank, values } = input
  const [placeX, placeY] = [placeOn(x), placeOn(y)]
  const tried = values.flatMap((value, i) => {
    if (x.values[i] === null || y.values[i] === null) return []
    return [{ x: placeX(x.values[i]!), y: placeY(y.values[i]!), value }]
  })
  if (tried.length === 0) return []
  const [across, up] = [sideOf(x), sideOf(y)]
  const surface = surfaceNear(
    tried.map((point) => ({
      u: (point.x - across.low) / (across.high - across.low),
      v: (point.y - up.low) / (up.high - up.low),
      value: point.value,
    })),
    { columns: across.cells, rows: up.cells, across: across.tie, up: up.tie },
  )
  const shades = Array.from(surface, (value) => rank.shadeOf(value))
  const points = tried.map((point) => [point.x, point.y])
  return [
    ...SCALE.map((color, shade) =>
      shapes({
        name: 'Surface',
        color,
        axis,
        path: (pixelOf) =>
          bandPath({
            shades,
            shade,
            columns: across.cells,
            from: pixelOf([across.low, up.low]),
            to: pixelOf([across.high, up.high]),
          }),
      }),
    ),
    dots({ name: 'Trial', points, color: '#ffffff', axis, total: points.length, edge: TEXT }),
  ]
}

function sideOf(axis: ContourAxis): { low: number; high: number; cells: number; tie: number } {
  if (axis.isCategorical)
    return { low: -0.5, high: axis.indices.length - 0.5, cells: axis.indices.length, tie: 0.02 }
  const [low, high] = rangeOf(axis)
  return { low, high, cells: CELLS, tie: 1 }
}

/** The cells of a shade and of all darker ones drawn over lighter ones: neighbours overlap, so that no seams show. */
function bandPath(input: {
  shades: readonly number[]
  shade: number
  columns: number
  from: number[]
  to: number[]
}): string {
  const { shades, shade, columns, from, to } = input
  const rows = shades.length / columns
  const [width, height] = [(to[0]! - from[0]!) / columns, (to[1]! - from[1]!) / rows]
  const parts: string[] = []
  for (let row = 0; row < rows; row++) {
    for (let start = 0, end = 0; start < columns; start = Math.max(end, start + 1)) {
      end = start
      while (end < columns && shades[row * columns + end] === shade) end += 1
      if (end === start) continue
      const [left, right] = [from[0]! + start * width, from[0]! + end * width + 0.5]
      const [bottom, top] = [from[1]! + row * height + 0.5, from[1]! + (row + 1) * height]
      parts.push(`M${tenth(left)} ${tenth(bottom)}H${tenth(right)}V${tenth(top)}H${tenth(left)}Z`)
    }
  }
  return parts.join('')
}
