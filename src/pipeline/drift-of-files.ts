import { columnOf, readTable, type Table } from '../data/index.ts'
import {
  adviseRetraining,
  type ColumnDrift,
  DataDriftPreset,
  Report,
  type ReportResult,
  type RetrainAdvice,
} from '../monitoring/index.ts'
import { type ReportFolder, reportFile, staysBelow } from '../monitoring/report/run-drift-monitoring.ts'
import { columnsOf } from '../serving/unpack-model.ts'
import { type LoadedModel, readOptionsOf } from './load-model.ts'
import { columnImportance } from './model-importance.ts'

export interface DriftOfFilesInput extends ReportFolder {
  readonly reference: string
  readonly current: string
  /** The model that the data are for: its inputs alone are compared, weighed by what they mean to it. */
  readonly model?: LoadedModel
  /** Columns to compare; all of the reference, or the model's inputs, without. */
  readonly columns?: readonly string[]
  /** Columns to read as text whatever they look like. */
  readonly text?: readonly string[]
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

/** The answer of `fds drift`: Evidently's `metrics` and `tests`, our rows, what to do, and where the page lies. */
export type DriftOfFiles = ReturnType<ReportResult['dict']> & {
  readonly advice: RetrainAdvice
  readonly report_path: string
}

/** What a comparison of files leaves to those who act on it. */
export interface FileDrift {
  readonly answer: DriftOfFiles
  readonly importance: Readonly<Record<string, number>> | undefined
  /** The target was asked for, but the current data do not have it yet. */
  readonly isTargetLate: boolean
}

/**
 * Compares two files, column by column, and writes the page. Errors as `readTable`, `Report.run`, COLUMN_MISSING for a
 * column that the reference lacks, STORAGE_FAILED.
 */
export async function driftOfFiles(input: DriftOfFilesInput): Promise<FileDrift> {
  const { model } = input
  const options = { text: [...(input.text ?? []), ...(model ? readOptionsOf(model).text : [])] }
  const reference = await readTable(input.reference, options)
  return driftOfTables(input, reference, await readTable(input.current, options))
}

/** As `driftOfFiles`, of files that were read. */
export async function driftOfTables(
  input: Omit<DriftOfFilesInput, 'reference' | 'current' | 'text'>,
  known: Table,
  current: Table,
): Promise<FileDrift> {
  const { model, target, prediction, driftShare, minWeight, lang, out } = input
  const isTargetLate = target !== undefined && hasColumn(known, target) && !hasColumn(current, target)
  const reference = isTargetLate ? withoutColumn(known, target) : known
  const columns = comparedColumns(input, reference, isTargetLate)
  const importance = model && columnImportance(model)
  const preset = new DataDriftPreset({
    ...(columns && { columns }),
    ...(driftShare !== undefined && { driftShare }),
    ...(importance && { importance }),
  })
  const result = new Report([preset], { includeTests: true }).run({ reference, current })
  const passed = driftShare === undefined ? result.passed : staysBelow(result, driftShare)
  const report_path = out ?? reportFile(passed, input)
  const roles = { ...(target !== undefined && { target }), ...(prediction !== undefined && { prediction }) }
  await result.saveHtml(report_path, { ...roles, ...(lang && { lang }) })
  const advice = adviseRetraining(result, {
    ...roles,
    ...(importance && { importance }),
    ...(minWeight !== undefined && { minWeight }),
  })
  return { answer: { ...result.dict(), passed, advice, report_path }, importance, isTargetLate }
}

/**
 * The drifted columns, the worst first: those that cannot be compared any more, then by falling index times
 * importance; equal ones in the data's order.
 */
export function worstColumns({ answer, importance }: FileDrift): ColumnDrift[] {
  const weightOf = ({ name, psi }: ColumnDrift) =>
    psi === null ? Number.MAX_VALUE : psi * (importance ? (importance[name] ?? 0) : 1)
  return answer.columns.filter(({ drifted }) => drifted).sort((a, b) => weightOf(b) - weightOf(a))
}

/** What was chosen, else the model's inputs, with target and prediction; undefined for every column of both sides. */
function comparedColumns(
  {
    model,
    columns,
    target,
    prediction,
  }: Pick<DriftOfFilesInput, 'model' | 'columns' | 'target' | 'prediction'>,
  reference: Table,
  isTargetLate: boolean,
): string[] | undefined {
  const extra = [isTargetLate ? undefined : target, prediction].filter((name) => name !== undefined)
  for (const name of extra) columnOf(reference, name)
  const chosen = columns ?? (model && modelInputs(model))
  return chosen && [...new Set([...extra, ...chosen])].filter((name) => !(isTargetLate && name === target))
}

/** The columns that a model decides by, if they are known; the time of a payment is new every day. */
function modelInputs(model: LoadedModel): readonly string[] | undefined {
  const { spec } = model
  if (!spec) return columnsOf(model)
  return spec.inputs.filter(({ used, role }) => used && role !== 'time').map(({ name }) => name)
}

function hasColumn(table: Table, name: string): boolean {
  return table.columns.some((column) => column.name === name)
}

function withoutColumn(table: Table, name: string): Table {
  return { ...table, columns: table.columns.filter((column) => column.name !== name) }
}
