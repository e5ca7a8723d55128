import type { AliasChangeMessage, StudySyncMessage } from '../protocol/fds-endpoints.ts'
import type { MessageOf } from '../protocol/fields.ts'
import type {
  DatasetInputMessage,
  datasetSummary,
  ExperimentMessage,
  LoggedModelMessage,
  ModelVersionMessage,
  PairMessage,
  RegisteredModelMessage,
  RunInfoMessage,
  RunMessage,
} from '../protocol/messages.ts'

/** What the client gives back: MLflow's entities with tags, parameters and metrics as records, as in Python. */
export type Texts = Readonly<Record<string, string>>

export type Experiment = Omit<ExperimentMessage, 'tags'> & { readonly tags: Texts }

export type RunInfo = RunInfoMessage

export interface Run {
  readonly info: RunInfo
  /** `metrics` holds the latest value of each key: the one with the largest (step, timestamp, value). */
  readonly data: {
    readonly metrics: Readonly<Record<string, number>>
    readonly params: Texts
    readonly tags: Texts
  }
  readonly inputs: readonly DatasetInput[]
  /** Ids of the logged models that the run made. */
  readonly outputs: readonly string[]
}

export type DatasetInput = Omit<DatasetInputMessage, 'tags'> & { readonly tags: Texts }

export interface Metric {
  readonly key: string
  readonly value: number
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly step: number
  /** The logged model and the data set that it speaks of, where it was logged with them. */
  readonly modelId?: string | undefined
  readonly datasetName?: string | undefined
  readonly datasetDigest?: string | undefined
}

/** A point of one of several runs. */
export type RunMetric = Metric & { readonly runId: string }

export type DatasetSummary = MessageOf<typeof datasetSummary>

export type ModelVersion = Omit<ModelVersionMessage, 'tags'> & { readonly tags: Texts }

export type RegisteredModel = Omit<RegisteredModelMessage, 'tags' | 'aliases' | 'latestVersions'> & {
  readonly tags: Texts
  /** Alias → version. */
  readonly aliases: Texts
  readonly latestVersions: readonly ModelVersion[]
}

export type LoggedModel = Omit<LoggedModelMessage['info'], 'tags'> & {
  readonly tags: Texts
  readonly params: Texts
  readonly metrics: readonly Metric[]
}

/** What a study's log holds after what the worker knows, and which workers live. */
export type StudySync = StudySyncMessage

/** A move of the champion. */
export interface AliasMove {
  /** The champion now. */
  readonly version: string
  /** The champion before, now `previous_champion`; absent if there was none or it is the same. */
  readonly demoted?: string | undefined
}

/** One entry of the audit log: an alias that was set, moved or removed, when, by whom and why. */
export type AliasChange = AliasChangeMessage

export interface FileInfo {
  /** Relative to the artifact folder of the run. */
  readonly path: string
  readonly isDir: boolean
  /** Bytes; absent for a folder. */
  readonly fileSize?: number
}

/** One page of a search; `nextPageToken` is absent on the last. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextPageToken?: string
}

export function experimentOf(message: ExperimentMessage): Experiment {
  return { ...message, tags: textsOf(message.tags) }
}

export function runOf(message: RunMessage): Run {
  const { metrics, params, tags } = message.data
  return {
    info: message.info,
    data: {
      metrics: Object.fromEntries(metrics.map(({ key, value }) => [key, value])),
      params: textsOf(params),
      tags: textsOf(tags),
    },
    inputs: (message.inputs?.datasetInputs ?? []).map((input) => ({ ...input, tags: textsOf(input.tags) })),
    outputs: (message.outputs?.modelOutputs ?? []).map((output) => output.modelId),
  }
}

export function modelVersionOf(message: ModelVersionMessage): ModelVersion {
  return { ...message, tags: textsOf(message.tags) }
}

export function registeredModelOf(message: RegisteredModelMessage): RegisteredModel {
  return {
    ...message,
    tags: textsOf(message.tags),
    aliases: Object.fromEntries(message.aliases.map(({ alias, version }) => [alias, version])),
    latestVersions: message.latestVersions.map(modelVersionOf),
  }
}

export function loggedModelOf({ info, data }: LoggedModelMessage): LoggedModel {
  const metrics = data.metrics.map((metric) => ({ ...metric, step: metric.step ?? 0 }))
  return { ...info, tags: textsOf(info.tags), params: textsOf(data.params), metrics }
}

/** `{ a: '1' }` from `[{ key: 'a', value: '1' }]`. */
export function textsOf(pairs: readonly PairMessage[]): Texts {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? '']))
}

/** `[{ key: 'a', value: '1' }]` from `{ a: '1' }`. */
export function pairsOf(texts: Texts): PairMessage[] {
  return Object.entries(texts).map(([key, value]) => ({ key, value }))
}
