import type { EChartsOption } from 'echarts'
import { chart, type Shown } from './show.ts'

type Point = readonly [x: number, y: number]

/** One set of marks in a plot; bars of the same stack stand on each other. */
export interface PlotSeries {
  readonly name: string
  readonly color: string
  readonly line?: readonly Point[]
  readonly dots?: readonly Point[]
  readonly bars?: readonly number[]
  readonly stack?: string
  readonly size?: number
  /** Words beside the dots. */
  readonly words?: string
}

export interface PlotInput {
  readonly title: string
  readonly subtitle: string
  /** What the axes say. */
  readonly x: string
  readonly y: string
  readonly series: readonly PlotSeries[]
  /** The places of bars, by name; without them the axis counts. */
  readonly places?: readonly string[]
  /** Bars lie, and the places are read from above. */
  readonly lying?: boolean
  readonly log?: boolean
  readonly from?: number
  readonly to?: number
  readonly top?: number
  /** Dashed lines across the axis that counts: values and what they say. */
  readonly marks?: Readonly<Record<string, number>>
  readonly height?: number
}

/** Lines, dots and bars with names on both axes, so that a cell says what is drawn and not how. */
export function plot(input: PlotInput): Shown {
  const { title, subtitle, places, lying = false, height } = input
  const counted = countedAxis(input)
  const named = { type: 'category' as const, data: [...(places ?? [])], inverse: lying }
  const other = { type: 'value' as const, name: lying ? '' : input.y, max: input.top }
  const [across, up] = lying ? [counted, named] : [places ? named : counted, other]
  const left = lying ? 30 + 8 * Math.max(...(places ?? []).map((place) => place.length)) : 84
  const option = {
    legend: { top: 64, left: 20, show: input.series.length > 1 },
    grid: {
      top: input.series.length > 1 ? 112 : 88,
      left: Math.max(left, 84),
      right: 40,
      bottom: 56,
    },
    xAxis: {
      nameLocation: 'middle',
      nameGap: 32,
      ...across,
      ...(places && !lying && { name: input.x }),
    },
    yAxis: { nameLocation: 'middle', nameGap: 58, ...up },
    series: input.series.map((series, at) => drawnSeries(series, at === 0 ? input : undefined)),
  }
  return chart({ title, subtitle, option: option as EChartsOption, ...(height && { height }) })
}

function countedAxis({ x, log, from, to }: PlotInput) {
  return { type: log ? 'log' : 'value', name: x, min: from, max: to } as const
}

function drawnSeries(series: PlotSeries, marked?: PlotInput) {
  const { name, color, line, dots, bars, stack, size, words } = series
  const marks = Object.entries(marked?.marks ?? {})
  return {
    name,
    color,
    type: line ? 'line' : bars ? 'bar' : 'scatter',
    data: [...(line ?? bars ?? dots ?? [])],
    ...(line && { symbol: 'none' }),
    ...(dots && { symbolSize: size ?? 5 }),
    ...(bars && { stack, barMaxWidth: 44 }),
    ...(words && { label: { show: true, position: 'bottom', distance: 10, formatter: words } }),
    ...(marks.length > 0 && {
      markLine: {
        symbol: 'none',
        silent: true,
        lineStyle: { color: '#5a5f66', type: 'dashed' },
        data: marks.map(([text, at]) => ({
          xAxis: at,
          label: { formatter: text, position: marked?.lying ? 'start' : 'end' },
        })),
      },
    }),
  }
}
