import { chart, type Shown } from './show.ts'

/** One thing drawn over two number axes. */
export interface XySeries {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly color: string
  /** A line through the points unless given. */
  readonly kind?: 'line' | 'dots'
  readonly size?: number
  /** Words beside the last point, above it unless `labelAt` says otherwise. */
  readonly label?: string
  readonly labelAt?: 'top' | 'bottom'
}

type Axis = readonly [name: string, min?: number, max?: number]

/** Most points of a line: more would make the picture large and no better. */
const MOST = 200

/** Lines and dots over two number axes: `x` and `y` are an axis' name and, where wanted, its ends. */
export function xyChart(input: {
  readonly title: string
  readonly subtitle: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly XySeries[]
}): Shown {
  const { title, subtitle, x, y, series } = input
  return chart({
    title,
    subtitle,
    option: {
      legend: { top: 46, right: 24, itemGap: 24, icon: 'roundRect', itemWidth: 14, itemHeight: 10 },
      grid: { top: 84, left: 76, right: 36, bottom: 56 },
      xAxis: { ...axisOf(x), nameGap: 30 },
      yAxis: { ...axisOf(y), nameGap: 50 },
      series: series.map(({ name, points, color, kind = 'line', size = 8, label, labelAt }) => ({
        type: kind === 'line' ? ('line' as const) : ('scatter' as const),
        name,
        color,
        data: thinned(points).map((point, at, all) => ({
          value: [...point],
          label: {
            show: label !== undefined && at === all.length - 1,
            position: labelAt ?? ('top' as const),
            formatter: () => label ?? '',
          },
        })),
        symbolSize: size,
        showSymbol: kind === 'dots',
        lineStyle: { width: 2 },
        itemStyle: { color, opacity: 0.85 },
        silent: true,
      })),
    },
  })
}

function axisOf([name, min, max]: Axis) {
  return {
    type: 'value' as const,
    name,
    nameLocation: 'middle' as const,
    scale: true,
    splitLine: { lineStyle: { color: '#e3e4e6' } },
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  }
}

/** The first point of each of `MOST` equal steps of x, and the last of all. */
function thinned(points: XySeries['points']): XySeries['points'] {
  if (points.length <= MOST) return points
  const xs = points.map(([x]) => x)
  const [low, high] = [Math.min(...xs), Math.max(...xs)]
  const stepOf = (x: number) => Math.floor((MOST * (x - low)) / (high - low))
  const isKept = ([x]: readonly [number, number], at: number) =>
    at === points.length - 1 || at === 0 || stepOf(x) !== stepOf(points[at - 1]![0])
  return points.filter(isKept)
}
