import type { Column } from '../data/table.ts'
import { FdsError } from '../errors.ts'
import type { Encoder, SpecFeature, SpecInput } from './feature-spec.ts'
import { fitText } from './fit-text.ts'
import type { ColumnRole } from './roles.ts'
import type { TrainingLabels } from './target-encoding.ts'

/** What one source column becomes: its entry in the specification, its features, or why it has none. */
export interface FittedColumn {
  readonly input: SpecInput
  readonly features: readonly SpecFeature[]
  /** Why a column without the role of the label has no feature. */
  readonly dropped?: string
  /** The training rows' values of the `target` feature, which leave out each row's own block. */
  readonly trainingTarget?: Float32Array
}

/** Decides what becomes of a column. COLUMN_TYPE_INVALID if its role asks for another kind. */
export function fitColumn(
  column: Column,
  role: ColumnRole | undefined,
  training: TrainingLabels,
): FittedColumn {
  const reason = role && WITHOUT_FEATURE[role]
  if (role && reason !== undefined) return withoutFeature(column, role, reason)
  if (role === 'time') return fitTime(column)
  if (role === 'amount') return fitAmount(column)
  return column.kind === 'text' ? fitText(column, training) : fitValues(column)
}

type Part = 'hour' | 'weekday' | 'day'

const WITHOUT_FEATURE: Partial<Record<ColumnRole, string>> = {
  label: 'label',
  id: 'identifier of the transaction',
  entity: 'identifier of the entity',
  ignore: 'ignored',
}

const TIME_PARTS: Readonly<Record<'number' | 'timestamp' | 'date' | 'time', readonly Part[]>> = {
  number: ['hour', 'weekday'],
  timestamp: ['hour', 'weekday'],
  date: ['weekday', 'day'],
  time: ['hour'],
}

function withoutFeature({ name, kind }: Column, role: ColumnRole, reason: string): FittedColumn {
  const input: SpecInput = { name, kind, used: false, role }
  return role === 'label' ? { input, features: [] } : { input, features: [], dropped: reason }
}

/** A column without a role: numbers and booleans as they stand, times by their parts. */
function fitValues({ name, kind }: Exclude<Column, { kind: 'text' }>): FittedColumn {
  const input: SpecInput = { name, kind, used: true }
  if (kind === 'timestamp' || kind === 'date' || kind === 'time')
    return { input, features: timeParts(name, kind) }
  const type = kind === 'boolean' ? 'int' : 'float'
  return { input, features: [{ name, type, input: name, encoder: { kind: 'number' } }] }
}

function fitTime({ name, kind }: Column): FittedColumn {
  if (kind === 'text' || kind === 'boolean') throw wrongKind(name, kind, 'seconds or a timestamp (role time)')
  return { input: { name, kind, used: true, role: 'time' }, features: timeParts(name, kind) }
}

function fitAmount({ name, kind }: Column): FittedColumn {
  if (kind !== 'number') throw wrongKind(name, kind, 'a number (role amount)')
  const encoder: Encoder = { kind: 'number' }
  return {
    input: { name, kind, used: true, role: 'amount' },
    features: [
      { name, type: 'float', input: name, encoder },
      { name: `${name}_cents`, type: 'int', input: name, encoder: { kind: 'cents' } },
    ],
  }
}

function timeParts(name: string, kind: keyof typeof TIME_PARTS): SpecFeature[] {
  return TIME_PARTS[kind].map((part) => ({
    name: `${name}_${part}`,
    type: 'int',
    input: name,
    encoder: { kind: part },
  }))
}

function wrongKind(column: string, got: string, expected: string): FdsError {
  return new FdsError('COLUMN_TYPE_INVALID', { column, expected, got })
}
