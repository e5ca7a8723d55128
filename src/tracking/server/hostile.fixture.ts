import type { LightMyRequestResponse } from 'fastify'
import type { Endpoint } from '../protocol/endpoint.ts'
import { ENDPOINTS, pathsOf } from '../protocol/endpoints.ts'
import { wireName } from '../protocol/fields.ts'
import type { GuardedServer } from './security.fixture.ts'

/** What a server holds for one call: a run with a file, a version with an alias, a logged model. */
export interface World {
  readonly experimentId: string
  readonly runId: string
  readonly name: string
  readonly modelId: string
}

let worlds = 0

export async function createWorld({ served: { client } }: GuardedServer): Promise<World> {
  const name = `world-${++worlds}`
  const experimentId = await client.createExperiment(name)
  const { runId } = (await client.createRun({ experimentId })).info
  await client.logArtifact(runId, { path: 'model/MLmodel', data: Buffer.from('flavors: {}\n') })
  await client.createRegisteredModel(name)
  const { version } = await client.createModelVersion({ name, source: `runs:/${runId}/model`, runId })
  await client.setRegisteredModelAlias({ name, alias: 'champion', version })
  const { modelId } = await client.createLoggedModel({ experimentId, name })
  await client.syncStudy({ studyName: name, operations: [] })
  return { experimentId, runId, name, modelId }
}

const pairs = [{ key: 'k', value: 'v' }]

/** A value for every key that some call takes, by its name on the wire. */
function valuesOf(world: World): Record<string, unknown> {
  const { experimentId, runId, name, modelId } = world
  return {
    ...{
      name,
      experiment_name: name,
      new_name: `${name}-renamed`,
      run_name: 'run',
      metric_key: 'm',
      key: 'k',
    },
    ...{ experiment_id: experimentId, experiment_ids: [experimentId], run_id: runId, run_ids: [runId] },
    ...{
      model_id: modelId,
      source_run_id: runId,
      user_id: 'me',
      value: '1',
      version: '1',
      alias: 'champion',
    },
    ...{ artifact_location: `mlflow-artifacts:/${name}`, source: `runs:/${runId}/model`, run_link: 'link' },
    ...{ path: 'model', artifact_directory_path: '', tag_key: 'k', description: 'text', model_type: 'type' },
    ...{
      tags: pairs,
      params: pairs,
      stages: ['None'],
      stage: 'None',
      filter: '',
      order_by: [],
      page_token: '',
    },
    ...{ actor: 'me', reason: 'why', expected_champion: '1', dataset_name: 'd', dataset_digest: 'g' },
    ...{ max_results: 5, start_time: 1, end_time: 2, timestamp: 1, step: 1, start_step: 0, end_step: 9 },
    ...{ expiration: 60, view_type: 'ALL', run_view_type: 'ALL', allow_deleted: true },
    ...{ study_name: name, worker: 1, after: 0, operations: ['{"id":1,"kind":"start"}'] },
    archive_existing_versions: false,
    metrics: [{ key: 'm', value: 1, timestamp: 1, step: 1 }],
    models: [{ model_id: modelId, step: 1 }],
    model_json: JSON.stringify({
      artifact_path: 'model',
      run_id: runId,
      flavors: {},
      utc_time_created: 'now',
    }),
  }
}

/** What only some calls mean by a name. */
const OWN: Readonly<Record<string, (world: World) => Record<string, unknown>>> = {
  createExperiment: ({ name }) => ({ name: `${name}-new` }),
  createRegisteredModel: ({ name }) => ({ name: `${name}-new` }),
  createLoggedModel: () => ({ name: 'logged' }),
  updateRun: () => ({ status: 'FINISHED' }),
  finalizeLoggedModel: () => ({ status: 'LOGGED_MODEL_READY' }),
  searchLoggedModels: () => ({
    order_by: [{ field_name: 'metrics.m', dataset_name: 'd', dataset_digest: 'g' }],
    datasets: [{ dataset_name: 'd', dataset_digest: 'g' }],
  }),
  logInputs: () => ({
    datasets: [
      {
        tags: pairs,
        dataset: { name: 'd', digest: 'g', source_type: 't', source: 's', schema: '{}', profile: '{}' },
      },
    ],
  }),
}

export type Json = Record<string, unknown>

export interface Call {
  readonly name: string
  readonly endpoint: Endpoint
  /** A whole request that the server takes. */
  request(world: World): Json
}

/** Every call of the protocol with all its fields filled; throws for a field that `valuesOf` does not know. */
export const CALLS: readonly Call[] = Object.entries<Endpoint>(ENDPOINTS).map(([name, endpoint]) => ({
  name,
  endpoint,
  request: (world) => {
    const values = { ...valuesOf(world), ...OWN[name]?.(world) }
    const entries = Object.keys(endpoint.request).map((key) => {
      const wire = wireName(key)
      if (!(wire in values)) throw new Error(`hostile.fixture.ts has no value for ${wire} of ${name}`)
      return [wire, values[wire]]
    })
    return Object.fromEntries(entries)
  },
}))

/** Sends the call by its first method and prefix. */
export function sendCall(
  server: GuardedServer,
  { endpoint }: Call,
  request: Json,
): Promise<LightMyRequestResponse> {
  const url = pathsOf(endpoint)[0]!.replace(/\{(\w+)\}/g, (_, key: string) =>
    encodeURIComponent(String(request[key])),
  )
  const [method] = endpoint.methods
  if (method !== 'GET') return server.send({ method, url, payload: request })
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(request)) {
    for (const one of [value].flat()) query.append(key, String(one))
  }
  return server.send({ url: `${url}?${query}` })
}

export interface Place {
  /** Such as `tags.0.value`. */
  readonly at: string
  put(text: string): Json
}

/** Every place of a request that holds a text, to put another there. */
export function textPlaces(request: Json): Place[] {
  const found: Place[] = []
  const walk = (value: unknown, at: string[]): void => {
    if (typeof value === 'string')
      found.push({ at: at.join('.'), put: (text) => replaced(request, at, text) as Json })
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, [...at, key])
    }
  }
  walk(request, [])
  return found
}

function replaced(value: unknown, [key, ...rest]: string[], text: string): unknown {
  if (key === undefined) return text
  const copy = Array.isArray(value) ? [...value] : { ...(value as Json) }
  const slots = copy as Record<string, unknown>
  slots[key] = replaced(slots[key], rest, text)
  return copy
}
