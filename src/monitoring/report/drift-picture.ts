import { type ColumnProfile, presentRows } from '../profile/profile.ts'
import { escapeHtml } from './escape-html.ts'

const WIDTH = 168
const HEIGHT = 34

/** Two bars a bin, the reference's left of the current one's; the bin of missing values last. Empty on one side: ''. */
export function driftPicture(reference: ColumnProfile, current: ColumnProfile): string {
  const [before, after] = [sharesOf(reference), sharesOf(current)]
  if (before.length !== after.length) return ''
  const labels = [...binLabels(reference), 'missing']
  const used = labels.map((_, i) => i).filter((i) => before[i]! + after[i]! > 0)
  const tallest = Math.max(...used.flatMap((i) => [before[i]!, after[i]!]))
  const slot = WIDTH / used.length
  const bars = (shares: readonly number[], side: 0 | 1): string =>
    used
      .map((i, at) => {
        const height = (HEIGHT * shares[i]!) / tallest
        const width = Math.min(slot * 0.42, 14)
        const left = (at + 0.5) * slot + (side === 0 ? -width : 0)
        return `M${round(left)} ${HEIGHT}v${round(-height)}h${round(width)}v${round(height)}z`
      })
      .join('')
  const lines = used.map((i) => `${labels[i]}: ${percent(before[i]!)} → ${percent(after[i]!)}`)
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img"><title>${escapeHtml(lines.join('\n'))}</title><path class="ref" d="${bars(before, 0)}"/><path class="cur" d="${bars(after, 1)}"/></svg>`
}

/** A share as people read it. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function sharesOf(column: ColumnProfile): number[] {
  const rows = presentRows(column) + column.missing
  return [...column.counts, column.missing].map((count) => count / rows)
}

function binLabels(column: ColumnProfile): string[] {
  if (column.type === 'cat') return [...column.categories, 'other']
  const cuts = column.cuts.map((cut) => Number(cut.toPrecision(4)))
  if (cuts.length === 0) return ['any value']
  const between = cuts.slice(1).map((cut, i) => `${cuts[i]} to ${cut}`)
  return [`up to ${cuts[0]}`, ...between, `above ${cuts.at(-1)}`]
}

function round(x: number): number {
  return Math.round(x * 10) / 10
}
