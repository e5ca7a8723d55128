import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { CLOSE, type WriteGroup, type WriterAnswer, type WriterTarget } from './writer-messages.ts'

/**
 * The thread that writes, as the event loop sees it: groups are written and answered in the order in which they are
 * given. The thread is started with the first group, and anew after it died, whatever it died of; then the groups it
 * had are sent again, once, which is safe because a transaction's first decision is the one that counts.
 */
export interface WriterHandle {
  /** Calls back when the group is stored or cannot be. */
  write(group: WriteGroup, done: (answer: WriterAnswer) => void): void
  close(): Promise<void>
}

interface Sent {
  readonly group: WriteGroup
  readonly done: (answer: WriterAnswer) => void
  lives: number
}

export function createWriterHandle(target: WriterTarget): WriterHandle {
  let thread: Worker | undefined
  let sent: Sent[] = []

  const post = ({ group }: Sent): void => {
    thread ??= start()
    thread.postMessage(group)
  }
  const start = (): Worker => {
    const worker = new Worker(new URL('writer-thread.ts', import.meta.url), { workerData: target })
    let reason = 'the thread that writes ended'
    worker.on('message', (answer: WriterAnswer) => sent.shift()!.done(answer))
    worker.on('error', (error) => {
      reason = `the thread that writes ended: ${error.message}`
    })
    worker.on('exit', () => {
      thread = undefined
      const left = sent.filter((entry) => --entry.lives > 0)
      const given = sent.filter((entry) => entry.lives <= 0)
      sent = left
      for (const entry of left) post(entry)
      for (const { done } of given) done({ reason, isRefused: false })
    })
    return worker
  }
  return {
    write: (group, done) => {
      const entry = { group, done, lives: 2 }
      sent.push(entry)
      post(entry)
    },
    close: async () => {
      if (!thread) return
      const ended = once(thread, 'exit')
      thread.postMessage(CLOSE)
      await ended
    },
  }
}
