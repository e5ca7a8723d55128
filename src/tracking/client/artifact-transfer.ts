import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { FdsError } from '../../errors.ts'
import type { ArtifactRepository } from './artifact-repository.ts'
import { plainPath } from './artifact-uri.ts'
import { reasonOf } from './retry.ts'

/** The whole content of one file. */
export function readWhole(repository: ArtifactRepository, path: string): Promise<Uint8Array> {
  return repeatedly(repository, path, buffer)
}

/** The paths of all files below a folder of the location. */
export async function filesBelow(repository: ArtifactRepository, folder = ''): Promise<string[]> {
  const entries = await repository.list(folder)
  const paths = await Promise.all(
    entries.map(({ path, isDir }) => (isDir ? filesBelow(repository, path) : [path])),
  )
  return paths.flat()
}

/**
 * Copies a file, or a folder with all below it, to the same path below `target`, piece by piece; a file appears under
 * its name once it is complete. Gives the local path.
 */
export async function download(
  repository: ArtifactRepository,
  path: string,
  target: string,
): Promise<string> {
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
  const entry =
    path === '' ? { isDir: true } : (await repository.list(parent)).find((item) => item.path === path)
  if (!entry) throw missing(path)
  const paths = entry.isDir ? await filesBelow(repository, path) : [path]
  await forEachOf(paths, (file) => downloadFile(repository, file, join(target, plainPath(file))))
  return resolve(target, path)
}

/** The files below a local folder, with their paths below it. */
export async function localFiles(folder: string): Promise<{ localPath: string; path: string }[]> {
  const names = await readdir(folder, { recursive: true })
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const localPath = join(folder, name)
      const path = relative(folder, localPath).split(sep).join('/')
      return (await stat(localPath)).isFile() ? [{ localPath, path }] : []
    }),
  )
  return found.flat()
}

/** Does the work for all items, eight at a time. */
export async function forEachOf<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
  const iterator = items[Symbol.iterator]()
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

const AT_ONCE = 8
const READ_TRIES = 4

async function downloadFile(repository: ArtifactRepository, path: string, target: string): Promise<void> {
  const part = `${target}.part`
  try {
    await mkdir(dirname(target), { recursive: true })
    await repeatedly(repository, path, (content) => pipeline(content, createWriteStream(part)))
    await rename(part, target)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** Said here, since older servers of MLflow answer 500 to the reading of what they have not. */
function missing(path: string): FdsError {
  const refusal = { status: 404, errorCode: 'RESOURCE_DOES_NOT_EXIST', message: 'No such artifact' }
  return new FdsError('TRACKING_FAILED', { method: 'GET', path, ...refusal })
}

/** Reads from the start again where the connection broke in the middle. */
async function repeatedly<T>(
  repository: ArtifactRepository,
  path: string,
  read: (content: Readable) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const content = await repository.read(path)
    try {
      return await read(content)
    } catch (cause) {
      if (tries === READ_TRIES || !isBroken(cause)) throw failure(path, cause)
    }
  }
}

/** The connection broke, or the server closed it too early. */
function isBroken(cause: unknown): boolean {
  return /^(ECONN|EPIPE|ERR_STREAM|ETIMEDOUT|HPE_)/.test(String((cause as NodeJS.ErrnoException).code))
}

function failure(path: string, cause: unknown): unknown {
  if (isBroken(cause)) {
    return new FdsError('TRACKING_UNREACHABLE', { uri: path, reason: reasonOf(cause) }, { cause })
  }
  const error = cause as NodeJS.ErrnoException
  if (error.name === 'AbortError') return error.cause ?? error
  return new FdsError('STORAGE_FAILED', { what: error.path ?? path, reason: error.message }, { cause })
}
