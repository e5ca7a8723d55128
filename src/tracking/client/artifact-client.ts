import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { stringify } from 'yaml'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { type ArtifactData, type ArtifactRepository, openArtifacts } from './artifact-repository.ts'
import { download, filesBelow, forEachOf, localFiles, readWhole } from './artifact-transfer.ts'
import { joinPath } from './artifact-uri.ts'
import type { FileInfo } from './entities.ts'
import { fileInfoOf } from './proxied-artifacts.ts'
import { RunClient } from './run-client.ts'

/**
 * What is uploaded: a path on this machine (a folder goes whole, under its name), with `artifactPath` as the folder
 * that it goes into; or content for a path below the artifact folder.
 */
export type ArtifactSource =
  | string
  | { readonly localPath: string; readonly artifactPath?: string }
  | { readonly path: string; readonly data: string | Uint8Array | Readable }

/** Several files: all below a local folder, or content by path below the artifact folder. */
export type ArtifactSources =
  | string
  | { readonly localDir: string; readonly artifactPath?: string }
  | ReadonlyMap<string, ArtifactData>

/** The part of `MlflowClient` that moves files. Nothing is held whole in memory unless its method says so. */
export class ArtifactClient extends RunClient {
  readonly #locations = new Map<string, string>()

  /** Writes one file, or a folder, below the run's artifact folder. */
  async logArtifact(runId: string, source: ArtifactSource): Promise<void> {
    await upload(await this.#ofRun(runId), source)
  }

  /** Writes several files, eight at a time. */
  async logArtifacts(runId: string, sources: ArtifactSources): Promise<void> {
    await uploadAll(await this.#ofRun(runId), sources)
  }

  async logText(runId: string, file: { text: string; artifactFile: string }): Promise<void> {
    await this.logArtifact(runId, { path: file.artifactFile, data: file.text })
  }

  /** As YAML where the name ends in `.yml` or `.yaml`, else as JSON. */
  async logDict(runId: string, file: { dictionary: object; artifactFile: string }): Promise<void> {
    const { dictionary, artifactFile } = file
    const isYaml = /^\.ya?ml$/.test(extname(artifactFile))
    const data = isYaml ? stringify(dictionary) : JSON.stringify(dictionary, null, 2)
    await this.logArtifact(runId, { path: artifactFile, data })
  }

  /** A picture that is drawn already: the text of an SVG, or the bytes of a PNG. */
  async logFigure(runId: string, file: { figure: string | Uint8Array; artifactFile: string }): Promise<void> {
    await this.logArtifact(runId, { path: file.artifactFile, data: file.figure })
  }

  /** What lies directly below `path`, or below the run's artifact folder. */
  async listArtifacts(runId: string, path?: string): Promise<FileInfo[]> {
    return (await this.connection.call('listArtifacts', { runId, path })).files.map(fileInfoOf)
  }

  /** The bytes of one file, held in memory. */
  async downloadArtifact(runId: string, path: string): Promise<Uint8Array> {
    return readWhole(await this.#ofRun(runId), path)
  }

  /** The content of one file as it comes; read it to its end or destroy it. */
  async openArtifact(runId: string, path: string): Promise<Readable> {
    return (await this.#ofRun(runId)).read(path)
  }

  /**
   * Copies a file, a folder, or all of the run's artifacts below `dstPath`, which is a new temporary folder by default;
   * gives the local path.
   */
  async downloadArtifacts(runId: string, target: { path?: string; dstPath?: string } = {}): Promise<string> {
    const { path = '', dstPath = await mkdtemp(join(tmpdir(), 'fds-artifacts-')) } = target
    return download(await this.#ofRun(runId), path, dstPath)
  }

  /** An address that one may upload a file to without the server, where its store makes such (not ours). */
  async createPresignedUploadUrl(
    request: CallRequest<'createPresignedUploadUrl'>,
  ): Promise<CallResponse<'createPresignedUploadUrl'>> {
    return this.connection.call('createPresignedUploadUrl', request)
  }

  /** An address that one may download a file from without the server, where its store makes such (not ours). */
  async createPresignedDownloadUrl(
    request: CallRequest<'createPresignedDownloadUrl'>,
  ): Promise<CallResponse<'createPresignedDownloadUrl'>> {
    return this.connection.call('createPresignedDownloadUrl', request)
  }

  /** What lies directly below an artifact location (`mlflow-artifacts:/…`); paths are names within it. */
  async listFolder(uri: string): Promise<FileInfo[]> {
    return openArtifacts(this.connection, uri).list('')
  }

  /** Every file below an artifact location, by its path below that location, held in memory. */
  async downloadFolder(uri: string): Promise<Map<string, Uint8Array>> {
    const repository = openArtifacts(this.connection, uri)
    const paths = await filesBelow(repository)
    const files = new Map<string, Uint8Array>(paths.map((path) => [path, new Uint8Array()]))
    await forEachOf(paths, async (path) => files.set(path, await readWhole(repository, path)))
    return files
  }

  /** The bytes at an artifact location, held in memory. */
  async downloadFile(uri: string): Promise<Uint8Array> {
    return readWhole(openArtifacts(this.connection, uri), '')
  }

  async uploadFile(uri: string, data: ArtifactData): Promise<void> {
    await openArtifacts(this.connection, uri).write('', data)
  }

  /** The run's location never changes, so it is asked for once, as MLflow's client does. */
  async #ofRun(runId: string): Promise<ArtifactRepository> {
    const known = this.#locations.get(runId) ?? (await this.getRun(runId)).info.artifactUri ?? ''
    if (this.#locations.size >= MOST_LOCATIONS) this.#locations.clear()
    this.#locations.set(runId, known)
    return openArtifacts(this.connection, known)
  }
}

const MOST_LOCATIONS = 1000

/** Writes one file, or a folder, below an artifact location. */
export async function upload(repository: ArtifactRepository, source: ArtifactSource): Promise<void> {
  if (typeof source === 'object' && 'path' in source) return repository.write(source.path, source.data)
  const { localPath, artifactPath = '' } = typeof source === 'string' ? { localPath: source } : source
  const path = joinPath(artifactPath, basename(resolve(localPath)))
  if ((await stat(localPath)).isDirectory())
    await uploadAll(repository, { localDir: localPath, artifactPath: path })
  else await repository.write(path, { localPath })
}

export async function uploadAll(repository: ArtifactRepository, sources: ArtifactSources): Promise<void> {
  if (sources instanceof Map) {
    await forEachOf(sources as ReadonlyMap<string, ArtifactData>, ([path, data]) =>
      repository.write(path, data),
    )
    return
  }
  const folder =
    typeof sources === 'string'
      ? { localDir: sources }
      : (sources as { localDir: string; artifactPath?: string })
  const { localDir, artifactPath = '' } = folder
  await forEachOf(await localFiles(localDir), ({ path, localPath }) =>
    repository.write(joinPath(artifactPath, path), { localPath }),
  )
}
