import { chart, type Shown } from './show.ts'

/** One row of values over the categories; null leaves a gap. */
export interface CategorySeries {
  readonly name: string
  readonly values: readonly (number | null)[]
  readonly color: string
  /** `line` unless given. */
  readonly kind?: 'line' | 'dashed' | 'dots' | 'bars'
}

interface CategoryChart {
  readonly title: string
  readonly subtitle: string
  readonly x: readonly [name: string, categories: readonly (string | number)[]]
  readonly y: readonly [name: string, min: number, max: number]
  readonly series: readonly CategorySeries[]
  /** A thin level line with its words. */
  readonly level?: readonly [value: number, words: string]
}

/** Lines or bars over named places, such as days; series of one name share their place in the legend. */
export function categoryChart({ title, subtitle, x, y, series, level }: CategoryChart): Shown {
  return chart({
    title,
    subtitle,
    option: {
      legend: { top: 56, right: 24, itemGap: 24, icon: 'roundRect', itemWidth: 14, itemHeight: 10 },
      grid: { top: 96, left: 70, right: 48, bottom: 60 },
      xAxis: {
        type: 'category',
        name: x[0],
        nameLocation: 'middle',
        nameGap: 34,
        data: x[1].map(String),
      },
      yAxis: { type: 'value', name: y[0], min: y[1], max: y[2] },
      series: series.map(({ name, values, color, kind = 'line' }, at) => ({
        name,
        color,
        data: [...values],
        silent: true,
        ...(kind === 'bars'
          ? { type: 'bar' as const, label: { show: true, position: 'top' as const } }
          : {
              type: 'line' as const,
              showSymbol: kind === 'dots',
              symbolSize: 6,
              lineStyle: { width: 2, type: kind === 'dashed' ? ('dashed' as const) : 'solid' },
            }),
        ...(at === 0 && level && { markLine: levelLine(level) }),
      })),
    },
  })
}

/** Bars that lie, each with its words at the end. */
export function lyingBars(input: {
  readonly title: string
  readonly subtitle: string
  readonly bars: readonly (readonly [name: string, value: number, words: string, color: string])[]
}): Shown {
  const { title, subtitle, bars } = input
  return chart({
    title,
    subtitle,
    height: 110 + 56 * bars.length,
    option: {
      grid: { left: 120, right: 130, top: 76, bottom: 30 },
      xAxis: { type: 'value', axisLabel: { formatter: (n: number) => n.toLocaleString('ko-KR') } },
      yAxis: { type: 'category', inverse: true, data: bars.map(([name]) => name) },
      series: {
        type: 'bar',
        silent: true,
        data: bars.map(([, value, words, color]) => ({
          value,
          itemStyle: { color },
          label: { show: true, position: 'right' as const, formatter: () => words },
        })),
      },
    },
  })
}

function levelLine([value, words]: readonly [number, string]) {
  return {
    symbol: 'none',
    silent: true,
    lineStyle: { color: '#8a8f98', type: 'dashed' as const },
    label: { formatter: words, position: 'end' as const },
    data: [{ yAxis: value }],
  }
}
