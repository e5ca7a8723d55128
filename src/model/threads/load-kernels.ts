import { readFileSync } from 'node:fs'
import { FdsError } from '../../errors.ts'
import type { Kernels } from './kernels.ts'
import { type SharedMemory, WebAssembly } from './webassembly.ts'

/** A memory grows by pages of this size. */
export const PAGE_BYTES = 65_536
const PAGES_MAX = 65_536

let compiled: object | undefined

/**
 * The kernels at work on one memory. They are compiled once a thread, from `kernels/kernels.wasm`, which
 * `npm ci` makes.
 *
 * Errors: `KERNELS_MISSING` when that file is not there.
 */
export function loadKernels(memory: SharedMemory): Kernels {
  compiled ??= new WebAssembly.Module(readKernels())
  const instance = new WebAssembly.Instance(compiled, { env: { memory } })
  return instance.exports as unknown as Kernels
}

/**
 * A memory that threads share, all zeros. What is never touched costs no memory.
 * Errors: `MEMORY_TOO_SMALL` when more is asked for than 32-bit addresses reach or than the machine gives.
 *
 * @param what what the memory is for, for the message
 */
export function createSharedMemory(bytes: number, what: string): SharedMemory {
  const initial = Math.ceil(bytes / PAGE_BYTES)
  if (initial > PAGES_MAX) throw outOfMemory(bytes, what)
  try {
    return new WebAssembly.Memory({ initial, maximum: PAGES_MAX, shared: true })
  } catch {
    throw outOfMemory(bytes, what)
  }
}

function readKernels(): Uint8Array<ArrayBuffer> {
  try {
    return readFileSync(new URL('../kernels/kernels.wasm', import.meta.url))
  } catch {
    throw new FdsError('KERNELS_MISSING', {})
  }
}

/** The error for work that needs more than there is. */
export function outOfMemory(bytes: number, what: string): FdsError {
  const gibibytes = (count: number): number => Math.ceil((count / 2 ** 30) * 10) / 10
  return new FdsError('MEMORY_TOO_SMALL', {
    what,
    neededGiB: gibibytes(bytes),
    limitGiB: gibibytes(PAGES_MAX * PAGE_BYTES),
  })
}
