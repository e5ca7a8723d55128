import { FdsError } from '../errors.ts'
import type { MetricSnapshot, ShareMetrics } from '../serving/index.ts'
import { type PrimaryMessage, toFailure, type WorkerMessage } from './worker-messages.ts'

/** A worker's line to the process that started it. */
export interface WorkerLink {
  readonly shareMetrics: ShareMetrics
  /** Fewer workers than wanted are ready. */
  troubles(): readonly string[]
  /** This worker answers requests. */
  ready(address: string): void
  /** It cannot start, and why. */
  failed(error: unknown): undefined
  /** Leaves the last counts with the primary and lets this process end. */
  close(): Promise<void>
}

/** A primary that is silent for so long is no help to a scrape. */
const PATIENCE_MS = 5000

/** Opens the line of a process that `node:cluster` started. */
export function openWorkerLink(): WorkerLink {
  const scrapes = new Map<number, (text: string) => void>()
  let lastScrape = 0
  let own: (() => Promise<MetricSnapshot>) | undefined
  let missing = 0
  const tell = (message: WorkerMessage) => {
    if (process.connected) process.send?.(message)
  }
  const tellMetrics = async () => {
    if (own) tell({ fds: 'snapshot', snapshot: await own() })
  }
  process.on('message', (message: PrimaryMessage) => {
    // who cannot answer is late, and no reason to end
    if (message.fds === 'ask') tellMetrics().catch(() => {})
    if (message.fds === 'exposition') scrapes.get(message.scrape)?.(message.text)
    if (message.fds === 'workers') missing = message.wanted - message.ready
  })
  const scrape = async () => {
    const id = ++lastScrape
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const timer = setTimeout(() => reject(new FdsError('OVERLOADED', {})), PATIENCE_MS)
    scrapes.set(id, resolve)
    tell({ fds: 'scrape', scrape: id })
    return promise.finally(() => {
      clearTimeout(timer)
      scrapes.delete(id)
    })
  }
  return {
    shareMetrics: (snapshot) => {
      own = snapshot
      return scrape
    },
    troubles: () => (missing > 0 ? [`${missing} of the workers are being started again`] : []),
    ready: (address) => tell({ fds: 'ready', address }),
    failed: (error) => void tell({ fds: 'failed', failure: toFailure(error) }),
    close: async () => {
      await tellMetrics()
      if (process.connected) process.disconnect()
    },
  }
}
