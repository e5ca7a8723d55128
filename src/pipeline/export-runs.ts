import { writeFile } from 'node:fs/promises'
import { replaceFile } from '../data/write-table.ts'
import { FdsError } from '../errors.ts'
import type { Run } from '../tracking/index.ts'
import { allRunColumns, jsonCell, type RunCell, runCell } from './run-columns.ts'

/**
 * Writes runs to a file, whole or not at all: `.csv` with one column for each attribute, metric, parameter and tag, as
 * MLflow exports them, or `.json` with the runs as `runRecord` gives them. FILE_FORMAT_UNKNOWN, STORAGE_FAILED.
 */
export async function exportRuns(runs: readonly Run[], out: string): Promise<void> {
  const text = /\.json$/i.test(out) ? jsonOf(runs) : csvOf(runs)
  await replaceFile(out, (path) => writeFile(path, text))
}

/** USAGE unless the file's name says how to write it. */
export function checkExportFile(out: string): void {
  if (/\.(csv|json)$/i.test(out)) return
  throw new FdsError('USAGE', { reason: `--out must end in .csv or .json, got ${out}` })
}

/** A run as one JSON value. */
export function runRecord(run: Run) {
  const { info, data, inputs, outputs } = run
  return {
    run_id: info.runId,
    run_name: info.runName ?? '',
    experiment_id: info.experimentId,
    status: info.status,
    lifecycle_stage: info.lifecycleStage,
    user_id: info.userId ?? '',
    start_time: runCell(run, 'start_time'),
    end_time: runCell(run, 'end_time'),
    artifact_uri: info.artifactUri ?? '',
    params: data.params,
    metrics: Object.fromEntries(Object.entries(data.metrics).map(([key, value]) => [key, jsonCell(value)])),
    tags: data.tags,
    datasets: inputs.map(({ dataset, tags }) => ({ name: dataset.name, digest: dataset.digest, tags })),
    models: outputs,
  }
}

function jsonOf(runs: readonly Run[]): string {
  return `${JSON.stringify(runs.map(runRecord), undefined, 2)}\n`
}

function csvOf(runs: readonly Run[]): string {
  const columns = allRunColumns(runs)
  const lines = [columns, ...runs.map((run) => columns.map((column) => runCell(run, column)))]
  return `${lines.map((cells) => cells.map(csvCell).join(',')).join('\n')}\n`
}

function csvCell(value: RunCell): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
