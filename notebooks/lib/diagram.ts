import { html } from '../../src/monitoring/report/html.ts'
import { picture, type Shown } from './show.ts'

/** A box of a diagram: its column and row, counted from 0, and its lines of text; the first line is bold. */
export type Box = readonly [column: number, row: number, ...lines: string[]]

export interface DiagramInput {
  readonly title: string
  /** By a short name that arrows use. */
  readonly boxes: Readonly<Record<string, Box>>
  /** From, to, and the words on the arrow. */
  readonly arrows: readonly (readonly [from: string, to: string, words?: string])[]
}

const WIDTH = 168
const HEIGHT = 64
const GAP_X = 76
const GAP_Y = 34
const TOP = 52
const LEFT = 20

/** Boxes on a grid and arrows between them: how parts hang together, or what happens in which order. */
export function diagram({ title, boxes, arrows }: DiagramInput): Shown {
  const places = Object.values(boxes)
  const width = 2 * LEFT + spanOf(places, 0, WIDTH, GAP_X)
  const height = TOP + LEFT + spanOf(places, 1, HEIGHT, GAP_Y)
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" fill="#1c1e21">`,
    '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#5a5f66"/></marker></defs>',
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="${LEFT}" y="32" font-size="17" font-weight="600">${html`${title}`.text}</text>`,
    ...arrows.map(([from, to, words]) => arrowOf(boxes[from]!, boxes[to]!, words)),
    ...places.map(boxOf),
    '</svg>',
  ]
  const words = arrows.map(
    ([from, to, text]) => `${boxes[from]![2]} → ${boxes[to]![2]}${text ? ` (${text})` : ''}`,
  )
  return picture(parts.join('\n'), `${title}: ${words.join(', ')}`)
}

function spanOf(places: readonly Box[], axis: 0 | 1, size: number, gap: number): number {
  const count = 1 + Math.max(...places.map((box) => box[axis]))
  return count * size + (count - 1) * gap
}

function boxOf([column, row, ...lines]: Box): string {
  const x = LEFT + column * (WIDTH + GAP_X)
  const y = TOP + row * (HEIGHT + GAP_Y)
  const first = y + HEIGHT / 2 + 5 - ((lines.length - 1) * 17) / 2
  const texts = lines.map((line, at) => {
    const look = at === 0 ? 'font-size="14" font-weight="600"' : 'font-size="12" fill="#5a5f66"'
    return `<text x="${x + WIDTH / 2}" y="${first + at * 17}" text-anchor="middle" ${look}>${html`${line}`.text}</text>`
  })
  const frame = `<rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#eef4fa" stroke="#0072b2"/>`
  return frame + texts.join('')
}

/** From the middle of the side that faces the other box to the middle of the facing side there. */
function arrowOf(from: Box, to: Box, words = ''): string {
  const [x1, y1] = sideOf(from, to)
  const [x2, y2] = sideOf(to, from)
  const line = `<path d="M${x1} ${y1}L${x2} ${y2}" stroke="#5a5f66" stroke-width="1.5" marker-end="url(#head)"/>`
  const sameRow = y1 === y2
  const place = sameRow
    ? `x="${(x1 + x2) / 2}" y="${y1 - 8}" text-anchor="middle"`
    : `x="${(x1 + x2) / 2 + 8}" y="${(y1 + y2) / 2 + 4}"`
  return words === ''
    ? line
    : `${line}<text ${place} font-size="12" fill="#5a5f66">${html`${words}`.text}</text>`
}

function sideOf(box: Box, other: Box): readonly [number, number] {
  const x = LEFT + box[0] * (WIDTH + GAP_X)
  const y = TOP + box[1] * (HEIGHT + GAP_Y)
  if (box[0] !== other[0]) return [other[0] > box[0] ? x + WIDTH : x, y + HEIGHT / 2]
  return [x + WIDTH / 2, other[1] > box[1] ? y + HEIGHT : y]
}
