import { readTable, type Table } from '../data/index.ts'
import { FdsError } from '../errors.ts'
import {
  adviseRetraining,
  type ColumnDrift,
  type DataDriftOptions,
  DataDriftPreset,
  type Profile,
  Report,
  type ReportResult,
  type RetrainAdvice,
} from '../monitoring/index.ts'
import { type ReportFolder, reportFile, staysBelow } from '../monitoring/report/run-drift-monitoring.ts'
import { columnsOf } from '../serving/models/model-columns.ts'
import type { LoadedModel } from './load-model.ts'
import { columnImportance, readOptionsOf } from './model-inputs.ts'
import { profileFiles } from './profile-files.ts'

export interface DriftInput extends ReportFolder {
  /** `fds` decides by our own statistics, `evidently` gives Evidently's choices and numbers. Default `fds`. */
  readonly mode?: 'fds' | 'evidently'
  /** One method for every column, by Evidently's name. */
  readonly method?: DataDriftOptions['method']
  /** The model that the data are for: its inputs alone are compared, weighed by what they mean to it. */
  readonly model?: LoadedModel
  /** Columns to compare; the model's inputs, or all, without. */
  readonly columns?: readonly string[]
  /** The column of the labels; left out while the current data have none, since labels come late. */
  readonly target?: string
  /** The column of the scores. */
  readonly prediction?: string
  /** Passes while fewer columns drifted; without it, one drifted column fails the check. */
  readonly driftShare?: number
  /** The share of the importance that drifted inputs must carry to ask for retraining; 0.1 without. */
  readonly minWeight?: number
  /** The language that the page opens in; English without. */
  readonly lang?: 'en' | 'ko'
  /** Where to write the page; the usual name without. */
  readonly out?: string
}

export interface DriftOfFilesInput extends DriftInput {
  /** A file, or the profile that was saved with a model. */
  readonly reference: string | Profile
  readonly current: string
  /** Columns to read as text whatever they look like. */
  readonly text?: readonly string[]
}

/** Two tables, or a profile and what was counted against it. */
export interface Sides {
  readonly reference: Table | Profile
  readonly current: Table | Profile
}

/** The answer of `fds drift`: Evidently's `metrics` and `tests`, our rows, what to do, and where the page lies. */
export type DriftOfFiles = ReturnType<ReportResult['dict']> & {
  readonly advice: RetrainAdvice
  readonly report_path: string
}

/** What a comparison leaves to those who act on it. */
export interface FileDrift {
  readonly answer: DriftOfFiles
  readonly importance: Readonly<Record<string, number>> | undefined
  /** The target was asked for, but the current data do not have it yet. */
  readonly isTargetLate: boolean
}

/**
 * Compares two files of any size, column by column, and writes the page. Where every value is needed (Evidently's mode, a
 * method of choice) both are read into memory. Errors as `profileFiles`, `readTable`, `Report.run`, COLUMN_MISSING for
 * a column that the reference lacks, STORAGE_FAILED.
 */
export async function driftOfFiles(input: DriftOfFilesInput): Promise<FileDrift> {
  const { mode, method, reference, current, model } = input
  const text = [...(input.text ?? []), ...(model ? readOptionsOf(model).text : [])]
  const needsValues = mode === 'evidently' || method !== undefined
  if (needsValues && typeof reference === 'string') {
    const sides = [await readTable(reference, { text }), await readTable(current, { text })] as const
    return driftOfSides(input, { reference: sides[0], current: sides[1] })
  }
  const chosen = chosenColumns(input)
  return driftOfSides(
    input,
    await profileFiles({ reference, current, text, ...(chosen && { columns: chosen }) }),
  )
}

/** As `driftOfFiles`, of data that were read or counted. */
export async function driftOfSides(input: DriftInput, sides: Sides): Promise<FileDrift> {
  const { mode, method, model, target, prediction, driftShare, minWeight, lang, out } = input
  const isTargetLate = target !== undefined && !namesOf(sides.current).includes(target)
  const columns = chosenColumns(input)
  requireColumns(sides.reference, columns ?? [target, prediction].filter((name) => name !== undefined))
  const importance = model && columnImportance(model)
  const preset = new DataDriftPreset({
    ...(columns && { columns: columns.filter((name) => !(isTargetLate && name === target)) }),
    ...(method && { method }),
    ...(driftShare !== undefined && { driftShare }),
    ...(importance && { importance }),
  })
  const roles = { ...(target !== undefined && { target }), ...(prediction !== undefined && { prediction }) }
  const report = new Report([preset], { includeTests: true, ...roles, ...(mode && { mode }) })
  const result = report.run(sides)
  const passed = driftShare === undefined ? result.passed : staysBelow(result, driftShare)
  const report_path = out ?? reportFile(passed, input)
  await result.saveHtml(report_path, lang && { lang })
  const advice = adviseRetraining(result, {
    ...roles,
    ...(importance && { importance }),
    ...(minWeight !== undefined && { minWeight }),
  })
  return { answer: { ...result.dict(), passed, advice, report_path }, importance, isTargetLate }
}

/** The drifted columns: broken ones, then by falling index times importance; equal ones in the data's order. */
export function worstColumns({ answer, importance }: FileDrift): ColumnDrift[] {
  const { columns, advice } = answer
  const weightOf = ({ name, psi }: ColumnDrift) => {
    if (psi === null || advice.broken.includes(name)) return Number.MAX_VALUE
    return psi * (importance ? (importance[name] ?? 0) : 1)
  }
  return columns.filter(({ drifted }) => drifted).sort((a, b) => weightOf(b) - weightOf(a))
}

/** Target and prediction, then what was chosen, else the model's inputs; undefined for every column of both sides. */
function chosenColumns({ model, columns, target, prediction }: DriftInput): readonly string[] | undefined {
  const chosen = columns ?? (model && modelInputs(model))
  const roles = [target, prediction].filter((name) => name !== undefined)
  return chosen && [...new Set([...roles, ...chosen])]
}

/** The columns that a model decides by, if they are known; the time of a payment is new every day. */
function modelInputs(model: LoadedModel): readonly string[] | undefined {
  const { spec } = model
  if (!spec) return columnsOf(model)
  return spec.inputs.filter(({ used, role }) => used && role !== 'time').map(({ name }) => name)
}

function requireColumns(reference: Table | Profile, columns: readonly string[]): void {
  const known = namesOf(reference)
  const column = columns.find((name) => !known.includes(name))
  if (column !== undefined) throw new FdsError('COLUMN_MISSING', { column, known })
}

function namesOf({ columns }: Table | Profile): readonly string[] {
  const named: readonly { readonly name: string }[] = columns
  return named.map(({ name }) => name)
}
