import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { FdsError } from '../../errors.ts'
import type { FileInfo } from './entities.ts'
import { folderArtifacts } from './folder-artifacts.ts'
import { proxiedArtifacts } from './proxied-artifacts.ts'
import type { TrackingConnection } from './tracking-connection.ts'

/** What goes into a file: its content, a stream of it, or the path of a file on this machine. */
export type ArtifactData = string | Uint8Array | Readable | { readonly localPath: string }

/** The files below one artifact location, wherever it is. Paths are below the location, with `/` between names. */
export interface ArtifactRepository {
  /** What lies directly in a folder, by name, with paths below the location; nothing for a file or for no such path. */
  list(path: string): Promise<FileInfo[]>
  /** The content of a file as it comes. */
  read(path: string): Promise<Readable>
  /** Makes or replaces a file, and the folders above it. */
  write(path: string, data: ArtifactData): Promise<void>
}

/**
 * The files at a location, as MLflow's client finds them: `mlflow-artifacts:` through the tracking server, `file:` and
 * plain absolute paths in a folder that this machine shares with the server. MODEL_UNSUPPORTED for any other.
 */
export function openArtifacts(connection: TrackingConnection, uri: string): ArtifactRepository {
  if (uri.startsWith('mlflow-artifacts:/')) return proxiedArtifacts(connection, uri)
  if (uri.startsWith('file://')) return folderArtifacts(fileURLToPath(uri))
  if (uri.startsWith('/')) return folderArtifacts(uri)
  throw new FdsError('MODEL_UNSUPPORTED', { what: 'An artifact location', got: uri, supported: SCHEMES })
}

const SCHEMES = ['mlflow-artifacts:', 'file:']
