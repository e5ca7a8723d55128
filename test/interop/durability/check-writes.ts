import type { MlflowClient, Run } from '../../../src/tracking/index.ts'
import { type Acknowledged, artifactText } from './writes.ts'

/** The acknowledged writes that the server does not have, as lines; an empty list if all are there. */
export async function missingWrites(
  client: MlflowClient,
  writes: readonly Acknowledged[],
): Promise<readonly string[]> {
  const byRun = Map.groupBy(writes, ({ runId }) => runId)
  const missing: string[] = []
  for (const [runId, those] of byRun) missing.push(...(await missingOfRun(client, runId, those)))
  return missing
}

async function missingOfRun(
  client: MlflowClient,
  runId: string,
  writes: readonly Acknowledged[],
): Promise<string[]> {
  const run = await client.getRun(runId)
  const steps = await Promise.all(['m', 'b0', 'b1', 'b2'].map((key) => stepsOf(client, runId, key)))
  const isThere = async ({ kind, number = 0 }: Acknowledged): Promise<boolean> => {
    if (kind === 'metric') return steps[0]!.has(number)
    if (kind === 'param') return run.data.params[`p${number}`] === String(number)
    if (kind === 'tag') return run.data.tags[`t${number}`] === String(number)
    if (kind === 'batch') return steps.slice(1).every((those) => those.has(number)) && hasBatch(run, number)
    if (kind === 'artifact') return (await textOf(client, runId, number)) === artifactText(number)
    return true
  }
  const missing: string[] = []
  for (const write of writes) if (!(await isThere(write))) missing.push(JSON.stringify(write))
  return missing
}

function hasBatch({ data }: Run, number: number): boolean {
  return data.params[`q${number}`] === String(number) && data.tags[`u${number}`] === String(number)
}

async function stepsOf(client: MlflowClient, runId: string, key: string): Promise<Set<number>> {
  const points = await client.getMetricHistory(runId, key)
  return new Set(points.filter(({ value, step }) => value === step).map(({ step }) => step))
}

async function textOf(client: MlflowClient, runId: string, number: number): Promise<string> {
  return new TextDecoder().decode(await client.downloadArtifact(runId, `f/${number}.txt`))
}
