import { FdsError } from '../../errors.ts'
import type { Experiment } from './entities.ts'
import type { MlflowClient } from './mlflow-client.ts'
import { isTrackingError } from './tracking-client.ts'

/** What the fluent functions use where the program itself chose nothing, such as the environment's variables. */
export interface TrackingDefaults {
  /** `undefined` where nothing names a server. */
  readonly createClient: () => MlflowClient | undefined
  readonly experimentName?: string | undefined
  readonly experimentId?: string | undefined
  /** The run that the first `startRun` takes up again. */
  readonly runId?: string | undefined
  readonly asyncLogging?: boolean
}

/** Where the defaults come from; asked once, when one is needed. */
export function setTrackingDefaults(defaults: () => TrackingDefaults): void {
  chosen.findDefaults = defaults
}

/**
 * Chooses the client that the fluent functions use from now on, and forgets the experiment chosen before.
 *
 * @example
 * setTrackingClient(new MlflowClient({ uri: 'http://localhost:5000', now: () => 0 }))
 * trackingClient()?.uri // 'http://localhost:5000'
 */
export function setTrackingClient(client: MlflowClient): void {
  chosen.client = client
  delete chosen.experimentId
}

/** The client of the fluent functions, if one was chosen or the environment names a server. */
export function trackingClient(): MlflowClient | undefined {
  chosen.client ??= defaults()?.createClient()
  return chosen.client
}

/** The address of the tracking server of the fluent functions. USAGE if none was chosen. */
export function getTrackingUri(): string {
  return chosenClient().uri
}

/**
 * Chooses the experiment of later runs, by name, which makes it if there is none, or by id. USAGE if it is deleted.
 *
 * @example
 * const choose = () => setExperiment('fraud')
 * const chooseKnown = () => setExperiment({ experimentId: '1' })
 */
export async function setExperiment(which: string | { readonly experimentId: string }): Promise<Experiment> {
  const client = chosenClient()
  const experiment =
    typeof which === 'string' ? await byName(client, which) : await client.getExperiment(which.experimentId)
  if (experiment.lifecycleStage === 'deleted') {
    refuseUsage(`Experiment "${experiment.name}" is deleted; restore it before it is set as the active one`)
  }
  chosen.experimentId = experiment.experimentId
  return experiment
}

/**
 * Has later logging of the fluent functions go to the background, as `{ synchronous: false }` does for one call.
 *
 * @example
 * enableAsyncLogging()
 * enableAsyncLogging(false)
 */
export function enableAsyncLogging(enable = true): void {
  chosen.asyncLogging = enable
}

export function isAsync(synchronous: boolean | undefined): boolean {
  return !(synchronous ?? !(chosen.asyncLogging ?? defaults()?.asyncLogging ?? false))
}

export function chosenClient(): MlflowClient {
  return (
    trackingClient() ??
    refuseUsage('Call setTrackingUri(uri) or setTrackingClient(client) first, or set MLFLOW_TRACKING_URI')
  )
}

/** The id of the experiment that `setExperiment` or the environment chose. */
export function chosenExperiment(): string | undefined {
  return chosen.experimentId
}

/** The experiment of a run that names none. */
export async function experimentOfRuns(): Promise<string> {
  const { experimentName, experimentId } = defaults() ?? {}
  if (chosen.experimentId === undefined && experimentName !== undefined) await setExperiment(experimentName)
  return chosen.experimentId ?? experimentId ?? DEFAULT_EXPERIMENT
}

/** The run that the environment names, once. */
export function takeDefaultRun(): string | undefined {
  if (chosen.tookRun) return undefined
  chosen.tookRun = true
  return defaults()?.runId
}

export function refuseUsage(reason: string): never {
  throw new FdsError('USAGE', { reason })
}

const DEFAULT_EXPERIMENT = '0'

const chosen: {
  client?: MlflowClient | undefined
  experimentId?: string
  asyncLogging?: boolean
  tookRun?: boolean
  findDefaults?: () => TrackingDefaults
  defaults?: TrackingDefaults | undefined
} = {}

function defaults(): TrackingDefaults | undefined {
  chosen.defaults ??= chosen.findDefaults?.()
  return chosen.defaults
}

/** Two processes may make it at once: then the other's is as good. */
async function byName(client: MlflowClient, name: string): Promise<Experiment> {
  const found = await client.getExperimentByName(name)
  if (found) return found
  try {
    return await client.getExperiment(await client.createExperiment(name))
  } catch (error) {
    const made = isTrackingError(error, 'RESOURCE_ALREADY_EXISTS')
      ? await client.getExperimentByName(name)
      : undefined
    if (made) return made
    throw error
  }
}
