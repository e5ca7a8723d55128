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

/** `a` and `b/c` → `a/b/c`; an empty part adds nothing. */
export function joinPath(folder: string, path: string): string {
  return [folder, path].filter((part) => part !== '').join('/')
}

/** The path, if each of its segments is a plain name, so that it cannot lead out of its folder. USAGE otherwise. */
export function plainPath(path: string): string {
  if (path !== '') for (const name of path.split('/')) plainName(name)
  return path
}

/** The name, if it can only be that of something within a folder. A server is not believed more than that. */
export function plainName(name: string): string {
  if (!/^\.{0,2}$|[/\\\0]/.test(name)) return name
  throw new FdsError('USAGE', {
    reason: `Invalid path: each of its names must be plain, got ${JSON.stringify(name)}`,
  })
}
