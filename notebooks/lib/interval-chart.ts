import { chart, type Shown } from './show.ts'

/** Estimates with their intervals, one below another, and a dashed line at no difference. */
export function intervalChart(input: {
  readonly title: string
  readonly subtitle: string
  readonly x: readonly [name: string, min: number, max: number]
  readonly color: string
  readonly rows: readonly {
    readonly name: string
    readonly value: number
    readonly ci: readonly [low: number, high: number]
  }[]
}): Shown {
  const { title, subtitle, x, color, rows } = input
  const lines = rows.map(({ ci: [low, high] }, row) => ({
    type: 'line' as const,
    symbol: 'rect',
    symbolSize: [3, 18],
    lineStyle: { width: 3, color },
    itemStyle: { color },
    data: [
      [low, row],
      [high, row],
    ],
  }))
  return chart({
    title,
    subtitle,
    height: 150 + 90 * rows.length,
    option: {
      grid: { left: 170, right: 40, top: 96, bottom: 56 },
      xAxis: {
        type: 'value',
        name: x[0],
        nameLocation: 'middle',
        nameGap: 32,
        min: x[1],
        max: x[2],
      },
      yAxis: { type: 'category', inverse: true, data: rows.map(({ name }) => name) },
      series: [
        ...lines,
        {
          type: 'scatter',
          symbolSize: 13,
          itemStyle: { color, opacity: 1 },
          data: rows.map(({ value }, row) => ({
            value: [value, row],
            label: {
              show: true,
              position: 'top' as const,
              distance: 10,
              formatter: () => value.toFixed(2),
            },
          })),
          markLine: {
            symbol: 'none',
            silent: true,
            lineStyle: { color: '#8a8f98', type: 'dashed' },
            label: { formatter: '차이 없음', position: 'start' },
            data: [{ xAxis: 0 }],
          },
        },
      ],
    },
  })
}
