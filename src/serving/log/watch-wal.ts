import type { DatabaseSync } from 'node:sqlite'

/** 4 kB each: about 100 MB, three times what the thread that moves the log lets it grow to. */
const LONGEST = 24_000
const STEP = 8000
const TRIES = 200
const PAUSE_MS = 1

const never = new Int32Array(new SharedArrayBuffer(4))

/**
 * Gives a question for after each commit: how many pages SQLite's write-ahead log has; 0 where it does not say, since
 * what is committed stays so whatever the question meets. Where the thread that moves the log into the file falls
 * behind, the question moves it itself, and waits for that: the log is bounded whatever the load. Only readers that hold on to
 * an old state can make it longer; they are asked again each 32 MB.
 */
export function watchWal(database: DatabaseSync): () => number {
  const state = database.prepare('pragma wal_checkpoint(noop)')
  const restart = database.prepare('pragma wal_checkpoint(restart)')
  let longest = LONGEST
  const move = (): void => {
    for (let i = 0; i < TRIES && restart.get()?.['busy'] !== 0; i++) Atomics.wait(never, 0, 0, PAUSE_MS)
  }
  return () => {
    try {
      const pages = state.get()!['log'] as number
      if (pages < LONGEST) longest = LONGEST
      if (pages < longest) return pages
      longest = pages + STEP
      move()
      return pages
    } catch {
      return 0
    }
  }
}
