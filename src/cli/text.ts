import { isNoAnswer, type NoAnswer } from '../math/no-answer.ts'

/** Metrics for people, one a line: a number with four decimals, or why there is none. */
export function metricLines(metrics: object): string[] {
  const width = Math.max(0, ...Object.keys(metrics).map((name) => name.length))
  return Object.entries(metrics).map(([name, value]) => `${name.padEnd(width)}  ${metricText(value)}`)
}

function metricText(value: unknown): string {
  if (isNoAnswer(value)) return `no answer (${(value as NoAnswer).reason})`
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(4)
  return JSON.stringify(value)
}

/** Rows under headings, columns aligned. */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows]
  const widths = headings.map((_, index) => Math.max(...lines.map((line) => (line[index] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A value for a cell: numbers with six digits, nothing for none, no line break and no terminal command. */
export function plainText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)))
  return String(value).replace(/\p{Cc}+/gu, ' ')
}
