import { readFile, stat } from 'node:fs/promises'
import { FdsError } from '../errors.ts'

/** Node reads no longer file at once. */
const FILE_BYTES_MAX = 2 ** 31 - 1

/** The bytes of a model file. FILE_NOT_FOUND; MODEL_FILE_INVALID for a file longer than 2 GiB. */
export async function readModelFile(file: string): Promise<Uint8Array> {
  const kind = await stat(file).catch(() => undefined)
  if (!kind?.isFile()) throw new FdsError('FILE_NOT_FOUND', { file })
  if (kind.size > FILE_BYTES_MAX) {
    const reason = `${file} must be at most ${FILE_BYTES_MAX} bytes, got ${kind.size}`
    throw new FdsError('MODEL_FILE_INVALID', { reason })
  }
  return await readFile(file)
}
