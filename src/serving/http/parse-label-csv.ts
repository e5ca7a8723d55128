import { setImmediate } from 'node:timers/promises'
import { type CsvRules, rowAt } from '../../data/csv-row.ts'
import { FdsError } from '../../errors.ts'
import type { Label } from '../log/decision.ts'
import { LABEL_FIELDS, parseLabelRow } from './parse-label.ts'

/** Rows read before other requests get their turn. */
const SLICE_ROWS = 2000

/**
 * Reads labels as CSV (RFC 4180, with a header): the fields of a label as columns, in any order, `label_time` and
 * `source` only where they are given. A cell says what the field's JSON would: true, false, 1 or 0; ISO 8601 or seconds;
 * an empty one counts as absent. Blank lines are passed over. REQUEST_INVALID for the header, BATCH_ROW_INVALID for a row
 * by its number, from 0 on; BATCH_TOO_LONG.
 */
export async function parseLabelCsv(
  text: string,
  { receivedAt, limit }: { receivedAt: number; limit: number },
): Promise<Label[]> {
  const rules: CsvRules = { delimiter: ',', lineEnd: /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n' }
  const header = rowAt({ text, start: text.startsWith('\uFEFF') ? 1 : 0, final: true, rules })!
  const fields = fieldsOf(header.problem === undefined ? header.cells : [])
  const labels: Label[] = []
  for (let start = header.next; start < text.length; ) {
    const { cells, next, problem } = rowAt({ text, start, final: true, rules })!
    start = next
    if (problem === undefined && cells.length === 1 && cells[0] === '') continue
    if (labels.length === limit) throw new FdsError('BATCH_TOO_LONG', { limit, got: limit + 1 })
    if (problem !== undefined || cells.length !== fields.length)
      refuseRow(labels.length, problem, fields.length)
    labels.push(parseLabelRow(labelOf(fields, cells), labels.length, receivedAt))
    if (labels.length % SLICE_ROWS === 0) await setImmediate()
  }
  return labels
}

function fieldsOf(cells: readonly string[]): readonly string[] {
  const isHeader =
    cells.every((cell) => LABEL_FIELDS.includes(cell)) &&
    new Set(cells).size === cells.length &&
    cells.includes('transaction_id') &&
    cells.includes('is_fraud')
  if (isHeader) return cells
  const reason = `its first line must name transaction_id and is_fraud, and may name label_time and source, once each`
  throw new FdsError('REQUEST_INVALID', { reason })
}

function refuseRow(row: number, problem: string | undefined, width: number): never {
  const reason = problem ?? `it must have ${width} cells, as the header has`
  throw new FdsError('BATCH_ROW_INVALID', { row, code: 'REQUEST_INVALID', reason })
}

/** The label as JSON would say it. */
function labelOf(fields: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const label: Record<string, unknown> = {}
  for (let i = 0; i < fields.length; i++) {
    if (cells[i] !== '') label[fields[i]!] = VALUES[fields[i]!]?.(cells[i]!) ?? cells[i]
  }
  return label
}

const VERDICTS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false }
const VALUES: Readonly<Record<string, (cell: string) => unknown>> = {
  is_fraud: (cell) => VERDICTS[cell.toLowerCase()],
  label_time: (cell) => (/^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell),
}
