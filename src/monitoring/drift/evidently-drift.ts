import { columnOf, type Table } from '../../data/table.ts'
import { type ColumnFault, type ColumnVerdict, columnVerdict, countedVerdict } from './evidently-column.ts'
import type { FieldValue } from './evidently-fingerprint.ts'
import { METHODS, type MethodName } from './evidently-methods.ts'
import {
  countEntry,
  type DriftTest,
  type ReportEntry,
  scoreEntry,
  scoreSentence,
  scoreTest,
  shareTest,
} from './evidently-shape.ts'
import { comparedNames, type EvidentlyType } from './evidently-types.ts'

/** Evidently's choice of methods and thresholds: a column's own before its type's before the one for all. */
export interface MethodOptions<Name extends string = MethodName> {
  readonly method?: Name
  readonly catMethod?: Name
  readonly numMethod?: Name
  readonly perColumnMethod?: Readonly<Record<string, Name>>
  readonly threshold?: number
  readonly catThreshold?: number
  readonly numThreshold?: number
  readonly perColumnThreshold?: Readonly<Record<string, number>>
}

/** What both tables are, for one report. */
export interface EvidentlyData {
  readonly reference: Table
  readonly current: Table
  /** Of the current columns; Evidently looks at no others. */
  readonly types: ReadonlyMap<string, EvidentlyType>
}

/** Why a text has no score. */
const TEXT_SKIPPED =
  'Texts are not compared: Evidently trains a classifier on their words, whose score cannot be reproduced'

/** A column's part of the report. */
export interface EvidentlyColumn extends ReportEntry {
  readonly name: string
  readonly verdict: ColumnVerdict | ColumnFault | { readonly skipped: string }
  /** Whether it counts as drifted in the share. */
  readonly isCounted: boolean
}

/** Evidently's `DataDriftPreset`: the share of drifted columns, then every column. */
export interface EvidentlyDrift {
  readonly count: ReportEntry
  readonly share: number
  readonly columns: readonly EvidentlyColumn[]
}

/**
 * Compares two tables with the choices and numbers of Evidently 0.7.23. The columns are the current data's, numbers
 * first, then categories, then texts; those that Evidently does not know (dates, booleans with missing values) and
 * those that only the reference has are left out, as there. Where Evidently ends with an exception, the one column
 * has a fault and does not count for the share; texts are skipped.
 */
export function evidentlyDrift(
  data: EvidentlyData,
  options: MethodOptions & { readonly columns?: readonly string[] | undefined; readonly driftShare: number },
): EvidentlyDrift {
  const names = options.columns ?? comparedNames(data.types)
  const columns = names.map((name) =>
    evidentlyColumn(data, { column: name, ...askedFor(data, name, options) }),
  )
  const compared = columns.filter(({ verdict }) => 'score' in verdict)
  const drifted = compared.filter(({ isCounted }) => isCounted).length
  const share = compared.length === 0 ? 0 : drifted / compared.length
  const { driftShare } = options
  const metric = countEntry({ driftShare, fields: countFields(options), value: { count: drifted, share } })
  return { count: { metric, tests: [shareTest(metric, { share, below: driftShare })] }, share, columns }
}

/** Evidently's `ValueDrift`: one column. */
export function evidentlyColumn(
  data: EvidentlyData,
  asked: {
    readonly column: string
    readonly method?: MethodName | undefined
    readonly threshold?: number | undefined
  },
): EvidentlyColumn {
  const { column: name, method, threshold } = asked
  const { verdict, isCounted } = judged(data, asked)
  const hasScore = 'score' in verdict
  const metric = scoreEntry({
    column: name,
    method,
    threshold,
    chosen: hasScore ? { method: METHODS[verdict.method].label, threshold: verdict.threshold } : undefined,
    score: hasScore ? verdict.score : null,
  })
  return {
    name,
    verdict,
    isCounted,
    metric,
    tests: [scoreTest(metric, { column: name, ...outcomeOf(verdict) })],
  }
}

function judged(
  { reference, current, types }: EvidentlyData,
  asked: Parameters<typeof evidentlyColumn>[1],
): Pick<EvidentlyColumn, 'verdict' | 'isCounted'> {
  const { column: name, method, threshold } = asked
  const type = types.get(name)
  const isKnown = (table: Table): boolean => table.columns.some((column) => column.name === name)
  const fault = (fault: string) => ({ verdict: { fault }, isCounted: false })
  if (!isKnown(current)) return fault('The column is missing from the current data')
  if (!isKnown(reference)) return fault('The column is not in the reference data')
  if (type === 'text') return { verdict: { skipped: TEXT_SKIPPED }, isCounted: false }
  if (type !== 'num' && type !== 'cat') return fault('The column holds neither numbers nor categories')
  const input = {
    reference: columnOf(reference, name),
    current: columnOf(current, name),
    type,
    method,
    threshold,
  }
  const verdict = columnVerdict(input)
  const counted = countedVerdict(input, verdict)
  return { verdict, isCounted: 'drifted' in counted && counted.drifted }
}

function outcomeOf(verdict: EvidentlyColumn['verdict']): Pick<DriftTest, 'status' | 'description'> {
  if ('fault' in verdict) return { status: 'ERROR', description: `${verdict.fault}.` }
  if ('skipped' in verdict) return { status: 'SKIPPED', description: `${verdict.skipped}.` }
  const { score, method, threshold, drifted } = verdict
  const description = scoreSentence({ score, label: METHODS[method].label, threshold })
  return { status: drifted ? 'FAIL' : 'SUCCESS', description }
}

function askedFor(
  { types }: EvidentlyData,
  name: string,
  options: MethodOptions,
): { method: MethodName | undefined; threshold: number | undefined } {
  const isNumeric = types.get(name) === 'num'
  const isCategory = types.get(name) === 'cat'
  const ofType = isNumeric ? options.numMethod : isCategory ? options.catMethod : undefined
  const limitOfType = isNumeric ? options.numThreshold : isCategory ? options.catThreshold : undefined
  return {
    method: own(options.perColumnMethod, name) ?? ofType ?? options.method,
    threshold: own(options.perColumnThreshold, name) ?? limitOfType ?? options.threshold,
  }
}

function countFields(
  options: MethodOptions & { readonly columns?: readonly string[] | undefined },
): Record<string, FieldValue | undefined> {
  return {
    columns: options.columns,
    method: options.method,
    cat_method: options.catMethod,
    num_method: options.numMethod,
    per_column_method: options.perColumnMethod,
    threshold: options.threshold,
    cat_threshold: options.catThreshold,
    num_threshold: options.numThreshold,
    per_column_threshold: options.perColumnThreshold,
  }
}

/** A column may be called "constructor". */
function own<Value>(entries: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return entries && Object.hasOwn(entries, name) ? entries[name] : undefined
}
