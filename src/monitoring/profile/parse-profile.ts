import { FdsError } from '../../errors.ts'
import { DistinctEstimate } from './distinct-estimate.ts'
import { type CategoryProfile, type NumberProfile, type Profile, presentRows } from './profile.ts'

/**
 * Reads a profile that was saved as JSON. PROFILE_INVALID for another format or version, or for counts that do
 * not fit the bins or the rows.
 *
 * @example
 * parseProfile({ format: 'fds-profile', version: 2, rows: 0, columns: [] }).rows // 0
 */
export function parseProfile(json: unknown): Profile {
  const profile = json as Profile
  if (profile?.format !== 'fds-profile') refuse('it must have the format "fds-profile"')
  if (profile.version !== 2) refuse(`it must have version 2, got ${profile.version}`)
  if (!Array.isArray(profile.columns) || !isCount(profile.rows)) refuse('it must have rows and columns')
  for (const column of profile.columns) {
    if (typeof column?.name !== 'string' || typeof column.kind !== 'string') {
      refuse('a column must have a name and a kind')
    }
    const edges = column.type === 'cat' ? checkCategories(column) : checkNumbers(column)
    checkCounts(column, edges, profile.rows)
  }
  if (profile.scores !== undefined) checkScores(profile.scores)
  if (new Set(profile.columns.map(({ name }) => name)).size < profile.columns.length) {
    refuse('its columns must have different names')
  }
  return profile
}

function checkCounts({ name, ...column }: Profile['columns'][number], edges: number, rows: number): void {
  const { counts, missing } = column
  if (!Array.isArray(counts) || counts.length !== edges + 1 || ![...counts, missing].every(isCount)) {
    refuse(`column "${name}" must have ${edges + 1} counts`)
  }
  const counted = presentRows({ name, ...column } as Profile['columns'][number]) + missing
  if (counted !== rows) refuse(`column "${name}" must count ${rows} rows, got ${counted}`)
}

function checkScores(scores: NumberProfile): void {
  if (!Array.isArray(scores?.counts)) refuse('its scores must be a column with counts')
  checkCounts(scores, checkNumbers(scores), presentRows(scores) + scores.missing)
}

function checkCategories({ name, categories, distinct, registers }: CategoryProfile): number {
  if (!Array.isArray(categories) || !categories.every((text) => typeof text === 'string')) {
    refuse(`column "${name}" must have categories`)
  }
  if (!isCount(distinct)) refuse(`column "${name}" must have a number of different texts`)
  DistinctEstimate.parse(registers)
  return categories.length
}

function checkNumbers(column: NumberProfile): number {
  const { name, type, cuts, infinite, negativeInfinite, min, max, mean, m2, sketch } = column
  if (!['num', 'datetime'].includes(type)) refuse(`column "${name}" must have the type num, datetime or cat`)
  if (!isAscending(cuts)) refuse(`the cuts of column "${name}" must be numbers in order`)
  const numbers = [min, max, mean, m2].every((value) => value === null || Number.isFinite(value))
  if (!numbers || !isCount(infinite) || !isCount(negativeInfinite) || negativeInfinite > infinite) {
    refuse(`column "${name}" must have a range, moments and infinite values`)
  }
  if (sketch !== undefined) checkSketch(name, sketch)
  return cuts.length
}

function checkSketch(name: string, sketch: NonNullable<NumberProfile['sketch']>): void {
  const { error, values, weights } = sketch ?? {}
  const isSound =
    isCount(error) && isAscending(values) && Array.isArray(weights) && weights.length === values.length
  if (!isSound || !weights.every(isCount))
    refuse(`the sketch of column "${name}" must be values in order with weights`)
}

function isAscending(values: unknown): values is readonly number[] {
  if (!Array.isArray(values)) return false
  return values.every((value, i) => Number.isFinite(value) && (i === 0 || values[i - 1] < value))
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function refuse(reason: string): never {
  throw new FdsError('PROFILE_INVALID', { reason })
}
