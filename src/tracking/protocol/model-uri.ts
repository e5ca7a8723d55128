import { FdsError } from '../../errors.ts'

export type ModelUri =
  | { readonly kind: 'alias'; readonly name: string; readonly alias: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: string }
  | { readonly kind: 'run'; readonly runId: string; readonly path: string }
  | { readonly kind: 'logged'; readonly modelId: string }

/**
 * Reads MLflow's addresses of models: `models:/name@alias`, `models:/name/3`, `models:/name/latest` (the alias
 * that every model has), `models:/m-…` (a logged model) and `runs:/id/path`. MODEL_NOT_FOUND for anything else.
 *
 * @example
 * parseModelUri('models:/fraud@champion') // { kind: 'alias', name: 'fraud', alias: 'champion' }
 */
export function parseModelUri(uri: string): ModelUri {
  // runs://host/… would name another server
  const run = /^runs:\/(?!\/[^/])\/*([^/]+)\/(.+?)\/*$/.exec(uri)
  if (run) return { kind: 'run', runId: run[1]!, path: run[2]! }
  const alias = /^models:\/([^/]+)@([^/@]+)$/.exec(uri) ?? /^models:\/([^/]+)\/(latest)$/.exec(uri)
  if (alias) return { kind: 'alias', name: alias[1]!, alias: alias[2]! }
  const version = /^models:\/([^/]+)\/(\d+)$/.exec(uri)
  if (version) return { kind: 'version', name: version[1]!, version: version[2]! }
  const logged = /^models:\/(m-[0-9a-f]{32})$/.exec(uri)
  if (logged) return { kind: 'logged', modelId: logged[1]! }
  throw new FdsError('MODEL_NOT_FOUND', { uri, reason: FORMS })
}

const FORMS = 'an address is models:/name@alias, models:/name/version, models:/m-… or runs:/id/path'
