import { stat } from 'node:fs/promises'
import { cellOf, readTableBatches, type Table, writeTable } from '../data/index.ts'
import { RISK_LEVELS, riskLevel } from '../decision/index.ts'
import { FdsError } from '../errors.ts'
import { type LoadedModel, modelMatrix } from './load-model.ts'
import { readOptionsOf } from './model-inputs.ts'

export interface ScoreFileInput {
  readonly model: LoadedModel
  readonly file: string
  readonly out: string
  /** Column that names a row in the output; the model's own id column by default, the row's number without one. */
  readonly id?: string
  /** The label, where the file has one: a bare XGBoost file without feature names must not score it. */
  readonly label: string
  readonly onProgress?: (rows: number) => void
}

/**
 * Scores a file, one output row per input row in order: id (or row, from 0), fraud_probability, risk_level.
 * Reads in parts, so the file may be larger than memory; the output appears whole or not at all.
 */
export async function scoreFile(input: ScoreFileInput): Promise<{ rows: number }> {
  const { model, file, out, label } = input
  if (await isSameFile(file, out)) {
    throw new FdsError('USAGE', { reason: `--out must be another file than --data, got ${out} for both` })
  }
  const id = input.id ?? model.spec?.inputs.find((column) => column.role === 'id')?.name
  const names: string[] = []
  const parts: Float32Array[] = []
  let rows = 0
  for await (const table of readTableBatches(file, readOptionsOf(model, id))) {
    parts.push(model.booster.predict(modelMatrix(model, table, id === undefined ? [label] : [label, id])))
    if (id !== undefined) for (const name of namesOf(table, id)) names.push(name)
    rows += table.rowCount
    input.onProgress?.(rows)
  }
  const named = id !== undefined && names.length === rows ? { id, names } : undefined
  await writeTable(out, scoreTable(model, { parts, rows, named }))
  return { rows }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => stat(path).catch(() => undefined)))
  return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev
}

/** The ids of a table as text; none where the file lacks the column. */
function namesOf(table: Table, id: string): string[] {
  const column = table.columns.find((candidate) => candidate.name === id)
  if (!column) return []
  return Array.from({ length: table.rowCount }, (_, row) => String(cellOf(column, row) ?? ''))
}

interface Scored {
  readonly parts: readonly Float32Array[]
  readonly rows: number
  readonly named: { readonly id: string; readonly names: readonly string[] } | undefined
}

function scoreTable(model: LoadedModel, { parts, rows, named }: Scored): Table {
  const probability = new Float64Array(rows)
  let start = 0
  for (const part of parts) {
    probability.set(part, start)
    start += part.length
  }
  const levels = Int32Array.from(probability, (p) => RISK_LEVELS.indexOf(riskLevel(p, model.policy)))
  const identity = named
    ? ({
        name: named.id,
        kind: 'text',
        codes: Int32Array.from(named.names.keys()),
        categories: named.names,
      } as const)
    : ({ name: 'row', kind: 'number', values: Float64Array.from(probability.keys()) } as const)
  return {
    rowCount: rows,
    columns: [
      identity,
      { name: 'fraud_probability', kind: 'number', values: probability },
      { name: 'risk_level', kind: 'text', codes: levels, categories: RISK_LEVELS },
    ],
  }
}
