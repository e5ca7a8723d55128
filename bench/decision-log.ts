import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '../src/log.ts'
import {
  createTransactionId,
  type Decision,
  type DecisionLog,
  openDecisionLog,
} from '../src/serving/index.ts'
import type { Row } from './rows.ts'

const DECISIONS = 200_000
const STEADY_RATE = 17_000
const STEADY_SECONDS = 10
const MILLION = 1_000_000
const JSON_BYTES = 700

/**
 * How many decisions of 700 bytes the log stores on SQLite, durable before it answers: by callers that wait (groups as
 * large as there are callers), in batches, and how long one waits under a steady stream; what it costs the event
 * loop, and what is held after a million.
 */
export async function benchDecisionLog(): Promise<readonly Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'fds-bench-log-'))
  const log = await openDecisionLog({ home, now: Date.now, logger: createLogger('warn') })
  try {
    const create = createDecisions()
    await callers({ log, create, callers: 64, rows: 1, total: DECISIONS / 4 })
    return [
      await callers({ log, create, callers: 32, rows: 1, total: DECISIONS }),
      await callers({ log, create, callers: 64, rows: 1, total: DECISIONS }),
      await callers({ log, create, callers: 2, rows: 1000, total: DECISIONS }),
      await steady(log, create),
      await million({ log, create, home }),
    ]
  } finally {
    await log.close()
    rmSync(home, { recursive: true, force: true })
  }
}

interface Load {
  readonly log: DecisionLog
  readonly create: () => Decision
  readonly callers: number
  /** Decisions a call. */
  readonly rows: number
  readonly total: number
}

/** Ready beforehand, but for the id: only the log is to be measured. */
function createDecisions(): () => Decision {
  const createId = createTransactionId({ now: Date.now, randomBytes })
  const filler = 'x'.repeat(JSON_BYTES - 40)
  const payments = Array.from({ length: 1000 }, (_, i) =>
    JSON.stringify({ amount: i + 0.25, card: `card-${i}`, filler }),
  )
  let made = 0
  return () => {
    const i = made++
    return {
      transactionId: createId(),
      transactionJson: payments[i % payments.length]!,
      entity: `card-${i % 5000}`,
      eventTime: 1_767_225_600 + i,
      experiment: null,
      arm: 'champion',
      modelName: 'fraud_detector',
      modelVersion: '1',
      failedArm: null,
      policyVersion: 'p-12345678',
      probability: (i % 997) / 997,
      riskLevel: 'approve',
      latencyMs: 0.5,
      createdAt: 1_767_225_600 + i / 1000,
    }
  }
}

/** Callers that each wait for their answer before they call again. */
async function callers({ log, create, callers, rows, total }: Load): Promise<Row> {
  const waits: number[] = []
  let sent = 0
  const call = async () => {
    while (sent < total) {
      sent += rows
      const decisions = Array.from({ length: rows }, create)
      const start = performance.now()
      await log.record(decisions)
      waits.push(performance.now() - start)
    }
  }
  const busy = performance.eventLoopUtilization()
  const start = performance.now()
  await Promise.all(Array.from({ length: callers }, call))
  const seconds = (performance.now() - start) / 1000
  const { active } = performance.eventLoopUtilization(busy)
  const rate = Math.round(sent / seconds).toLocaleString('en')
  return {
    name: `${callers} callers, ${rows} decision${rows === 1 ? '' : 's'} a call`,
    value: `${rate}/s, ${quantiles(waits)}, ${((active / sent) * 1000).toFixed(1)} µs of the event loop each`,
  }
}

/** Decisions at a steady rate, whether answers come or not. */
async function steady(log: DecisionLog, create: () => Decision): Promise<Row> {
  const waits: number[] = []
  const answers: Promise<void>[] = []
  const total = STEADY_RATE * STEADY_SECONDS
  const start = performance.now()
  while (answers.length < total) {
    const due = Math.min(total, ((performance.now() - start) / 1000) * STEADY_RATE)
    while (answers.length < due) {
      const sent = performance.now()
      answers.push(log.record([create()]).then(() => void waits.push(performance.now() - sent)))
    }
    await sleep(1)
  }
  await Promise.all(answers)
  return { name: `a steady ${STEADY_RATE.toLocaleString('en')}/s`, value: quantiles(waits) }
}

async function million({
  log,
  create,
  home,
}: {
  log: DecisionLog
  create: () => Decision
  home: string
}): Promise<Row> {
  const held: number[] = []
  for (let sent = 0; sent < MILLION; sent += 100_000) {
    await callers({ log, create, callers: 64, rows: 1, total: 100_000 })
    held.push(process.memoryUsage().rss / 1e6)
  }
  const wal = statSync(join(home, 'decisions.db-wal')).size / 1e6
  return {
    name: 'memory from 100,000 decisions on to a million more',
    value: `${held[0]!.toFixed(0)} to ${held.at(-1)!.toFixed(0)} MB, write-ahead log ${wal.toFixed(0)} MB`,
  }
}

function quantiles(waits: readonly number[]): string {
  const sorted = waits.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(2)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, p99.9 ${at(0.999)} ms`
}
