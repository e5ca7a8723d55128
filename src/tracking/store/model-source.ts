import { parseVersion } from '../protocol/limits.ts'
import type { PairMessage } from '../protocol/messages.ts'
import { type ModelUri, parseModelUri } from '../protocol/model-uri.ts'
import { refuse } from '../protocol/refusal.ts'
import { findModel } from './logged-model-store.ts'
import { findVersion } from './model-version-store.ts'
import type { ArtifactLocations, Db } from './store-context.ts'

/** Where the files of a model version lie, and the run and logged model that it comes from. */
export interface SourceOrigin {
  readonly storage_location: string
  readonly run_id: string | null
  readonly model_id: string | null
}

/**
 * Resolves the source that a client gives for a version. Taken are `runs:` and `models:` addresses, locations in
 * the server's own artifact root, and, where the operator shares a folder with the clients, paths below the
 * artifacts of the run that is named. Everything else is refused: what is registered here is served later. A prompt
 * has no files, and only the names that MLflow's client gives in their place.
 */
export async function resolveSource(
  db: Db,
  given: {
    source: string
    runId?: string | undefined
    modelId?: string | undefined
    tags?: readonly PairMessage[]
  },
  locations: ArtifactLocations,
): Promise<SourceOrigin> {
  const { source, tags = [] } = given
  const origin = { run_id: given.runId || null, model_id: given.modelId || null }
  if (isPrompt(tags)) return { ...origin, storage_location: promptSource(source) }
  if (isLocal(source)) return { ...origin, storage_location: await localSource(db, source, origin.run_id) }
  if (leadsAstray(source)) refuseSource(source, RELATIVE)
  if (!/^(runs|models):/.test(source)) return { ...origin, storage_location: locations.checkLocation(source) }
  return resolveAddress(db, { source, origin }, locations)
}

const RELATIVE =
  'If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, ' +
  'an absolute path must be provided without relative path references present. Please provide an absolute path.'
const LOCAL =
  'To use a local path as a model version source, the run_id request parameter has to be specified and the local ' +
  'path has to be contained within the artifact directory of the run specified by the run_id.'
const FORMS = 'It must be mlflow-artifacts:/…, runs:/id/path, models:/name/version or models:/m-…'

function isPrompt(tags: readonly PairMessage[]): boolean {
  return tags.findLast(({ key }) => key === 'mlflow.prompt.is_prompt')?.value?.toLowerCase() === 'true'
}

function promptSource(source: string): string {
  if (source === 'dummy-source' || source === 'prompt-template') return source
  const rule =
    'Local source paths are not allowed for prompts. Prompt sources must use an MLflow placeholder.'
  return refuse('INVALID_PARAMETER_VALUE', `Invalid prompt source: '${source}'. ${rule}`)
}

/** A path without a scheme, a drive path, or a file URL. */
function isLocal(source: string): boolean {
  return /^file:/i.test(source) || !/^[A-Za-z][A-Za-z0-9+.-]+:/.test(source)
}

/** `..` or a control character, under any number of percent-encodings. */
function leadsAstray(source: string): boolean {
  const plain = source
    .replace(/%(25)+/g, '%')
    .replace(/%2e/gi, '.')
    .replace(/%2f/gi, '/')
    .replace(/%5c/gi, '\\')
  return /%[01][0-9a-f]/i.test(plain) || plain.split(/[/\\]/).includes('..') || hasControl(plain)
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character < ' ')
}

/** The path as the run's own location spells it, if it is below the run's artifacts on a shared disk. */
async function localSource(db: Db, source: string, runId: string | null): Promise<string> {
  const run = runId === null ? undefined : await artifactUriOf(db, runId)
  if (!run?.startsWith('file:')) return refuseSource(source, LOCAL)
  const wanted = pathnameOf(/^file:/i.test(source) ? source : `file://${source}`)
  const allowed = pathnameOf(run)
  const isBelow = wanted !== undefined && allowed !== undefined && `${wanted}/`.startsWith(`${allowed}/`)
  if (!isBelow || leadsAstray(wanted)) return refuseSource(source, LOCAL)
  return run.replace(/\/+$/, '') + wanted.slice(allowed.length)
}

/** The path of a file URL with `.` and `..` resolved; `undefined` for one that names a host or is none. */
function pathnameOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { host, pathname, search, hash } = new URL(url)
  return host === '' && search === '' && hash === '' ? pathname.replace(/\/+$/, '') : undefined
}

async function resolveAddress(
  db: Db,
  { source, origin }: { source: string; origin: Pick<SourceOrigin, 'run_id' | 'model_id'> },
  locations: ArtifactLocations,
): Promise<SourceOrigin> {
  const address = parseSource(source)
  if (address.kind === 'run') return ofRun(db, { source, origin, address }, locations)
  if (address.kind === 'logged') {
    const model = await findModel(db, address.modelId)
    const run = origin.run_id ?? model.source_run_id
    return { storage_location: model.artifact_uri, run_id: run, model_id: origin.model_id ?? model.model_id }
  }
  if (address.kind === 'alias') return refuseSource(source, FORMS)
  const version = await findVersion(db, { name: address.name, version: parseVersion(address.version) })
  return { ...origin, storage_location: version.storage_location }
}

/** A logged model of that name which the run made, else the run's own artifacts, as MLflow's client reads such addresses. */
async function ofRun(
  db: Db,
  given: {
    source: string
    origin: Pick<SourceOrigin, 'run_id' | 'model_id'>
    address: { readonly runId: string; readonly path: string }
  },
  locations: ArtifactLocations,
): Promise<SourceOrigin> {
  const { source, origin } = given
  const { runId, path } = given.address
  const run_id = origin.run_id ?? runId
  const [name, ...inner] = path.split('/')
  const model = await modelOfRun(db, runId, name!)
  if (model) {
    const location = locations.checkLocation([model.artifact_uri, ...inner].join('/'))
    return { storage_location: location, run_id, model_id: origin.model_id ?? model.model_id }
  }
  const run = await artifactUriOf(db, runId)
  // MLflow takes the address of a run that it does not know as it stands
  const location = run === undefined ? source : locations.checkLocation(`${run}/${path}`)
  return { ...origin, storage_location: location, run_id }
}

async function modelOfRun(db: Db, runId: string, name: string) {
  return await db
    .selectFrom('logged_models')
    .select(['model_id', 'artifact_uri'])
    .where('source_run_id', '=', runId)
    .where('name', '=', name)
    .where('lifecycle_stage', '=', 'active')
    .orderBy('creation_time', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
}

async function artifactUriOf(db: Db, runId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('runs')
    .select('artifact_uri')
    .where('run_id', '=', runId)
    .executeTakeFirst()
  return row?.artifact_uri
}

function parseSource(source: string): ModelUri {
  try {
    return parseModelUri(source)
  } catch {
    return refuseSource(source, FORMS)
  }
}

function refuseSource(source: string, rule: string): never {
  return refuse('INVALID_PARAMETER_VALUE', `Invalid model version source: '${source}'. ${rule}`)
}
