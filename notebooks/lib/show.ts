import { html, type Markup } from '../../src/monitoring/report/html.ts'
import { drawSvg } from '../../src/tuning/analysis/draw-svg.ts'

const DISPLAY: unique symbol = Symbol.for('Jupyter.display') as never

/** What a cell shows when it is its last expression: Jupyter asks for the forms and takes the best that it can draw. */
export interface Shown {
  [DISPLAY](): Readonly<Record<string, string>>
}

type Cell = string | number | boolean | null | undefined

/**
 * A table: headers, then rows. Numbers stand right with at most four digits after the point, what is not there is —.
 *
 *     table(['모델', 'AUPRC'], [['champion', 0.8123], ['challenger', 0.8304]])
 */
export function table(headers: readonly string[], rows: readonly (readonly Cell[])[]): Shown {
  const sideOf = (column: number) => (typeof rows[0]?.[column] === 'number' ? 'right' : 'left')
  const head = headers.map((text, at) => html`<th style="text-align:${sideOf(at)}">${text}</th>`)
  const body = rows.map((row) => html`<tr>${row.map(cellOf)}</tr>\n`)
  const markup = html`<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}</tbody>\n</table>`
  const plain = [headers, ...rows.map((row) => row.map(textOf))]
    .map((row) => row.join(' | '))
    .join('\n')
  return { [DISPLAY]: () => ({ 'text/plain': plain, 'text/html': markup.text }) }
}

/** A picture from the text of an SVG document, with what it shows in words for who cannot see it. */
export function picture(svg: string, words: string): Shown {
  return { [DISPLAY]: () => ({ 'text/plain': words, 'image/svg+xml': svg }) }
}

/** A picture from an option of ECharts, in the colours and fonts of the system's own pictures. */
export function chart(input: Parameters<typeof drawSvg>[0]): Shown {
  return picture(drawSvg(input), `${input.title}: ${input.subtitle}`)
}

/** Shows several things from one cell, in order; the last one can be the cell's last expression instead. */
export async function show(...shown: readonly Shown[]): Promise<void> {
  const { Deno } = globalThis as unknown as {
    Deno: { jupyter: { display(shown: Shown): Promise<void> } }
  }
  for (const one of shown) await Deno.jupyter.display(one)
}

function cellOf(cell: Cell): Markup {
  return html`<td style="text-align:${typeof cell === 'number' ? 'right' : 'left'}">${textOf(cell)}</td>`
}

function textOf(cell: Cell): string {
  if (typeof cell === 'number') return cell.toLocaleString('ko-KR', { maximumFractionDigits: 4 })
  return cell == null ? '—' : String(cell)
}
