import type { ColumnProfile } from '../profile/profile.ts'
import { presentRows } from '../profile/profile.ts'
import { html, Markup } from './html.ts'

const WIDTH = 160
const HEIGHT = 32

/** More bars than these are too thin to see: the categories beyond join the last one, all others. */
const MOST_BINS = 20

/** Shares of the rows by bin, the missing ones last. No rows: zeros. */
export function binShares(column: ColumnProfile): number[] {
  const rows = presentRows(column) + column.missing
  return [...column.counts, column.missing].map((count) => (rows === 0 ? 0 : count / rows))
}

/**
 * Two bars a bin, the reference's left of the current one's; the bin of missing values last, behind a gap. Bins
 * that are empty on both sides are left out. Both sides have the same bins.
 */
export function driftPicture(reference: ColumnProfile, current: ColumnProfile): Markup {
  const [before, after] = [folded(binShares(reference)), folded(binShares(current))]
  const last = before.length - 1
  const used = before.map((_, bin) => bin).filter((bin) => before[bin]! + after[bin]! > 0)
  const tallest = Math.max(...used.flatMap((bin) => [before[bin]!, after[bin]!]))
  const hasMissing = used.at(-1) === last && used.length > 1
  const slot = WIDTH / (used.length + (hasMissing ? 0.5 : 0))
  const bars = (shares: readonly number[], side: 0 | 1): string =>
    used
      .map((bin, at) => {
        const height = shares[bin] === 0 ? 0 : Math.max(1, Math.round((HEIGHT * shares[bin]!) / tallest))
        const width = Math.min(slot * 0.42, 16)
        const middle = (at + 0.5 + (hasMissing && bin === last ? 0.5 : 0)) * slot
        return height === 0 ? '' : bar(side === 0 ? middle - width : middle, width, height)
      })
      .join('')
  return html`<svg class="picture" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true"><path class="ref" d="${new Markup(bars(before, 0))}"/><path class="cur" d="${new Markup(bars(after, 1))}"/></svg>`
}

function folded(shares: readonly number[]): number[] {
  const beyond = shares.slice(MOST_BINS, -1)
  if (beyond.length < 2) return [...shares]
  return [...shares.slice(0, MOST_BINS), beyond.reduce((sum, share) => sum + share, 0), shares.at(-1)!]
}

function bar(left: number, width: number, height: number): string {
  const wide = round(width)
  return `M${round(left)} ${HEIGHT}v-${height}h${wide}v${height}z`
}

function round(x: number): number {
  return Math.round(x * 10) / 10
}
