import { outOfMemory, PAGE_BYTES } from './load-kernels.ts'
import type { SharedMemory } from './webassembly.ts'

// The first words of a memory with arenas: a lock, how many arenas there are, and for each its first page, its
// number of pages, and whether it is taken.
const LOCK = 0
const COUNT = 1
const FIRST = 2
const FIELDS = 3
const ARENAS_MAX = 84

/** Bytes at the start of a memory that its arenas need. */
export const ARENAS_BYTES = 1024

/** Makes arenas of what a memory has beyond its first `bytes` bytes, which begin with `ARENAS_BYTES` zeros. */
export function openArenas(memory: SharedMemory, bytes: number): void {
  const begin = Math.ceil(bytes / PAGE_BYTES)
  if (begin >= pageCount(memory)) return
  locked(memory, (words) => {
    words[COUNT] = 1
    words.set([begin, pageCount(memory) - begin, 0], FIRST)
  })
}

/**
 * Takes a part of the memory for one piece of work and returns its address; it holds whatever was there. Any
 * thread may call. Parts that were given back are used again, and the last one grows where it is too small.
 *
 * Errors: `MEMORY_TOO_SMALL`.
 *
 * @param what what the arena is for, for the message
 */
export function takeArena(memory: SharedMemory, bytes: number, what: string): number {
  const pages = Math.ceil(bytes / PAGE_BYTES)
  return locked(memory, (words) => {
    // this thread learns how large others have made the memory
    memory.grow(0)
    const fit = findFree(words, pages)
    if (fit >= 0) {
      words[fit + 2] = 1
      return words[fit] * PAGE_BYTES
    }
    const last = FIRST + FIELDS * (words[COUNT] - 1)
    const mayExtend = words[COUNT] > 0 && words[last + 2] === 0 && endOf(words, last) === pageCount(memory)
    const arena = mayExtend ? last : last + FIELDS
    if (!mayExtend && words[COUNT] === ARENAS_MAX) throw outOfMemory(bytes, what)
    const added = mayExtend ? pages - words[last + 1] : pages
    const begin = grow(memory, added, () => outOfMemory(bytes, what))
    if (!mayExtend) {
      words[COUNT]++
      words[arena] = begin
    }
    words[arena + 1] = pages
    words[arena + 2] = 1
    return words[arena] * PAGE_BYTES
  })
}

/** Gives an arena back for others to take. */
export function giveBackArena(memory: SharedMemory, address: number): void {
  locked(memory, (words) => {
    for (let i = 0; i < words[COUNT]; i++) {
      const arena = FIRST + FIELDS * i
      if (words[arena] * PAGE_BYTES === address) words[arena + 2] = 0
    }
  })
}

function locked<Result>(memory: SharedMemory, work: (words: Int32Array) => Result): Result {
  const words = new Int32Array(memory.buffer, 0, ARENAS_BYTES / 4)
  while (Atomics.compareExchange(words, LOCK, 0, 1) !== 0) Atomics.wait(words, LOCK, 1, 1)
  try {
    return work(words)
  } finally {
    Atomics.store(words, LOCK, 0)
    Atomics.notify(words, LOCK)
  }
}

/** The smallest free arena that is large enough; -1 when there is none. */
function findFree(words: Int32Array, pages: number): number {
  let best = -1
  for (let i = 0; i < words[COUNT]; i++) {
    const arena = FIRST + FIELDS * i
    const fits = words[arena + 2] === 0 && words[arena + 1] >= pages
    if (fits && (best < 0 || words[arena + 1] < words[best + 1])) best = arena
  }
  return best
}

function endOf(words: Int32Array, arena: number): number {
  return words[arena] + words[arena + 1]
}

function pageCount(memory: SharedMemory): number {
  return memory.buffer.byteLength / PAGE_BYTES
}

function grow(memory: SharedMemory, pages: number, failure: () => Error): number {
  try {
    return memory.grow(pages)
  } catch {
    throw failure()
  }
}
