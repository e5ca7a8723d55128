import type { Endpoint, RequestOf, ResponseOf } from './endpoint.ts'
import { FDS_ENDPOINTS } from './fds-endpoints.ts'
import { listOf, message } from './fields.ts'
import { HISTORY_ENDPOINTS } from './history-endpoints.ts'
import { LOGGED_MODEL_ENDPOINTS } from './logged-model-endpoints.ts'
import { fileInfo } from './messages.ts'
import { REGISTRY_ENDPOINTS } from './registry-endpoints.ts'
import { TRACKING_ENDPOINTS } from './tracking-endpoints.ts'

/** Every JSON call that is spoken here, by the client and by the server: of MLflow's REST API 2.0, and ours beside it. */
export const ENDPOINTS = {
  ...TRACKING_ENDPOINTS,
  ...HISTORY_ENDPOINTS,
  ...LOGGED_MODEL_ENDPOINTS,
  ...REGISTRY_ENDPOINTS,
  ...FDS_ENDPOINTS,
} as const

export type EndpointName = keyof typeof ENDPOINTS
export type CallRequest<N extends EndpointName> = RequestOf<(typeof ENDPOINTS)[N]>
export type CallResponse<N extends EndpointName> = ResponseOf<(typeof ENDPOINTS)[N]>

/** Both prefixes answer alike; the second is what MLflow's own web page calls. */
export const API_PREFIXES = ['/api/2.0', '/ajax-api/2.0'] as const
/** Where an endpoint is served, and called at the first: `{model_id}` stays as it is. */
export function pathsOf({ path, ajaxOnly, ajaxFirst }: Endpoint): string[] {
  const [api, ajax] = API_PREFIXES
  const prefixes = ajaxOnly ? [ajax] : ajaxFirst ? [ajax, api] : [api, ajax]
  return prefixes.map((prefix) => prefix + path)
}
/** Where artifacts lie, below each prefix. */
export const ARTIFACTS_PATH = '/mlflow-artifacts/artifacts'
/** The answer to `GET` of `ARTIFACTS_PATH` itself: names of what lies directly below `?path=`. */
export const folderListing = { files: listOf(message(fileInfo)) }
/** The MLflow release whose protocol this is; `GET /version` answers it. */
export const MLFLOW_VERSION = '3.11.1'
