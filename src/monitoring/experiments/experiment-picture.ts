import { createRequire } from 'node:module'
import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from 'echarts'
import type { Lang } from '../report/html.ts'
import type { ExperimentLook, ExperimentVerdict } from './experiment-verdict.ts'
import { unitOf } from './verdict-words.ts'

/** Colours by name, for light and for dark pages; blue and vermilion are apart for colour-blind people too. */
const COLORS = {
  page: ['#ffffff', '#16181b'],
  text: ['#1c1e21', '#e8eaed'],
  soft: ['#5a5f66', '#a7adb5'],
  grid: ['#e3e4e6', '#2e3238'],
  effect: ['#0072b2', '#6cb8ec'],
  band: ['#cfe3f1', '#1d3a52'],
  bound: ['#d55e00', '#ff9a57'],
} as const

const WORDS = {
  en: {
    title: 'Cost of the challenger less cost of the champion',
    below: 'below 0 the challenger is cheaper',
    nothing: 'No look has asked for a verdict yet.',
    x: 'Part of the planned labelled decisions, %',
    y: 'Difference in units of cost, per',
    band: 'Confidence sequence',
    effect: 'Difference',
    bound: 'Bound of a verdict',
  },
  ko: {
    title: '챌린저 비용 − 챔피언 비용',
    below: '0보다 작으면 챌린저가 더 저렴합니다',
    nothing: '아직 판정을 위한 확인이 없습니다.',
    x: '계획한 라벨 결정 중 모인 비율, %',
    y: '비용 차이(비용 단위), 기준:',
    band: '신뢰 시퀀스',
    effect: '차이',
    bound: '판정 경계',
  },
} as const

type Point = [x: number, y: number]
type Shown = ExperimentLook & {
  readonly difference: number
  readonly standard_error: number
  readonly bound: number
}

let loaded: typeof import('echarts') | undefined

/**
 * The effect at each look with its confidence sequence, the bounds of a verdict and a line at no difference: an SVG
 * document that stands alone, light or dark as its reader's page is. ECharts is loaded at the first picture.
 */
export function experimentPicture(input: {
  readonly verdict: Pick<ExperimentVerdict, 'primary'>
  readonly looks: readonly ExperimentLook[]
  readonly language: Lang
}): string {
  const words = WORDS[input.language]
  const shown = input.looks.filter((look): look is Shown => look.difference !== null && look.bound !== null)
  const unit = unitOf(input.verdict)[input.language === 'en' ? 0 : 1]
  const frame: EChartsOption = {
    animation: false,
    backgroundColor: COLORS.page[0],
    title: {
      ...{ left: 20, top: 14, text: words.title, subtext: shown.length === 0 ? words.nothing : words.below },
      textStyle: { fontSize: 17, fontWeight: 600, color: COLORS.text[0] },
      subtextStyle: { fontSize: 12, color: COLORS.soft[0] },
    },
  }
  if (shown.length === 0) return drawn(frame, words.title, 96)
  const option: EChartsOption = {
    ...frame,
    grid: { top: 84, left: 84, right: 28, bottom: 56 },
    legend: {
      itemGap: 24,
      top: 46,
      right: 24,
      textStyle: { color: COLORS.text[0] },
      data: [words.effect, words.band, words.bound],
    },
    xAxis: axis({ name: words.x, min: 0, max: 100 }),
    yAxis: { ...axis({ name: `${words.y} ${unit}`, ...rangeOf(shown) }), nameGap: 58 },
    series: seriesOf(shown, words),
  }
  return drawn(option, words.title, 420)
}

function seriesOf(shown: readonly Shown[], words: (typeof WORDS)[Lang]) {
  const at = (value: (look: Shown) => number): Point[] =>
    shown.map((look) => [100 * look.information, value(look)])
  const line = (name: string, data: Point[], color: string, dashed: boolean): LineSeriesOption => ({
    ...{ type: 'line', name, data, clip: true, showSymbol: !dashed, symbolSize: 6 },
    ...{ color, lineStyle: { color, width: 2, type: dashed ? 'dashed' : 'solid' } },
  })
  const effect = line(
    words.effect,
    at(({ difference }) => difference),
    COLORS.effect[0],
    false,
  )
  const zero = { silent: true, symbol: 'none', label: { show: false }, data: [{ yAxis: 0 }] }
  return [
    bandOf(
      words.band,
      at((look) => lowOf(look)),
      at((look) => highOf(look)),
    ),
    { ...effect, markLine: { ...zero, lineStyle: { color: COLORS.text[0], type: 'solid', width: 1 } } },
    line(
      words.bound,
      at((look) => look.bound * look.standard_error),
      COLORS.bound[0],
      true,
    ),
    line(
      words.bound,
      at((look) => -look.bound * look.standard_error),
      COLORS.bound[0],
      true,
    ),
  ] as NonNullable<EChartsOption['series']>
}

/** One polygon: along the upper ends and back along the lower ones. */
function bandOf(name: string, low: readonly Point[], high: readonly Point[]): CustomSeriesOption {
  return {
    type: 'custom',
    name,
    clip: true,
    color: COLORS.band[0],
    data: [[low[0]![0], low[0]![1]]],
    renderItem: (_, api) => ({
      type: 'polygon',
      shape: { points: [...high, ...low.toReversed()].map((point) => api.coord([...point])) },
      style: { fill: COLORS.band[0] },
    }),
  }
}

function lowOf({ confidence_sequence: sequence, difference }: Shown): number {
  return sequence?.[0] ?? difference
}

function highOf({ confidence_sequence: sequence, difference }: Shown): number {
  return sequence?.[1] ?? difference
}

/** Room for the last look's sequence and every effect; the first looks' bounds may leave the picture. */
function rangeOf(shown: readonly Shown[]): { readonly min: number; readonly max: number } {
  const last = shown.at(-1)!
  const ends = [lowOf(last), highOf(last), ...shown.map(({ difference }) => 1.2 * difference)]
  const reach = niceAbove(1.1 * Math.max(...ends.map(Math.abs)))
  return { min: -reach, max: reach }
}

/** The next of 1, 2, 2.5, 5 times a power of ten. */
function niceAbove(value: number): number {
  if (!(value > 0)) return 1
  const unit = 10 ** Math.floor(Math.log10(value))
  return unit * ([1, 2, 2.5, 5].find((step) => step * unit >= value) ?? 10)
}

function axis(input: { readonly name: string; readonly min: number; readonly max: number }) {
  const { name, min, max } = input
  return {
    ...{
      type: 'value' as const,
      name,
      min,
      max,
      interval: (max - min) / 4,
      nameLocation: 'middle' as const,
      nameGap: 32,
    },
    nameTextStyle: { color: COLORS.soft[0], fontSize: 12 },
    axisLabel: { color: COLORS.soft[0] },
    axisLine: { show: true, onZero: false, lineStyle: { color: COLORS.soft[0] } },
    splitLine: { lineStyle: { color: COLORS.grid[0] } },
  }
}

function drawn(option: EChartsOption, label: string, height: number): string {
  loaded ??= createRequire(import.meta.url)('echarts') as typeof import('echarts')
  const chart = loaded.init(null, null, { renderer: 'svg', ssr: true, width: 760, height })
  try {
    chart.setOption({ textStyle: { fontFamily: 'system-ui, sans-serif' }, ...option })
    return finished(chart.renderToSVGString(), label)
  } finally {
    chart.dispose()
  }
}

/** Without what only a live chart needs; the colours of a dark page in place of the light ones where one is wanted. */
function finished(svg: string, label: string): string {
  const dark = Object.values(COLORS)
    .map(([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`)
    .join('')
  const style = `<style>@media (prefers-color-scheme:dark){${dark}}</style>`
  return svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>\n?/g, '')
    .replace(/ (?:class|pointer-events|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/(id="|url\(#)zr\d+-/g, '$1experiment-')
    .replace(/<svg ([^>]*)>/, (_, rest: string) => `<svg role="img" aria-label="${label}" ${rest}>${style}`)
    .concat('\n')
}
