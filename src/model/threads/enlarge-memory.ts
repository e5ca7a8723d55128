import { outOfMemory, PAGE_BYTES } from './load-kernels.ts'
import type { SharedMemory } from './webassembly.ts'

/** Makes a memory at least as large; views made before keep their size. Errors: `MEMORY_TOO_SMALL`. */
export function enlargeMemory(memory: SharedMemory, bytes: number, what: string): void {
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES)
  if (pages <= 0) return
  try {
    memory.grow(pages)
  } catch {
    throw outOfMemory(bytes, what)
  }
}
