import { createRequire } from 'node:module'
import type { EChartsOption } from 'echarts'

/** Colours of Okabe and Ito, which colour-blind people can tell apart. */
export const COLORS = {
  blue: '#0072b2',
  vermilion: '#d55e00',
  green: '#009e73',
  orange: '#e69f00',
  sky: '#56b4e9',
  purple: '#cc79a7',
  grey: '#8a8f98',
} as const

/** Viridis from low to high, for what has an order; even steps of lightness. */
export const SCALE = ['#440154', '#46327e', '#365c8d', '#277f8e', '#1fa187', '#4ac16d', '#a0da39', '#fde725']

export const FONT = 'system-ui, sans-serif'
export const TEXT = '#1c1e21'
export const SOFT = '#5a5f66'
export const GRID = '#e3e4e6'

let loaded: typeof import('echarts') | undefined

/**
 * Draws an ECharts option as an SVG document that stands alone: well-formed XML without scripts and without outside
 * references; the same option gives the same text. ECharts is loaded at the first picture (some 60 ms).
 */
export function drawSvg(input: {
  readonly title: string
  readonly subtitle: string
  readonly option: EChartsOption
  readonly width?: number
  readonly height?: number
}): string {
  const { title, subtitle, option, width = 760, height = 420 } = input
  loaded ??= createRequire(import.meta.url)('echarts') as typeof import('echarts')
  const chart = loaded.init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ ...FRAME, title: { ...TITLE, text: title, subtext: subtitle }, ...option })
    return finished(chart.renderToSVGString(), title)
  } finally {
    chart.dispose()
  }
}

/** A picture that says why there is nothing to draw. */
export function emptySvg(title: string, note: string): string {
  return drawSvg({ title, subtitle: note, option: {}, height: 96 })
}

const FRAME: EChartsOption = {
  animation: false,
  backgroundColor: '#fff',
  textStyle: { fontFamily: FONT, color: TEXT },
}

const TITLE = {
  left: 20,
  top: 14,
  textStyle: { fontSize: 17, fontWeight: 600, color: TEXT },
  subtextStyle: { fontSize: 12, color: SOFT },
} as const

/** What only a live chart needs goes; ids lose the running number that would make two equal pictures differ. */
function finished(svg: string, title: string): string {
  const tidy = svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>\n?/g, '')
    .replace(/<[^<>]+>/g, (tag) =>
      tag
        .replace(/ (?:class|pointer-events|ecmeta_\w+)="[^"]*"/g, '')
        .replace(/(id="|url\(#)zr\d+-/g, `$1${idOf(title)}-`),
    )
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids them, so a name may not bring them in
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  return `${tidy.replace('<svg ', `<svg role="img" aria-label="${attributeOf(title)}" `)}\n`
}

function idOf(title: string): string {
  return title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')
}

function attributeOf(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
