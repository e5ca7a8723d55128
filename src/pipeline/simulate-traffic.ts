import { setTimeout as sleep } from 'node:timers/promises'
import {
  SIMULATED_ROLES,
  selectRows,
  simulateTransactions,
  type Transaction,
  tableRows,
} from '../data/index.ts'

export interface TrafficInput {
  /** Address of a running service, such as http://127.0.0.1:8000. */
  readonly target: string
  /** Transactions a second, sent on time whether or not earlier answers are back. */
  readonly rate: number
  readonly durationSeconds: number
  readonly drift: 'none' | 'gradual' | 'sudden'
  /** Labels follow their transaction after this long; no labels when absent. */
  readonly labelsDelaySeconds?: number
  readonly seed: number
  /** Ends every transaction id, so that two runs of one seed are different transactions. */
  readonly runTag: string
  readonly apiKey?: string | undefined
  readonly now: () => number
  readonly onProgress?: (sent: number, total: number) => void
}

export interface TrafficReport {
  readonly sent: number
  readonly answered: number
  readonly failed: Readonly<Record<string, number>>
  readonly risk_levels: Readonly<Record<string, number>>
  readonly labels: { readonly sent: number; readonly failed: number }
  readonly latency_ms: { readonly p50: number; readonly p95: number; readonly p99: number } | null
}

/** Sends simulated payments to a running service at a steady rate, with their labels later. */
export async function simulateTraffic(input: TrafficInput): Promise<TrafficReport> {
  const { rate, durationSeconds, now, labelsDelaySeconds } = input
  const total = Math.max(1, Math.round(rate * durationSeconds))
  const transactions = simulated(input, total)
  const tally = createTally()
  const pending = new Set<Promise<void>>()
  const track = (work: Promise<void>) => {
    pending.add(work)
    void work.finally(() => pending.delete(work))
  }
  const started = now()
  let sent = 0
  for (const { transaction, isFraud } of transactions) {
    const wait = started + (sent * 1000) / rate - now()
    if (wait > 0) await sleep(wait)
    track(sendTransaction(input, transaction, tally))
    if (labelsDelaySeconds !== undefined) {
      track(sleep(labelsDelaySeconds * 1000).then(() => sendLabel(input, transaction, isFraud, tally)))
    }
    input.onProgress?.(++sent, total)
  }
  await Promise.all(pending)
  return tally.report(sent)
}

type Tally = ReturnType<typeof createTally>

function createTally() {
  const failed: Record<string, number> = {}
  const riskLevels: Record<string, number> = {}
  const latencies: number[] = []
  const labels = { sent: 0, failed: 0 }
  const count = (counts: Record<string, number>, key: string) => {
    counts[key] = (counts[key] ?? 0) + 1
  }
  return {
    answered(riskLevel: string, latencyMs: number) {
      count(riskLevels, riskLevel)
      latencies.push(latencyMs)
    },
    failed: (code: string) => count(failed, code),
    labelled: (ok: boolean) => {
      labels.sent++
      if (!ok) labels.failed++
    },
    report: (sent: number): TrafficReport => ({
      sent,
      answered: latencies.length,
      failed,
      risk_levels: riskLevels,
      labels,
      latency_ms: latencies.length > 0 ? quantiles(latencies) : null,
    }),
  }
}

function quantiles(latencies: number[]): NonNullable<TrafficReport['latency_ms']> {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** A world of fewer payments has so few customers that any part of it looks like drift. */
const LEAST_ROWS = 100_000

/** Payments of a whole world in order, left out evenly until `count` are left. */
function* simulated(
  input: TrafficInput,
  count: number,
): Generator<{ transaction: Transaction; isFraud: boolean }> {
  const rows = Math.max(count, LEAST_ROWS)
  const { table } = simulateTransactions({ rows, seed: input.seed, drift: input.drift })
  const { id, label } = SIMULATED_ROLES
  const chosen = Int32Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count))
  for (const row of tableRows(selectRows(table, chosen))) {
    const { [label]: isFraud, ...transaction } = row
    yield {
      transaction: { ...transaction, [id]: `${transaction[id]}-${input.runTag}` },
      isFraud: isFraud === 1,
    }
  }
}

async function sendTransaction(input: TrafficInput, transaction: Transaction, tally: Tally): Promise<void> {
  const started = input.now()
  try {
    const response = await fetch(new URL('/predict', input.target), post(transaction))
    const body = (await response.json()) as { risk_level?: string; error?: { code?: string } }
    if (response.ok && body.risk_level !== undefined) tally.answered(body.risk_level, input.now() - started)
    else tally.failed(body.error?.code ?? `HTTP ${response.status}`)
  } catch {
    tally.failed('UNREACHABLE')
  }
}

async function sendLabel(
  input: TrafficInput,
  transaction: Transaction,
  isFraud: boolean,
  tally: Tally,
): Promise<void> {
  const label = { transaction_id: transaction[SIMULATED_ROLES.id], is_fraud: isFraud, source: 'chargeback' }
  try {
    const response = await fetch(new URL('/labels', input.target), post(label, input.apiKey))
    await response.arrayBuffer()
    tally.labelled(response.ok)
  } catch {
    tally.labelled(false)
  }
}

function post(body: unknown, apiKey?: string): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(apiKey !== undefined && { 'x-api-key': apiKey }) },
    body: JSON.stringify(body),
  }
}
