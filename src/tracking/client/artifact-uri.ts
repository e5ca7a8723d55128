import { FdsError } from '../../errors.ts'

const SCHEME = 'mlflow-artifacts:'

/**
 * The path below the server's artifact root of `mlflow-artifacts:/1/ab/artifacts` (`1/ab/artifacts`).
 * MODEL_UNSUPPORTED for a store that the client cannot reach through its tracking server, such as `s3:`.
 *
 * @example
 * artifactPath('mlflow-artifacts:/1/ab/artifacts') // '1/ab/artifacts'
 */
export function artifactPath(uri: string): string {
  if (!uri.startsWith(`${SCHEME}/`)) {
    throw new FdsError('MODEL_UNSUPPORTED', { what: 'An artifact location', got: uri, supported: [SCHEME] })
  }
  // `mlflow-artifacts://host:port/path` names the server; the client always asks its own
  return uri
    .slice(SCHEME.length)
    .replace(/^\/\/[^/]*/, '')
    .replace(/^\/+|\/+$/g, '')
}

/** `a b/c` → `a%20b/c`: each segment encoded, the slashes kept. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** `mlflow-artifacts:/1/ab/artifacts` and `model` → `mlflow-artifacts:/1/ab/artifacts/model`. */
export function joinUri(uri: string, path: string): string {
  return path === '' ? uri : `${uri.replace(/\/+$/, '')}/${path}`
}
