import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { API_PREFIXES, ARTIFACTS_PATH, folderListing } from '../protocol/endpoints.ts'
import type { MessageOf } from '../protocol/fields.ts'
import type { FileInfoMessage } from '../protocol/messages.ts'
import type { ArtifactData, ArtifactRepository } from './artifact-repository.ts'
import { artifactPath, encodePath, joinPath, plainName, plainPath } from './artifact-uri.ts'
import type { FileInfo } from './entities.ts'
import { messageOf } from './read-answer.ts'
import type { Sending, TrackingConnection } from './tracking-connection.ts'

/** Files that the tracking server hands through, at `mlflow-artifacts:/…`. */
export function proxiedArtifacts(connection: TrackingConnection, uri: string): ArtifactRepository {
  const root = artifactPath(uri)
  const route = (path: string) => ROUTE + encodePath(joinPath(root, plainPath(path)))
  return {
    async list(path) {
      const query = new URLSearchParams({ path: joinPath(root, path) }).toString()
      const sending = { method: 'GET', path: LISTING, query, headers: {} }
      const answer = await connection.exchange(sending, true)
      const { files } = messageOf(folderListing, sending, answer) as MessageOf<typeof folderListing>
      return files.map((file) => fileInfoOf({ ...file, path: joinPath(path, plainName(file.path)) }))
    },
    read: (path) => connection.open({ method: 'GET', path: route(path), headers: {} }),
    async write(path, data) {
      const content = await contentOf(data)
      const headers = { 'content-type': 'application/octet-stream', ...content.headers }
      const sending = { method: 'PUT', path: route(path), headers, body: content.body }
      const answer = await connection.open(sending, content.again)
      answer.resume()
    },
  }
}

export function fileInfoOf({ path, isDir = false, fileSize }: FileInfoMessage): FileInfo {
  return fileSize === undefined ? { path, isDir } : { path, isDir, fileSize }
}

const LISTING = API_PREFIXES[0] + ARTIFACTS_PATH
const ROUTE = `${LISTING}/`

interface Content extends Pick<Sending, 'headers'> {
  readonly body: NonNullable<Sending['body']>
  /** Whether it can be sent a second time. */
  readonly again: boolean
}

async function contentOf(data: ArtifactData): Promise<Content> {
  if (typeof data === 'string' || data instanceof Uint8Array) return { headers: {}, body: data, again: true }
  if (data instanceof Readable) return { headers: {}, body: () => data, again: false }
  const { localPath } = data
  const { size } = await stat(localPath)
  return { headers: { 'content-length': String(size) }, body: () => createReadStream(localPath), again: true }
}
