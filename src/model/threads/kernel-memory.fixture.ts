// For tests only: a memory with kernels, on which a test lays out what it needs.
import { AddressSpace, type Views, viewsOf } from './address-space.ts'
import type { Kernels } from './kernels.ts'
import { createSharedMemory, loadKernels } from './load-kernels.ts'

export interface Workbench extends Views {
  readonly kernels: Kernels
  /** An address of that many bytes; they hold whatever was there. */
  take(bytes: number): number
  /** The address of a copy of the numbers, 64 bytes apart from others. */
  put(numbers: Int32Array | Float32Array | Float64Array | Uint16Array | Uint8Array): number
  /** Forgets what was taken; the bytes stay. */
  clear(): void
}

export function createWorkbench(bytes: number): Workbench {
  const memory = createSharedMemory(bytes, 'a test')
  const views = viewsOf(memory)
  // kernels may read a little in front of what they are given
  const begin = 4096
  let space = new AddressSpace(begin)
  return {
    ...views,
    kernels: loadKernels(memory),
    take: (size) => space.take(size),
    put(numbers) {
      const address = space.take(numbers.byteLength)
      views.bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), address)
      return address
    },
    clear() {
      space = new AddressSpace(begin)
    },
  }
}
