import { html } from '../../src/monitoring/report/html.ts'
import { picture, type Shown } from './show.ts'

/** A panel as a Grafana dashboard's file has it, as far as a plan of the page shows it. */
export interface PlannedPanel {
  readonly title: string
  /** Grafana's name of its kind, such as `stat` or `timeseries`; `row` begins a part of the page. */
  readonly type: string
  /** Columns from the left of 24, rows from the top, and how many of each. */
  readonly gridPos: {
    readonly x: number
    readonly y: number
    readonly w: number
    readonly h: number
  }
}

const COLUMN = 34
const ROW = 17
const LEFT = 20
const TOP = 56
const GAP = 4

const KINDS: Readonly<Record<string, string>> = {
  stat: '숫자 하나',
  timeseries: '시계열',
  piechart: '원 그래프',
  bargauge: '막대',
  heatmap: '히트맵',
  alertlist: '알림 목록',
}

/** Where the panels of a dashboard stand on its page, with their titles and kinds. */
export function dashboardPicture(title: string, panels: readonly PlannedPanel[]): Shown {
  const bottom = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h))
  const [width, height] = [2 * LEFT + 24 * COLUMN, TOP + bottom * ROW + LEFT]
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" fill="#1c1e21">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="${LEFT}" y="34" font-size="17" font-weight="600">${html`${title}`.text}</text>`,
    ...panels.map(panelOf),
    '</svg>',
  ].join('\n')
  return picture(svg, `${title}: ${panels.map((panel) => panel.title).join(', ')}`)
}

function panelOf({ title, type, gridPos: { x, y, w, h } }: PlannedPanel): string {
  const [left, top, width, height] = [LEFT + x * COLUMN, TOP + y * ROW, w * COLUMN, h * ROW]
  if (type === 'row') {
    const words = `<text x="${left}" y="${top + 13}" font-size="13" font-weight="600" fill="#0072b2">${html`${title}`.text}</text>`
    return `${words}<path d="M${left} ${top + height}h${width - GAP}" stroke="#0072b2"/>`
  }
  const [middle, centre] = [left + (width - GAP) / 2, top + height / 2]
  const lines = wrapped(title, Math.floor(width / 9))
  const first = centre - ((lines.length - 1) * 15) / 2
  const words = lines.map(
    (line, at) =>
      `<text x="${middle}" y="${first + at * 15}" text-anchor="middle" font-size="12" font-weight="600">${html`${line}`.text}</text>`,
  )
  return [
    `<rect x="${left}" y="${top + GAP}" width="${width - GAP}" height="${height - GAP}" rx="5" fill="#eef4fa" stroke="#b9c6d3"/>`,
    ...words,
    `<text x="${middle}" y="${first + lines.length * 15 + 1}" text-anchor="middle" font-size="11" fill="#5a5f66">${KINDS[type] ?? type}</text>`,
  ].join('')
}

/** Broken before a bracket where it is too long for its place. */
function wrapped(title: string, most: number): string[] {
  if ([...title].length <= most) return [title]
  const at = title.indexOf(' (')
  return at === -1 ? [title] : [title.slice(0, at), title.slice(at + 1)]
}
