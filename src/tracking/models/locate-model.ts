import { FdsError } from '../../errors.ts'
import { joinUri } from '../client/artifact-uri.ts'
import type { LoggedModel, Run } from '../client/entities.ts'
import type { MlflowClient } from '../client/mlflow-client.ts'
import { type ModelUri, parseModelUri } from '../protocol/model-uri.ts'

/** Where a model's folder lies, and what is known of it. */
export interface ModelLocation {
  readonly location: string
  readonly name?: string
  readonly version?: string
  readonly runId?: string
  readonly modelId?: string
}

/**
 * Follows an address of a model to its folder, through any number of further addresses: a version's source may be a
 * run's or a logged model's. MODEL_NOT_FOUND for what is no address, or where the chain never ends.
 */
export async function locateModel(client: MlflowClient, uri: string): Promise<ModelLocation> {
  let found = await step(client, parseModelUri(uri))
  for (let steps = 0; /^(runs|models):/.test(found.location); steps++) {
    if (steps === MOST_STEPS) {
      throw new FdsError('MODEL_NOT_FOUND', { uri, reason: `the sources of its versions lead on and on` })
    }
    // what the first address names counts, not what its files were made from
    found = { ...(await step(client, parseModelUri(found.location))), ...withoutLocation(found) }
  }
  return found
}

/** The newest logged model of that name that the run made, if there is one: MLflow 3 logs models beside their runs. */
export async function loggedModelOfRun(
  client: MlflowClient,
  { info }: Run,
  name: string,
): Promise<LoggedModel | undefined> {
  const made: LoggedModel[] = []
  let pageToken: string | undefined
  do {
    const page = await client.searchLoggedModels({
      experimentIds: [info.experimentId],
      // a name has no quotes: `'` and `"` are refused when a model is made
      filter: `name = '${name}' AND source_run_id = '${info.runId}'`,
      ...(pageToken !== undefined && { pageToken }),
    })
    made.push(...page.items)
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
  return made.toSorted((a, b) => (b.creationTimestampMs ?? 0) - (a.creationTimestampMs ?? 0))[0]
}

const MOST_STEPS = 8

async function step(client: MlflowClient, address: ModelUri): Promise<ModelLocation> {
  if (address.kind === 'run') return ofRun(client, address)
  if (address.kind === 'logged') return ofLoggedModel(await client.getLoggedModel(address.modelId))
  const found =
    address.kind === 'alias' ? client.getModelVersionByAlias(address) : client.getModelVersion(address)
  const { name, version, runId, modelId } = await found
  const location = await client.getModelVersionDownloadUri({ name, version })
  return { location, name, version, ...(runId && { runId }), ...(modelId && { modelId }) }
}

/** A logged model of the path's first name goes before the run's own artifacts, as in MLflow 3. */
async function ofRun(
  client: MlflowClient,
  { runId, path }: { readonly runId: string; readonly path: string },
): Promise<ModelLocation> {
  const run = await client.getRun(runId)
  const [name, ...inner] = path.split('/')
  const isName = !/[:.%"']/.test(name!)
  // a run of a server before MLflow 3 has no outputs, and its server no such search
  const model = isName && run.outputs.length > 0 ? await loggedModelOfRun(client, run, name!) : undefined
  if (model === undefined) return { location: joinUri(run.info.artifactUri ?? '', path), runId }
  const found = ofLoggedModel(model)
  return { ...found, location: joinUri(found.location, inner.join('/')) }
}

function ofLoggedModel({ modelId, artifactUri, sourceRunId }: LoggedModel): ModelLocation {
  return { location: artifactUri ?? '', modelId, ...(sourceRunId && { runId: sourceRunId }) }
}

function withoutLocation({ location: _, ...origin }: ModelLocation): Omit<ModelLocation, 'location'> {
  return origin
}
