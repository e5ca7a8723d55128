import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { CLOSE, type WriteGroup, type WriterAnswer, type WriterTarget } from './writer-messages.ts'

/**
 * The thread that writes, as the event loop sees it: one group at a time. The thread is started with the first group,
 * and anew after it died, whatever it died of; then the group it had is sent again, once, which is safe because a
 * transaction's first decision is the one that counts.
 */
export interface WriterHandle {
  /** Calls back when the group is stored or cannot be. */
  write(group: WriteGroup, done: (answer: WriterAnswer) => void): void
  close(): Promise<void>
}

export function createWriterHandle(target: WriterTarget): WriterHandle {
  let thread: Worker | undefined
  let sent: { group: WriteGroup; done: (answer: WriterAnswer) => void; lives: number } | undefined

  const answer = (given: WriterAnswer): void => {
    const { done } = sent!
    sent = undefined
    done(given)
  }
  const post = (): void => {
    thread ??= start()
    thread.postMessage(sent!.group)
  }
  const start = (): Worker => {
    const worker = new Worker(new URL('writer-thread.ts', import.meta.url), { workerData: target })
    let reason = 'the thread that writes ended'
    worker.on('message', answer)
    worker.on('error', (error) => {
      reason = `the thread that writes ended: ${error.message}`
    })
    worker.on('exit', () => {
      thread = undefined
      if (!sent) return
      if (--sent.lives > 0) post()
      else answer({ reason, isRefused: false })
    })
    return worker
  }
  return {
    write: (group, done) => {
      sent = { group, done, lives: 2 }
      post()
    },
    close: async () => {
      if (!thread) return
      const ended = once(thread, 'exit')
      thread.postMessage(CLOSE)
      await ended
    },
  }
}
