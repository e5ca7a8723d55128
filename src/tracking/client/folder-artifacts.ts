import { copyFile, mkdir, open, readdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { ArtifactData, ArtifactRepository } from './artifact-repository.ts'
import { joinPath, plainPath } from './artifact-uri.ts'
import type { FileInfo } from './entities.ts'

/** Files in a folder that this machine shares with the tracking server, at `file:///…`. */
export function folderArtifacts(root: string): ArtifactRepository {
  const located = (path: string) => join(root, plainPath(path))
  return {
    async list(path) {
      const names = await readdir(located(path)).catch(emptyIfNone)
      return Promise.all(names.sort().map((name) => fileInfo(located(path), joinPath(path, name))))
    },
    read: async (path) => (await open(located(path))).createReadStream(),
    async write(path, data) {
      await mkdir(dirname(located(path)), { recursive: true })
      await put(located(path), data)
    },
  }
}

async function put(file: string, data: ArtifactData): Promise<void> {
  if (typeof data === 'string' || data instanceof Uint8Array || data instanceof Readable) {
    await writeFile(file, data)
  } else await copyFile(data.localPath, file)
}

async function fileInfo(folder: string, path: string): Promise<FileInfo> {
  const found = await stat(join(folder, path.slice(path.lastIndexOf('/') + 1)))
  return found.isDirectory() ? { path, isDir: true } : { path, isDir: false, fileSize: found.size }
}

function emptyIfNone(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
  throw error
}
