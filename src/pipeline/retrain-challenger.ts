import { basename } from 'node:path'
import { selectRows, splitByTime, type Table } from '../data/index.ts'
import type { FdsMetrics } from '../evaluation/index.ts'
import { CHALLENGER } from '../tracking/index.ts'
import { fileInput } from './dataset-input.ts'
import { loadModel, modelMatrix } from './load-model.ts'
import { registerModel } from './register-model.ts'
import { versionOfAlias } from './registry.ts'
import type { RetrainInput } from './retrain.ts'
import type { Champion } from './retrain-recipe.ts'
import { trackTrained } from './track-trained.ts'
import { trainModel } from './train-model.ts'
import { type Gate, validateModel } from './validate-model.ts'

/** What a retraining made. */
export interface NewVersion {
  readonly run_id: string
  readonly model_uri: string
  readonly version: string
  /** Null where a gate failed: such a version is kept, and challenges nobody. */
  readonly alias: string | null
  /** The version that had the alias until now. */
  readonly replaces: string | null
  readonly metrics: FdsMetrics | Record<string, never>
  readonly validation: { readonly passed: boolean; readonly gates: readonly Gate[] }
}

/**
 * Trains as the champion was trained, tracks the run, registers the version with the tags, and holds it and the champion
 * to the gates on the last rows in time. The alias `challenger` goes to a version that passes.
 */
export async function trainChallenger(
  input: RetrainInput,
  part: {
    readonly champion: Champion
    readonly table: Table
    readonly roles: RetrainInput['roles']
    readonly tags: Readonly<Record<string, string>>
  },
): Promise<NewVersion> {
  const { client, name, data, holdout, gapSeconds, now, actor } = input
  const { champion, table, roles, tags } = part
  const started = now()
  const time = roles.time === undefined ? {} : { time: roles.time }
  const gap = gapSeconds === undefined ? {} : { gapSeconds }
  const judged = selectRows(table, splitByTime({ table, ...time, holdout, ...gap }).holdout)
  // before the work, so that data that the champion cannot read leave nothing behind
  modelMatrix(champion.model, judged, [roles.label])
  const params = { ...champion.params, ...input.params }
  const trained = trainModel({ ...input, table, roles, params, policy: champion.model.policy })
  const source = typeof data === 'string' ? { datasets: [await fileInput(data, table)] } : {}
  const { runId } = await trackTrained({
    client,
    trained,
    ...source,
    tags: { ...(typeof data === 'string' && { 'fds.data': basename(data) }), ...tags },
    startTime: started,
    now,
  })
  const { version } = await registerModel({ client, runId, name })
  for (const [key, value] of Object.entries(tags)) {
    await client.setModelVersionTag({ name, version, key, value })
  }
  const model_uri = `models:/${name}/${version}`
  const validation = await validateModel({
    model: await loadModel(model_uri, async () => client),
    against: champion.model,
    data: judged,
    label: roles.label,
    minAuc: input.minAuc,
    maxCostIncrease: input.maxCostIncrease,
    tagWith: client,
  })
  const replaces = (await versionOfAlias(client, name, CHALLENGER)) ?? null
  const reason = tags['fds.retrain.reason']
  if (validation.passed) {
    await client.setRegisteredModelAlias({ name, alias: CHALLENGER, version, actor, reason })
  }
  return {
    run_id: runId,
    model_uri,
    version,
    alias: validation.passed ? CHALLENGER : null,
    replaces: validation.passed ? replaces : null,
    metrics: trained.metrics ?? {},
    validation,
  }
}
