import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { readTable } from '../data/index.ts'
import type { FdsMetrics } from '../evaluation/index.ts'
import { checkAlias, checkAliasFree, checkModelName } from '../tracking/protocol/limits.ts'
import { plotStudy, type StudyView } from '../tuning/index.ts'
import { fileInput } from './dataset-input.ts'
import { MODEL_PATH, registerModel } from './register-model.ts'
import { type PrunerName, prunerOf, type SamplerName, samplerOf } from './study-parts.ts'
import { trackTrained } from './track-trained.ts'
import { type TrainedModel, trainModel } from './train-model.ts'
import { type TuneInput, type TuneResult, tuneModel } from './tune-model.ts'

export interface TuneFromFileInput extends Omit<TuneInput, 'table' | 'sampler' | 'pruner' | 'holdout'> {
  readonly file: string
  /** Columns to read as text whatever they look like, ids among them. */
  readonly text: readonly string[]
  readonly sampler: SamplerName
  /** Wilcoxon's unless given. */
  readonly pruner?: PrunerName
  /** Share of the rows, last in time, that the study never sees and the model is measured on. */
  readonly holdout: number
  /** Told the rows read so far. */
  readonly onRead?: (rows: number) => void
  /** Registers the best model under this name. */
  readonly register?: string
  /** Alias of the new version; needs `register`. */
  readonly alias?: string
  /** Who registers, for the audit log. */
  readonly actor?: string
  /** A folder for the study's pictures, which its run holds in any case. */
  readonly plots?: string
}

/** The answer of `fds tune`: the study, and the model that its best parameters trained. */
export interface TuneFromFileResult extends Omit<TuneResult, 'seconds'> {
  readonly run_id: string
  readonly model_uri: string
  readonly version?: string
  /** All that differs from XGBoost's defaults: what `fds train --param` needs to train the model again. */
  readonly params: Readonly<Record<string, unknown>>
  readonly metrics: FdsMetrics | Record<string, never>
  readonly seconds: {
    readonly read: number
    readonly features: number
    readonly search: number
    readonly train: number
    readonly total: number
  }
}

/** The whole journey of `fds tune`: file → table → study → model of the best parameters → registered version. */
export async function tuneFromFile(input: TuneFromFileInput): Promise<TuneFromFileResult> {
  const { file, text, now, register, alias, holdout, params: given = {} } = input
  if (register !== undefined) checkModelName(register)
  if (alias !== undefined) checkAliasFree(checkAlias(alias))
  const started = now()
  const table = await readTable(file, { text, ...(input.onRead && { onProgress: input.onRead }) })
  const read = (now() - started) / 1000
  const { result: tuned, study } = await tuneModel({
    ...input,
    table,
    sampler: samplerOf(input.sampler, input.seed),
    pruner: prunerOf(input.pruner ?? 'wilcoxon'),
  })
  await keepPictures(input, { study, runId: tuned.study })
  const { early_stopping_rounds: _, ...fixed } = given
  const params = { ...fixed, ...tuned.best_params }
  const trained = trainModel({ table, roles: input.roles, params, holdout, seed: input.seed, now })
  const datasets = [await fileInput(file, table)]
  const model = await keepModel(input, { trained, datasets, study: tuned.study })
  return {
    ...tuned,
    ...model,
    params,
    metrics: trained.metrics ?? {},
    seconds: {
      read,
      ...tuned.seconds,
      train: trained.seconds.train,
      total: (now() - started) / 1000,
    },
  }
}

/** Draws the study as SVG, for its run and for the folder that was asked for. */
async function keepPictures(
  { client, metric = 'auprc', plots }: TuneFromFileInput,
  { study, runId }: { readonly study: StudyView; readonly runId: string },
): Promise<void> {
  const targetName = typeof metric === 'object' ? metric.name : metric
  if (plots !== undefined) await mkdir(plots, { recursive: true })
  for (const [name, data] of Object.entries(plotStudy(study, { targetName }))) {
    await client.logArtifact(runId, { path: `plots/${name}`, data })
    if (plots !== undefined) await writeFile(join(plots, name), data)
  }
}

/** Logs the model, registers it, and says in the study's run and in the version which belongs to which. */
async function keepModel(
  input: TuneFromFileInput,
  made: {
    readonly trained: TrainedModel
    readonly datasets: Awaited<ReturnType<typeof fileInput>>[]
    readonly study: string
  },
): Promise<Pick<TuneFromFileResult, 'run_id' | 'model_uri' | 'version'>> {
  const { client, now, file, register: name, alias } = input
  const { study, ...rest } = made
  const tags = { 'fds.data': basename(file), 'fds.study': study }
  const { runId } = await trackTrained({ client, ...rest, tags, now })
  await client.setTag(study, { key: 'fds.model_run', value: runId })
  if (name === undefined) return { run_id: runId, model_uri: `runs:/${runId}/${MODEL_PATH}` }
  const { version } = await registerModel({
    client,
    runId,
    name,
    ...(alias !== undefined && { alias }),
    actor: input.actor,
    reason: `tuned on ${basename(file)}`,
  })
  await client.setModelVersionTag({ name, version, key: 'fds.study', value: study })
  await client.setTag(study, { key: 'fds.model', value: name })
  await client.setTag(study, { key: 'fds.model_version', value: version })
  return { run_id: runId, model_uri: `models:/${name}/${version}`, version }
}
