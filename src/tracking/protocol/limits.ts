import { refuse } from './refusal.ts'

/** MLflow's limits of names and values (`mlflow/utils/validation.py`), in characters. */
export const LIMITS = {
  key: 250,
  paramValue: 6000,
  runTagValue: 8000,
  experimentName: 500,
  experimentTagValue: 20_000,
  registryTagValue: 100_000,
  /** Ours: as long as an index of PostgreSQL can hold in any script. */
  modelName: 500,
  /** Of runs and models: MLflow's have 32 characters and 34. */
  id: 256,
  alias: 255,
  actor: 255,
  reason: 5000,
  location: 2048,
  batch: 1000,
  batchParams: 100,
  batchTags: 100,
  inputs: 1000,
  datasetName: 500,
  datasetDigest: 36,
  datasetSource: 65_535,
  datasetSchema: 1_048_575,
  datasetProfile: 16_777_215,
  inputTagKey: 255,
  inputTagValue: 500,
  studyName: 500,
  studyOperations: 1000,
  /** Ours: entries of a study's log in one answer. */
  studyEntries: 5000,
  historyRuns: 100,
  bulkPoints: 25_000,
  samplesOfRun: 2500,
  /** Ours: more points are answered, in as many pages as it takes. */
  historyPage: 1000,
  datasetExperiments: 20,
  datasetSummaries: 1000,
  /** Ours: MLflow lets the list of a run's models grow without end. */
  modelHistory: 100_000,
  uploadBytes: 10 * 1024 * 1024,
} as const

/** Names of metrics, parameters and tags: word characters, slashes, dots, dashes, colons, blanks; no odd paths. */
export function checkKey(name: string, path: string, what = path): string {
  if (!/^[/\p{L}\p{N}_.\- :]*$/u.test(name)) refuseName(name, path, BAD_CHARACTERS)
  if (isOddPath(name)) refuseName(name, path, `${BAD_PATH} '${normalPath(name)}'`)
  return checkLength(name, LIMITS.key, what)
}

/** Names of registered models: not blank, without slash and colon. */
export function checkModelName(name: string, path = 'name'): string {
  if (name.trim() === '') refuse('INVALID_PARAMETER_VALUE', `Missing value for required parameter '${path}'.`)
  if (/[/:]/.test(name)) {
    refuse('INVALID_PARAMETER_VALUE', `Invalid model name '${name}'. Names cannot contain '/' or ':'.`)
  }
  if (isOddPath(name)) refuseName(name, path, `${BAD_PATH} '${normalPath(name)}'`)
  return name
}

/** Names of logged models; none of `/ : . % " '`. */
export function checkLoggedModelName(name: string): string {
  if (!/[/:.%"']/.test(name)) return name
  const rule = 'Model name must be a non-empty string and cannot contain the following characters'
  return refuse(
    'INVALID_PARAMETER_VALUE',
    `Invalid model name ('${name}') provided. ${rule}: ['/', ':', '.', '%', '"', "'"]`,
  )
}

export function checkAlias(alias: string): string {
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias)) {
    const rule = 'Names may only contain alphanumerics, underscores (_), and dashes (-).'
    refuse('INVALID_PARAMETER_VALUE', `Invalid alias name: '${alias}'. ${rule}`)
  }
  return checkLength(alias, LIMITS.alias, 'Registered model alias name')
}

/** Aliases that may be read but not set: `latest`, and what looks like a version. */
export function checkAliasFree(alias: string): void {
  if (alias.toLowerCase() === 'latest') {
    refuse('INVALID_PARAMETER_VALUE', "'latest' alias name (case insensitive) is reserved.")
  }
  if (/^v\d+$/i.test(alias)) refuse('INVALID_PARAMETER_VALUE', `Version alias name '${alias}' is reserved.`)
}

export function checkLength(value: string, limit: number, what: string): string {
  if (!isLonger(value, limit)) return value
  return refuse('INVALID_PARAMETER_VALUE', `'${what}' exceeds the maximum length of ${limit} characters`)
}

/** How much one request may send of a kind; MLflow sets no limit to the tags of what is created. */
export function checkCount(count: number, what: string): void {
  if (count <= LIMITS.inputs) return
  refuse('INVALID_PARAMETER_VALUE', `At most ${LIMITS.inputs} ${what} may be sent at once, got ${count}`)
}

/** The first `limit` characters, as MLflow cuts long parameters and tags of runs. */
export function truncate(value: string, limit: number): string {
  return isLonger(value, limit) ? [...value].slice(0, limit).join('') : value
}

/** Texts of digits alone are ids of experiments; MLflow's wording for others. */
export function parseExperimentId(experimentId: string): number {
  if (/^-?\d{1,15}$/.test(experimentId)) return Number(experimentId)
  const message = `Invalid experiment ID '${experimentId}'. Experiment ID must be a valid integer.`
  return refuse('INVALID_PARAMETER_VALUE', message)
}

export function parseVersion(version: string): number {
  if (/^\d{1,15}$/.test(version)) return Number(version)
  return refuse('INVALID_PARAMETER_VALUE', `Parameter 'version' must be an integer, got '${version}'.`)
}

/** `maxResults` within 1…`most`, or `byDefault` if absent. */
export function checkMaxResults(
  maxResults: number | undefined,
  range: { most: number; byDefault: number },
): number {
  const wanted = maxResults ?? range.byDefault
  if (wanted >= 1 && wanted <= range.most) return wanted
  const rule = wanted < 1 ? 'It must be a positive integer' : `It must be at most ${range.most}`
  return refuse(
    'INVALID_PARAMETER_VALUE',
    `Invalid value ${wanted} for parameter 'max_results' supplied. ${rule}`,
  )
}

const BAD_CHARACTERS =
  'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).'
const BAD_PATH =
  'Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to'

function refuseName(name: string, path: string, reason: string): never {
  return refuse(
    'INVALID_PARAMETER_VALUE',
    `Invalid value ${JSON.stringify(name)} for parameter '${path}' supplied: ${reason}`,
  )
}

/** True where Python's `posixpath.normpath` would change the name or lead out of its folder. */
function isOddPath(name: string): boolean {
  return name.startsWith('..') || name.split('/').some((part) => part === '' || part === '.' || part === '..')
}

function normalPath(name: string): string {
  const kept: string[] = []
  for (const part of name.split('/')) {
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  }
  return (name.startsWith('/') ? '/' : '') + kept.join('/') || '.'
}

function isLonger(value: string, limit: number): boolean {
  // a character beyond the basic plane is two code units but one of MLflow's characters
  return value.length > limit && [...value].length > limit
}
