import type { Transaction } from '../../data/transaction.ts'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import type { MlflowClient, ModelVersion } from '../../tracking/index.ts'
import { loadModelFiles } from '../../tracking/models/load-model-files.ts'
import { type ModelFolder, namedFiles } from '../../tracking/models/read-model-folder.ts'
import type { ServedModel, WatchInput } from './model-source.ts'
import { createScorer, type Scorer } from './scorer.ts'

const WARM_UP_ROWS = 200

/**
 * Reads a version's files, makes its scorer and lets it score transactions without a single known value: a
 * model that cannot predict is found out here, before a request meets it, and the first request finds code
 * that the engine has compiled. Rejects with what the registry, the files or the contents have to say.
 */
export async function loadServedModel(
  input: WatchInput & { readonly arm: Arm; readonly target: ModelVersion },
): Promise<ServedModel> {
  const { client, name, arm, target, now } = input
  const start = now()
  const { files } = await loadModelFiles(client, `models:/${name}/${target.version}`, withProfile)
  const scorer = createScorer({ name, version: target.version, files })
  warmUp(scorer)
  // a clock may be set back meanwhile
  const loadSeconds = Math.max(0, now() - start) / 1000
  const runId = target.runId ?? ''
  return {
    arm,
    scorer,
    runId,
    metrics: await metricsOf(client, runId),
    registeredAt: target.creationTimestamp,
    loadedAt: now(),
    loadSeconds,
  }
}

function withProfile(folder: ModelFolder): readonly string[] {
  return [...namedFiles(folder), ...(folder.profile === undefined ? [] : [folder.profile])]
}

function warmUp(scorer: Scorer): void {
  const transaction: Transaction = Object.fromEntries(scorer.inputs.map(({ name }) => [name, null]))
  for (let i = 0; i < WARM_UP_ROWS; i++) scorer.score(transaction)
}

/** Metrics are for the reader of the start page; a model without a run is served all the same. */
async function metricsOf(client: MlflowClient, runId: string): Promise<Readonly<Record<string, number>>> {
  if (runId === '') return {}
  try {
    return (await client.getRun(runId)).data.metrics
  } catch {
    return {}
  }
}
