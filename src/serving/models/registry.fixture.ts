import { join } from 'node:path'
import { createLogger } from '../../log.ts'
import { createRandom } from '../../math/random.ts'
import { MlflowClient } from '../../tracking/client/mlflow-client.ts'
import {
  createTrackingServer,
  type TrackingServer,
  type TrackingServerInput,
} from '../../tracking/server/tracking-server.ts'

export const NAME = 'fraud_detector'

export interface FixtureRegistry {
  readonly server: TrackingServer
  readonly client: MlflowClient
  readonly artifactRoot: string
  /** Makes a version of the model's files and gives its number. */
  register(files: ReadonlyMap<string, Uint8Array>): Promise<string>
  setAlias(alias: string, version: string): Promise<void>
}

/** The real embedded tracking server on a folder of the test's own. */
export async function openFixtureRegistry(
  home: string,
  options: Pick<TrackingServerInput, 'now'> & Partial<TrackingServerInput>,
): Promise<FixtureRegistry> {
  const artifactRoot = join(home, 'artifacts')
  const random = createRandom(process.pid)
  const server = await createTrackingServer({
    home,
    artifactRoot,
    random,
    logger: createLogger('silent'),
    ...options,
  })
  const { now } = options
  const client = new MlflowClient({
    uri: 'http://embedded',
    transport: server.transport,
    now,
    deadlineMs: 500,
  })
  return {
    server,
    client,
    artifactRoot,
    register: (files) => register(client, files),
    setAlias: (alias, version) => client.setRegisteredModelAlias({ name: NAME, alias, version }),
  }
}

async function register(client: MlflowClient, files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const { items } = await client.searchRegisteredModels()
  if (items.length === 0) await client.createRegisteredModel(NAME)
  const { runId } = (await client.createRun({ experimentId: '0' })).info
  await client.logMetric(runId, { key: 'auc_roc', value: 0.9 })
  for (const [path, data] of files) await client.logArtifact(runId, { path: `model/${path}`, data })
  const { version } = await client.createModelVersion({ name: NAME, source: `runs:/${runId}/model`, runId })
  return version
}
