import type { Column } from '../../data/table.ts'
import { defaultMethod, METHODS, type MethodName } from './evidently-methods.ts'
import type { Sides } from './evidently-scores.ts'
import type { EvidentlyType } from './evidently-types.ts'
import { hasOnlyInfinities, presentValues, rowsOf } from './evidently-values.ts'

/** What Evidently says of a column. */
export interface ColumnVerdict {
  readonly method: MethodName
  readonly score: number
  readonly threshold: number
  readonly drifted: boolean
}

/** Why a column has no verdict. Evidently raises there, and the whole report is lost. */
export interface ColumnFault {
  readonly fault: string
}

export interface ColumnInput {
  readonly reference: Column
  readonly current: Column
  readonly type: EvidentlyType
  readonly method?: MethodName | undefined
  readonly threshold?: number | undefined
}

/** Scores a column as Evidently's `ValueDrift`: missing and infinite values are left out. */
export function columnVerdict(input: ColumnInput): ColumnVerdict | ColumnFault {
  return verdictOf(input, false)
}

/**
 * The verdict that counts for the share of drifted columns: a side with infinities and no missing value keeps its
 * infinities there, so that Evidently's count and its score may disagree.
 */
export function countedVerdict(
  input: ColumnInput,
  verdict: ColumnVerdict | ColumnFault,
): ColumnVerdict | ColumnFault {
  const { reference, current } = input
  return hasOnlyInfinities(reference) || hasOnlyInfinities(current) ? verdictOf(input, true) : verdict
}

function verdictOf(input: ColumnInput, keepInfinities: boolean): ColumnVerdict | ColumnFault {
  const { type } = input
  const reference = presentValues(input.reference, { keepInfinities })
  const current = presentValues(input.current, { keepInfinities })
  if (rowsOf(reference) === 0) return { fault: 'The column has no value in the reference data' }
  if (rowsOf(current) === 0) return { fault: 'The column has no value in the current data' }
  const sides = { reference, current, type }
  if (type === 'num' && (reference.kind === 'texts' || current.kind === 'texts')) {
    return { fault: 'The column must hold numbers on both sides' }
  }
  return scored(sides, input)
}

function scored(sides: Sides, input: ColumnInput): ColumnVerdict | ColumnFault {
  const { type, method: asked } = input
  const name = asked ?? defaultMethod(sides)
  const method = METHODS[name]
  if (asked !== undefined && !method.types.includes(type)) {
    return { fault: `The method ${name} is not for ${type === 'num' ? 'numbers' : 'categories'}` }
  }
  const score = scoreOf(name, sides)
  if (score === null) return { fault: `The values leave the method ${name} no score` }
  const threshold = input.threshold ?? method.threshold
  return { method: name, score, threshold, drifted: method.isDrifted(score, threshold) }
}

function scoreOf(name: MethodName, sides: Sides): number | null {
  const method = METHODS[name]
  if ('ofValues' in method) return method.ofValues(sides)
  const { reference, current } = sides
  if (reference.kind !== 'numbers' || current.kind !== 'numbers') return null
  return method.ofNumbers(reference.values, current.values)
}
