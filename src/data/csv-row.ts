/** What cuts a CSV file into rows and cells. */
export interface CsvRules {
  readonly delimiter: string
  readonly lineEnd: string
}

/** One row: its cells without their quotes, where the next row starts, and what is wrong with it if anything. */
export interface CsvRow {
  readonly cells: readonly string[]
  readonly next: number
  readonly problem?: string
}

/**
 * Cuts the row that starts at `start`, by RFC 4180: cells in double quotes may hold delimiters, line ends and
 * doubled quotes. As DuckDB does, takes a quote inside an unquoted cell as text and drops spaces around quotes.
 * `undefined` when the text stops before the row does and more is to come (`final` false).
 * Characters are bytes (latin1): every character with a meaning is ASCII, so UTF-8 needs no decoding here.
 *
 * @example
 * rowAt({ text: 'a,"b,c"\n1,2', start: 0, final: true, rules: { delimiter: ',', lineEnd: '\n' } }) // { cells: ['a', 'b,c'], next: 8 }
 */
export function rowAt(input: {
  text: string
  start: number
  final: boolean
  rules: CsvRules
}): CsvRow | undefined {
  const { text, start, final, rules } = input
  const found = text.indexOf(rules.lineEnd.at(-1)!, start)
  if (found < 0 && !final) return undefined
  const end = found < 0 ? text.length : found
  const line = text.slice(start, end)
  if (line.includes('"')) return quotedRowAt(input)
  const next = found < 0 ? end : end + 1
  const ends = found < 0 || rules.lineEnd.length === 1 || line.endsWith('\r')
  const content = found >= 0 && rules.lineEnd.length === 2 ? line.slice(0, -1) : line
  const cells = content.split(rules.delimiter)
  return ends && !content.includes('\r') && !content.includes('\n')
    ? { cells, next }
    : { cells, next, problem: MIXED_ENDS }
}

/** Where the header starts: after a byte order mark and blank lines. */
export function headerStart(text: string): number {
  return /^(?:\xef\xbb\xbf)?[\r\n]*/.exec(text)![0].length
}

/** The cell's characters, from bytes in UTF-8. */
export function decodeCell(cell: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range begins with a control character
  return /^[\x00-\x7f]*$/.test(cell) ? cell : Buffer.from(cell, 'latin1').toString('utf8')
}

const MIXED_ENDS = 'its line end differs from the one of the header'
const OPEN_QUOTE = 'a quoted cell does not end'
const AFTER_QUOTE = 'text follows the closing quote of a cell'

function quotedRowAt(input: {
  text: string
  start: number
  final: boolean
  rules: CsvRules
}): CsvRow | undefined {
  const { text, start, final, rules } = input
  const cells: string[] = []
  for (let at = start; ; ) {
    const cell = cellAt(text, at, rules)
    if (!final && cell.end + rules.lineEnd.length > text.length) return undefined
    cells.push(cell.text)
    if (cell.problem) return { cells, next: cell.end, problem: cell.problem }
    if (cell.end === text.length) return { cells, next: cell.end }
    if (text.startsWith(rules.lineEnd, cell.end)) return { cells, next: cell.end + rules.lineEnd.length }
    if (text[cell.end] !== rules.delimiter) return { cells, next: cell.end, problem: MIXED_ENDS }
    at = cell.end + 1
  }
}

/** The cell that starts at `start`; `end` is the place of the delimiter or line end after it. */
function cellAt(
  text: string,
  start: number,
  rules: CsvRules,
): { text: string; end: number; problem?: string } {
  let open = start
  while (text[open] === ' ') open++
  if (text[open] !== '"') {
    const end = unquotedEnd(text, start, rules)
    return { text: text.slice(start, end), end }
  }
  let close = text.indexOf('"', open + 1)
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close < 0) return { text: '', end: text.length, problem: OPEN_QUOTE }
  const end = unquotedEnd(text, close + 1, rules)
  const content = text.slice(open + 1, close).replaceAll('""', '"')
  const rest = text.slice(close + 1, end)
  return /^ *$/.test(rest) ? { text: content, end } : { text: content, end, problem: AFTER_QUOTE }
}

function unquotedEnd(text: string, start: number, { delimiter }: CsvRules): number {
  let end = start
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++
  return end
}
