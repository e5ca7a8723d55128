import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { FdsError } from '../errors.ts'
import { type DataFile, reasonOf } from './data-file.ts'

/**
 * The bytes of a CSV file, unzipped, about a megabyte at a time. FILE_UNREADABLE for damaged or truncated
 * gzip data (length and checksum are verified at the end) and for what the system refuses.
 */
export async function* byteChunks({ file, path, format }: DataFile): AsyncGenerator<Buffer> {
  const stored = createReadStream(path, { highWaterMark: CHUNK })
  try {
    yield* format === 'csv.gz' ? stored.pipe(createGunzip({ chunkSize: CHUNK })) : stored
  } catch (cause) {
    throw new FdsError('FILE_UNREADABLE', { file, reason: reasonOf(cause) }, { cause })
  } finally {
    stored.destroy()
  }
}

const CHUNK = 1 << 20
