import { Registry } from '@prometheus-io/client'
import { joinMetrics, lastingMetrics, type MetricSnapshot, takeSnapshot } from './join-metrics.ts'
import { counter, gauge } from './metrics.ts'

/** A worker whose metrics are asked for; it answers by `MetricsHub.answered`. */
export interface MetricsPeer {
  readonly id: number
  ask(): void
}

/** Joins the metrics of all workers of one service. */
export interface MetricsHub {
  joined(peer: MetricsPeer): void
  answered(id: number, snapshot: MetricSnapshot): void
  /** The worker has ended; its counts stay in the sum. */
  left(id: number): void
  restarted(): void
  /**
   * The Prometheus text of all workers. A worker that does not answer within `patienceMs` is shown as it was when it
   * last did, and counted as late; never rejects because of one. Calls at the same time share one round.
   */
  exposition(): Promise<string>
}

/** `patienceMs`: how long a round waits for answers; 1,000 by default. */
export function createMetricsHub({ patienceMs = 1000 }: { patienceMs?: number } = {}): MetricsHub {
  const registry = new Registry()
  const workers = gauge(registry, 'fds_workers')
  const restarts = counter(registry, 'fds_worker_restarts_total')
  const peers = new Map<number, MetricsPeer>()
  const latest = new Map<number, MetricSnapshot>()
  let departed: MetricSnapshot[] = []
  let round: Promise<string> | undefined
  let missing = new Set<number>()
  let allAnswered = () => {}

  const settle = (id: number) => {
    if (missing.delete(id) && missing.size === 0) allAnswered()
  }
  const askAll = async () => {
    missing = new Set(peers.keys())
    const { promise, resolve } = Promise.withResolvers<void>()
    allAnswered = resolve
    const timer = setTimeout(resolve, patienceMs)
    for (const peer of peers.values()) peer.ask()
    if (missing.size > 0) await promise
    clearTimeout(timer)
  }
  const gather = async () => {
    await askAll()
    workers.set({ state: 'late' }, missing.size)
    workers.set({ state: 'answering' }, peers.size - missing.size)
    const own = await takeSnapshot(registry)
    const lasting = await lastingMetrics(departed.splice(0))
    // who left meanwhile was added behind
    departed = [lasting, ...departed]
    return joinMetrics([...latest.values(), ...departed, own])
  }
  return {
    joined: (peer) => void peers.set(peer.id, peer),
    answered: (id, snapshot) => {
      if (!peers.has(id)) return
      latest.set(id, snapshot)
      settle(id)
    },
    left: (id) => {
      const last = latest.get(id)
      if (last) departed.push(last.filter(({ type }) => type !== 'gauge'))
      latest.delete(id)
      peers.delete(id)
      settle(id)
    },
    restarted: () => restarts.inc(),
    exposition: () => {
      round ??= gather().finally(() => {
        round = undefined
      })
      return round
    },
  }
}
