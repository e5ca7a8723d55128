import { FdsError } from '../errors.ts'
import type { Booster } from './booster.ts'
import type { ImportanceKind } from './importance.ts'

export interface ImportancePlotOptions {
  /** As in `Booster.importance`; default 'gain' (XGBoost's plot has 'weight'). */
  readonly kind?: ImportanceKind
  /** Bars at most, the largest first; default 20. */
  readonly maxFeatures?: number
}

const AXIS: Readonly<Record<ImportanceKind, string>> = {
  weight: 'Number of splits (weight)',
  gain: 'Mean gain of the splits (gain)',
  cover: 'Mean cover of the splits (cover)',
  total_gain: 'Gain of all splits (total_gain)',
  total_cover: 'Cover of all splits (total_cover)',
}

const WIDTH = 760
/** Where bars begin, and how long the longest may be. */
const LEFT = 250
const LENGTH = 400
const TOP = 64
const ROW = 24
const BAR = 14
/** Letters that fit left of the bars in a wide font. */
const NAME_LETTERS = 28

/**
 * Feature importance as a picture, like `xgboost.plot_importance`: an SVG document with one bar for each feature that
 * splits a tree, the largest first and equal ones by name, its value beside it. A long name is cut; the whole one
 * shows on hover. A model without splits gives a picture that says so. The same model gives the same text.
 *
 * Errors: `PARAM_INVALID` for an unknown kind or fewer than one feature. Cost O(nodes).
 */
export function importancePlot(booster: Booster, options: ImportancePlotOptions = {}): string {
  const { kind = 'gain', maxFeatures = 20 } = options
  checkOptions(kind, maxFeatures)
  const all = Object.entries(booster.importance(kind))
  const bars = all
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, maxFeatures)
    .map(([name, value]) => ({ name, value }))
  return all.length === 0 ? emptyPlot(kind) : barPlot(kind, bars, all.length)
}

function checkOptions(kind: string, maxFeatures: number): void {
  if (!Object.hasOwn(AXIS, kind)) {
    throw new FdsError('PARAM_INVALID', { name: 'kind', expected: Object.keys(AXIS).join(' or '), got: kind })
  }
  if (!Number.isSafeInteger(maxFeatures) || maxFeatures < 1) {
    const expected = 'a whole number from 1'
    throw new FdsError('PARAM_INVALID', { name: 'maxFeatures', expected, got: String(maxFeatures) })
  }
}

interface Bar {
  readonly name: string
  readonly value: number
}

function emptyPlot(kind: ImportanceKind): string {
  const note = `<text class="soft" x="24" y="${TOP + 8}">The model has no splits, so no feature matters.</text>`
  return svg(TOP + 40, [title(AXIS[kind]), note])
}

function barPlot(kind: ImportanceKind, bars: readonly Bar[], featureCount: number): string {
  const bottom = TOP + bars.length * ROW
  const ticks = ticksUpTo(Math.max(0, bars[0].value))
  const end = ticks[ticks.length - 1]
  const shown = bars.length < featureCount ? `${bars.length} of ${featureCount} features` : 'All features'
  return svg(bottom + 52, [
    title(`${shown} that split a tree, the largest first`),
    ...ticks.map((tick) => tickLine(tick, LEFT + (LENGTH * tick) / end, bottom)),
    ...bars.map((bar, i) => barLine(bar, (LENGTH * Math.max(0, bar.value)) / end, TOP + i * ROW)),
    `<text class="soft" x="${LEFT + LENGTH / 2}" y="${bottom + 40}" text-anchor="middle">${AXIS[kind]}</text>`,
  ])
}

function title(subtitle: string): string {
  const head = `<text x="24" y="28" class="head">Feature importance</text>`
  return `${head}<text x="24" y="46" class="soft">${escapeXml(subtitle)}</text>`
}

function tickLine(tick: number, at: number, bottom: number): string {
  const x = round(at)
  const line = `<path class="grid" d="M${x} ${TOP - 4}V${bottom}"/>`
  return `${line}<text class="soft" x="${x}" y="${bottom + 18}" text-anchor="middle">${numberText(tick)}</text>`
}

function barLine({ name, value }: Bar, length: number, top: number): string {
  const middle = top + ROW / 2
  const baseline = middle + 4
  return [
    `<g><title>${escapeXml(`${name}: ${value}`)}</title>`,
    `<text x="${LEFT - 8}" y="${baseline}" text-anchor="end">${escapeXml(shortName(name))}</text>`,
    `<rect class="bar" x="${LEFT}" y="${middle - BAR / 2}" width="${round(length)}" height="${BAR}"/>`,
    `<text x="${round(LEFT + length + 6)}" y="${baseline}">${numberText(value)}</text></g>`,
  ].join('')
}

function svg(height: number, parts: readonly string[]): string {
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`
  const style =
    'text{font:13px system-ui,sans-serif;fill:#1c1e21}.head{font-size:17px;font-weight:600}.soft{fill:#62676e;font-size:12px}' +
    '.grid{stroke:#e3e4e6}.bar{fill:#2a6fc9}'
  const open = `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="Feature importance">`
  const page = `<style>${style}</style><rect width="${WIDTH}" height="${height}" fill="#fff"/>`
  return `${[open + page, ...parts, '</svg>'].join('\n')}\n`
}

/** 0 and multiples of 1, 2 or 5 × 10^k, four to ten of them, the last at or above `most`. */
function ticksUpTo(most: number): number[] {
  if (!(most > 0 && most < Infinity)) return [0, 1]
  const decade = 10 ** Math.floor(Math.log10(most / 4))
  const step = decade * ([5, 2].find((factor) => factor * decade <= most / 4) ?? 1)
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step)
}

/** Four digits, in powers of ten where the number is very large or very small. */
function numberText(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(3)
  return value.toLocaleString(
    'en',
    size >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 },
  )
}

/** The name, or its beginning and `…`. */
function shortName(name: string): string {
  let letters = 0
  let kept = ''
  for (const character of name) {
    letters += lettersOf(character)
    if (letters > NAME_LETTERS) return `${kept.trimEnd()}…`
    if (letters < NAME_LETTERS) kept += character
  }
  return name
}

/** How many small letters are as wide: a capital is a third wider, Hangul, Han and kana twice as wide. */
function lettersOf(character: string): number {
  if (character >= '\u1100') return 2
  return character >= 'A' && character <= 'Z' ? 1.33 : 1
}

/** Text inside an element; characters that XML forbids become U+FFFD. */
function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  )
}

function round(x: number): number {
  return Math.round(x * 10) / 10
}
