import { createWriteStream, constants as fs, type ReadStream } from 'node:fs'
import { lstat, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FileInfoMessage } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { refuseArtifactPath, UPLOADS_FOLDER } from './artifact-path.ts'

/** Paths are relative, checked by `checkArtifactPath` or `checkFolderPath`, with `/` between names. */
export interface ArtifactStore {
  /** Streams a file in; it appears whole and synced, or not at all. Folders are made as needed. */
  write(path: string, body: Readable): Promise<void>
  read(path: string): Promise<{ stream: ReadStream; size: number }>
  /** Files and folders directly below, by name, sorted; nothing if the folder does not exist. */
  list(folder: string): Promise<FileInfoMessage[]>
  /** Removes a file, or a folder with all that is in it. */
  remove(path: string): Promise<void>
}

/**
 * Artifacts in a local folder. No symbolic link is followed, wherever in a path it stands, so nothing outside the
 * root is read or written. A full or failing disk is TEMPORARILY_UNAVAILABLE, a missing file RESOURCE_DOES_NOT_EXIST.
 */
export function createFolderArtifacts(root: string, createId: () => string): ArtifactStore {
  return {
    write: (path, body) => onDisk(() => writeFile({ root, path, id: createId() }, body)),
    read: (path) => onDisk(() => readFile(root, path)),
    list: (folder) => onDisk(() => listFolder(root, folder)),
    remove: (path) =>
      onDisk(async () => {
        await checkNoLinks(root, path)
        await lstat(join(root, path))
        await rm(join(root, path), { recursive: true })
      }),
  }
}

async function writeFile(
  { root, path, id }: { root: string; path: string; id: string },
  body: Readable,
): Promise<void> {
  const target = join(root, path)
  const part = join(root, UPLOADS_FOLDER, id)
  await checkNoLinks(root, path)
  await mkdir(dirname(part), { recursive: true })
  try {
    await pipeline(body, createWriteStream(part, { flags: 'wx', flush: true }))
    await mkdir(dirname(target), { recursive: true })
    await checkNoLinks(root, path)
    await rename(part, target)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await syncFolders(root, dirname(path))
}

async function readFile(root: string, path: string): Promise<{ stream: ReadStream; size: number }> {
  await checkNoLinks(root, path)
  const file = await open(join(root, path), fs.O_RDONLY | (fs.O_NOFOLLOW ?? 0))
  const { size, isFile } = await file.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }))
  if (isFile) return { stream: file.createReadStream(size > 0 ? { end: size - 1 } : {}), size }
  await file.close()
  return refuse('INVALID_PARAMETER_VALUE', `Invalid path: '${path}' is a folder`)
}

async function listFolder(root: string, folder: string): Promise<FileInfoMessage[]> {
  await checkNoLinks(root, folder)
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(nothingIfAbsent)
  const shown = entries.filter(
    (entry) => (entry.isFile() || entry.isDirectory()) && entry.name !== UPLOADS_FOLDER,
  )
  const infos = shown.map(async (entry): Promise<FileInfoMessage> => {
    if (entry.isDirectory()) return { path: entry.name, isDir: true }
    const { size } = await lstat(join(root, folder, entry.name))
    return { path: entry.name, isDir: false, fileSize: size }
  })
  return (await Promise.all(infos)).sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Refuses a path of which any existing part is a symbolic link. */
async function checkNoLinks(root: string, path: string): Promise<void> {
  let at = await realpath(root)
  for (const name of path === '' ? [] : path.split('/')) {
    at = join(at, name)
    const stat = await lstat(at).catch(undefinedIfAbsent)
    if (stat === undefined) return
    if (stat.isSymbolicLink()) refuseArtifactPath()
  }
}

/** Makes the new names durable, from the file's folder up to the root. */
async function syncFolders(root: string, folder: string): Promise<void> {
  // Windows has no way to sync a folder and needs none
  if (process.platform === 'win32') return
  for (let at = folder; ; at = dirname(at)) {
    const handle = await open(join(root, at), fs.O_RDONLY)
    await handle.sync()
    await handle.close()
    if (at === '.') return
  }
}

/** Runs file work; failures of the disk and of the path become what a client is told. */
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') refuse('RESOURCE_DOES_NOT_EXIST', 'No such artifact')
    if (BAD_PATH.has(code)) refuseArtifactPath()
    if (CUT_OFF.has(code)) refuse('BAD_REQUEST', 'The upload ended before it was whole')
    if (BAD_DISK.has(code)) refuse('TEMPORARILY_UNAVAILABLE', `Cannot store or read the artifact: ${code}`)
    throw error
  }
}

const BAD_PATH = new Set([
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ENAMETOOLONG',
  'EINVAL',
  'ELOOP',
  'ENOTEMPTY',
  'EILSEQ',
])
const CUT_OFF = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'EPIPE'])
const BAD_DISK = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE'])

function nothingIfAbsent(error: unknown): [] {
  // a file has nothing below it
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
  throw error
}

function undefinedIfAbsent(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
  throw error
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
