import { enlargeMemory } from './enlarge-memory.ts'
import { createSharedMemory } from './load-kernels.ts'
import type { SharedMemory } from './webassembly.ts'

/** Memories that nobody uses. A helper's heap is seldom swept, so that a dropped one would live on. */
const spare: SharedMemory[] = []
const SPARE_MAX = 4

/**
 * Lends a memory for one piece of work: the first `bytes` bytes are zeros, what lies beyond is whatever was there.
 * Errors: `MEMORY_TOO_SMALL`. Cost O(bytes).
 *
 * @param what what the memory is for, for the message
 */
export function borrowMemory(bytes: number, what: string): SharedMemory {
  spare.sort((a, b) => a.buffer.byteLength - b.buffer.byteLength)
  const fit = spare.findIndex(({ buffer }) => buffer.byteLength >= bytes)
  const [memory] = spare.splice(fit < 0 ? spare.length - 1 : fit, 1)
  if (memory === undefined) return createSharedMemory(bytes, what)
  enlargeMemory(memory, bytes, what)
  new Float64Array(memory.buffer, 0, Math.ceil(bytes / 8)).fill(0)
  return memory
}

/** Takes a memory back that no thread works on any more. */
export function giveBackMemory(memory: SharedMemory): void {
  if (spare.length < SPARE_MAX) spare.push(memory)
}
