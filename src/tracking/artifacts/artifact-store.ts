import { createWriteStream, constants as fs } from 'node:fs'
import { lstat, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FileInfoMessage } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { refuseArtifactPath, UPLOADS_FOLDER } from './artifact-path.ts'

/**
 * Where artifacts lie. Paths are relative, checked by `checkArtifactPath` or `checkFolderPath`, with `/` between
 * names. An implementer owes: files stream both ways and are never held whole; what a client cannot help is
 * TEMPORARILY_UNAVAILABLE, a missing file RESOURCE_DOES_NOT_EXIST, a path that leads elsewhere "Invalid path".
 */
export interface ArtifactStore {
  /** Streams a file in; it appears whole and durable, or not at all. Folders are made as needed. */
  write(path: string, body: AsyncIterable<Uint8Array>): Promise<void>
  /** Finds a file without reading it. The caller either reads or closes it. */
  open(path: string): Promise<ArtifactFile>
  /** Files and folders directly below, by name, sorted; nothing if the folder does not exist. */
  list(folder: string): Promise<FileInfoMessage[]>
  /** Removes a file, or a folder with all that is in it; what is not there need not be removed. */
  remove(path: string): Promise<void>
}

export interface ArtifactFile {
  readonly size: number
  /** Differs between two contents of the same path. Letters and digits. */
  readonly version: string
  /** The bytes of the range, or all; the stream gives back what it holds when it ends or is destroyed. */
  read(range?: ByteRange): Readable
  close(): Promise<void>
}

/** Positions of the first and of the last byte, from 0. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Artifacts in a local folder. No symbolic link is followed, wherever in a path it stands, so nothing outside the
 * root is read or written.
 */
export function createFolderArtifacts(root: string, createId: () => string): ArtifactStore {
  return {
    write: (path, body) => onDisk(path, () => writeFile({ root, path, id: createId() }, body)),
    open: (path) => onDisk(path, () => openFile(root, path)),
    list: (folder) => onDisk(folder, () => listFolder(root, folder)),
    remove: (path) =>
      onDisk(path, async () => {
        await checkNoLinks(root, path)
        await rm(join(root, path), { recursive: true, force: true })
      }),
  }
}

async function writeFile(
  { root, path, id }: { root: string; path: string; id: string },
  body: AsyncIterable<Uint8Array>,
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

async function openFile(root: string, path: string): Promise<ArtifactFile> {
  await checkNoLinks(root, path)
  const file = await open(join(root, path), fs.O_RDONLY | (fs.O_NOFOLLOW ?? 0))
  const { size, ino, mtimeNs, isFile } = await file.stat({ bigint: true }).then((stat) => ({
    size: Number(stat.size),
    ino: stat.ino,
    mtimeNs: stat.mtimeNs,
    isFile: stat.isFile(),
  }))
  if (isFile) {
    const whole = size > 0 ? { start: 0, end: size - 1 } : undefined
    return {
      size,
      // an upload is a new file; one that was written in place has a new time or length
      version: [ino, mtimeNs, BigInt(size)].map((number) => number.toString(36)).join('x'),
      read: (range = whole) => file.createReadStream(range ?? {}),
      close: () => file.close(),
    }
  }
  await file.close()
  return refuse('INVALID_PARAMETER_VALUE', `Artifact path refers to a directory, not a file: '${path}'`)
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
async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') refuse('RESOURCE_DOES_NOT_EXIST', `No such artifact: '${path}'`)
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
