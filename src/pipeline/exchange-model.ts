import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { replaceFile } from '../data/write-table.ts'
import { DEFAULT_POLICY } from '../decision/index.ts'
import { passThroughSpec } from '../features/index.ts'
import { loadXgboostModel, type ModelFormat, saveXgboostModel } from '../model/index.ts'
import type { MlflowClient } from '../tracking/index.ts'
import { loadModel } from './load-model.ts'
import { readModelFile } from './read-model-file.ts'
import { registerModel } from './register-model.ts'
import { trackModel } from './track-model.ts'

/** Writes a model as XGBoost's own file, whole or not at all. */
export async function exportModel(input: {
  uri: string
  out: string
  format: ModelFormat
  openClient: () => Promise<MlflowClient>
}): Promise<void> {
  const { booster } = await loadModel(input.uri, input.openClient)
  await replaceFile(input.out, (path) => writeFile(path, saveXgboostModel(booster, input.format)))
}

export interface ImportModelInput {
  readonly client: MlflowClient
  readonly name: string
  readonly from: string
  readonly alias?: string
  /** Who gives the alias, for the audit log. */
  readonly actor?: string
  readonly now: () => number
}

/**
 * Registers XGBoost's own file as a version. Its features are the file's own names, taken as numbers,
 * and its policy is the default one.
 */
export async function importModel(input: ImportModelInput): Promise<{ version: string; runId: string }> {
  const { client, name, from, alias, actor, now } = input
  const booster = loadXgboostModel(await readModelFile(from))
  const model = { booster, spec: passThroughSpec(booster.featureNames), policy: DEFAULT_POLICY }
  const { runId } = await trackModel({ client, model, now, tags: { 'fds.imported_from': basename(from) } })
  const { version } = await registerModel({
    client,
    runId,
    name,
    ...(alias !== undefined && { alias }),
    actor,
    reason: `imported from ${basename(from)}`,
  })
  return { version, runId }
}
