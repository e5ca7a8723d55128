import type { EChartsOption } from 'echarts'
import { chart, type Shown } from './show.ts'

/** Over places a number, or null for a gap; over an axis that counts a point. */
type Value = number | null | readonly [x: number, y: number]

/** An axis' name and, where wanted, its ends. */
type Axis = string | readonly [name: string, min?: number, max?: number]

/** One set of marks: a line, dots or bars. Sets of one name share their place in the legend. */
export interface PlotSeries {
  readonly name: string
  readonly color: string
  readonly line?: readonly Value[]
  readonly dots?: readonly Value[]
  readonly bars?: readonly Value[]
  /** Bars of one stack stand on each other. */
  readonly stack?: string
  readonly isDashed?: boolean
  /** Whether a line has a dot at each of its values. */
  readonly isDotted?: boolean
  /** Of dots, in pixels: 6 unless given. */
  readonly size?: number
  /** What stands beside each bar or dot. */
  readonly words?: readonly (string | number)[]
}

export interface PlotInput {
  readonly title: string
  readonly subtitle: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly PlotSeries[]
  /** The names of the places along x; without them x counts. */
  readonly places?: readonly string[]
  /** Whether bars lie: the places are then read from above, and x counts. */
  readonly isLying?: boolean
  readonly isLog?: boolean
  /** Dashed lines across the values: what they say, and where. */
  readonly marks?: Readonly<Record<string, number>>
  /** In pixels: 420 unless given. */
  readonly height?: number
}

/** Lines, dots and bars with names on both axes, so that a cell says what is drawn and not how. */
export function plot(input: PlotInput): Shown {
  const { title, subtitle, places, isLying = false, isLog = false, series, height } = input
  const placed = places && { type: 'category' as const, data: [...places], inverse: isLying }
  const top = series.length > 1 ? 112 : 88
  const left = isLying ? 30 + 8 * Math.max(...places!.map((place) => place.length)) : 0
  const option = {
    legend: { ...LEGEND, show: series.length > 1 },
    grid: { top, left: Math.max(left, 84), right: isLying ? 130 : 48, bottom: 56 },
    xAxis: { ...axisOf(input.x, 32), ...(isLog && { type: 'log' }), ...(!isLying && placed) },
    yAxis: { ...axisOf(input.y, 58), ...(isLying && { ...placed, name: '' }) },
    series: series.map((one, at) => drawnSeries(one, input, at === 0)),
  }
  return chart({ title, subtitle, option: option as EChartsOption, ...(height && { height }) })
}

const LEGEND = { top: 64, left: 20, itemGap: 24, icon: 'roundRect', itemWidth: 14, itemHeight: 10 }

function axisOf(axis: Axis, nameGap: number) {
  const [name, min, max] = typeof axis === 'string' ? [axis] : axis
  return { type: 'value', name, nameLocation: 'middle', nameGap, min, max }
}

function drawnSeries(series: PlotSeries, input: PlotInput, isFirst: boolean) {
  const { name, color, line, dots, bars, stack, isDashed, isDotted, size = 6, words } = series
  const position = dots ? 'bottom' : input.isLying ? 'right' : 'top'
  const values = line && !input.places ? thinned(line) : (line ?? dots ?? bars ?? [])
  return {
    name,
    color,
    silent: true,
    type: line ? 'line' : bars ? 'bar' : 'scatter',
    data: values.map((value, at) => ({
      value,
      ...(words && {
        label: { show: true, position, formatter: () => words[at]!.toLocaleString('ko-KR') },
      }),
    })),
    ...(dots && { symbolSize: size }),
    ...(bars && { stack, barMaxWidth: 44 }),
    ...(line && {
      showSymbol: isDotted === true,
      symbolSize: size,
      lineStyle: { width: 2, type: isDashed ? 'dashed' : 'solid' },
    }),
    ...(isFirst && input.marks && { markLine: markLine(input) }),
  }
}

function markLine({ marks = {}, places, isLying }: PlotInput) {
  const axis = places && !isLying ? 'yAxis' : 'xAxis'
  return {
    symbol: 'none',
    silent: true,
    lineStyle: { color: '#5a5f66', type: 'dashed' },
    data: Object.entries(marks).map(([words, at]) => ({
      [axis]: at,
      label: { formatter: words, position: isLying ? 'start' : 'end' },
    })),
  }
}

/** Most points of a line: more would make the picture large and no better. */
const MOST = 200

/** The first point of each of `MOST` equal steps of x, and the last of all. */
function thinned(values: readonly Value[]): readonly Value[] {
  if (values.length <= MOST) return values
  const xs = values.map((value) => (value as readonly [number, number])[0])
  const [low, high] = [Math.min(...xs), Math.max(...xs)]
  const stepOf = (at: number) => Math.floor((MOST * (xs[at]! - low)) / (high - low))
  const isKept = (_: Value, at: number) =>
    at === 0 || at === values.length - 1 || stepOf(at) !== stepOf(at - 1)
  return values.filter(isKept)
}
