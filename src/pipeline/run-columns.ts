import { FdsError } from '../errors.ts'
import type { Run } from '../tracking/index.ts'

/** A cell of a table of runs; null where the run has no such value. */
export type RunCell = string | number | null

/** What a run's own columns hold; the others are `metrics.…`, `params.…` and `tags.…`. */
const ATTRIBUTES: Readonly<Record<string, (run: Run) => RunCell>> = {
  run_id: ({ info }) => info.runId,
  run_name: ({ info }) => info.runName ?? null,
  experiment_id: ({ info }) => info.experimentId,
  status: ({ info }) => info.status,
  lifecycle_stage: ({ info }) => info.lifecycleStage,
  user_id: ({ info }) => info.userId ?? null,
  artifact_uri: ({ info }) => info.artifactUri ?? null,
  start_time: ({ info }) => isoTime(info.startTime),
  end_time: ({ info }) => isoTime(info.endTime),
  seconds: ({ info: { startTime, endTime } }) =>
    startTime === undefined || endTime === undefined ? null : (endTime - startTime) / 1000,
}

const GROUP = /^(metrics|params|tags)\.(.+)$/s

/** USAGE for a column that no run can have. */
export function checkRunColumns(columns: readonly string[]): readonly string[] {
  const odd = columns.find((column) => !Object.hasOwn(ATTRIBUTES, column) && !GROUP.test(column))
  if (odd === undefined) return columns
  const known = `${Object.keys(ATTRIBUTES).join(', ')}, metrics.<name>, params.<name>, tags.<name>`
  throw new FdsError('USAGE', { reason: `A column must be one of ${known}, got ${odd}` })
}

/** The value of one column. */
export function runCell({ info, data, ...rest }: Run, column: string): RunCell {
  const [, group, key] = GROUP.exec(column) ?? []
  if (group === undefined || key === undefined) return ATTRIBUTES[column]?.({ info, data, ...rest }) ?? null
  const values = data[group as 'metrics' | 'params' | 'tags']
  return Object.hasOwn(values, key) ? jsonCell(values[key]!) : null
}

/** JSON has no word for what is no number: a text, as in MLflow's protocol. */
export function jsonCell(value: string | number): string | number {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

/** Every column that one of the runs has, in the order of MLflow's export: attributes, metrics, parameters, tags. */
export function allRunColumns(runs: readonly Run[]): string[] {
  const keysOf = (group: 'metrics' | 'params' | 'tags') =>
    [...new Set(runs.flatMap(({ data }) => Object.keys(data[group])))].sort().map((key) => `${group}.${key}`)
  return [...EXPORTED_ATTRIBUTES, ...keysOf('metrics'), ...keysOf('params'), ...keysOf('tags')]
}

const EXPORTED_ATTRIBUTES = [
  'run_id',
  'experiment_id',
  'run_name',
  'status',
  'artifact_uri',
  'start_time',
  'end_time',
]

function isoTime(milliseconds: number | undefined): string | null {
  // a time out of the calendar's range is no reason to show nothing of the run
  if (milliseconds === undefined || Math.abs(milliseconds) > 8.64e15) return null
  return new Date(milliseconds).toISOString()
}
