import type { MlflowClient, Run } from '../tracking/index.ts'
import { jsonCell } from './run-columns.ts'

/** One parameter or metric of several runs, in the order of the runs; null where a run has none. */
export interface ComparedValue {
  readonly key: string
  readonly values: readonly (string | number | null)[]
  readonly differs: boolean
}

export interface RunComparison {
  readonly runs: readonly { readonly run_id: string; readonly run_name: string; readonly status: string }[]
  readonly params: readonly ComparedValue[]
  readonly metrics: readonly ComparedValue[]
}

/** Puts parameters and latest metrics of runs side by side and says which differ. */
export async function compareRuns(client: MlflowClient, runIds: readonly string[]): Promise<RunComparison> {
  const runs = await Promise.all(runIds.map((runId) => client.getRun(runId)))
  return {
    runs: runs.map(({ info }) => ({
      run_id: info.runId,
      run_name: info.runName ?? '',
      status: info.status,
    })),
    params: compareGroup(runs, 'params'),
    metrics: compareGroup(runs, 'metrics'),
  }
}

function compareGroup(runs: readonly Run[], group: 'params' | 'metrics'): ComparedValue[] {
  const keys = new Set(runs.flatMap(({ data }) => Object.keys(data[group])))
  return [...keys].sort().map((key) => {
    const values = runs.map(({ data }) => (Object.hasOwn(data[group], key) ? data[group][key]! : null))
    const differs = values.some((value) => !Object.is(value, values[0]))
    return { key, values: values.map((value) => (value === null ? null : jsonCell(value))), differs }
  })
}
