import { setTimeout as sleep } from 'node:timers/promises'
import { SIMULATED_ROLES, type Table, type Transaction, tableRows } from '../../src/data/index.ts'

/** A payment and what will be known of it. */
export interface Payment {
  readonly transaction: Transaction
  readonly isFraud: boolean
}

export interface Traffic {
  /** Answers by status; 0 where there was none. */
  readonly statuses: ReadonlyMap<number, number>
  /** Ends once every answer is back. */
  stop(): Promise<void>
}

/** Rows from one payment to the next, so that a minute goes through all seasons. */
const STRIDE = 37

/** Payments of the table's rows, in the same order. */
export function paymentsOf(table: Table): Payment[] {
  const { label } = SIMULATED_ROLES
  return [...tableRows(table)].map(({ [label]: isFraud, ...transaction }) => ({
    transaction,
    isFraud: isFraud === 1,
  }))
}

/** What somebody who looks at the models asks each second. */
const REGISTRY = '/api/2.0/mlflow/registered-models/get?name=fraud_detector'

/** Sends payments at a steady rate, in turns of STRIDE rows, each with its label a second later, until it is stopped. */
export function startTraffic(address: string, payments: readonly Payment[], rate: number): Traffic {
  const statuses = new Map<number, number>()
  const pending = new Set<Promise<void>>()
  let isStopped = false
  const send = async ({ transaction, isFraud }: Payment, id: string) => {
    const status = await post(`${address}/predict`, { ...transaction, transaction_id: id })
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    await sleep(1000)
    await post(`${address}/labels`, { transaction_id: id, is_fraud: isFraud, source: 'chargeback' })
  }
  const loop = async () => {
    const started = performance.now()
    for (let i = 0; !isStopped; i++) {
      const wait = started + (i * 1000) / rate - performance.now()
      if (wait > 0) await sleep(wait)
      const work = send(payments[(i * STRIDE) % payments.length]!, `${started}-${i}`)
      pending.add(work)
      void work.finally(() => pending.delete(work))
    }
    await Promise.all(pending)
  }
  const browse = async () => {
    for (; !isStopped; await sleep(1000)) await fetch(`${address}${REGISTRY}`).catch(() => undefined)
  }
  const done = Promise.all([loop(), browse()])
  return {
    statuses,
    stop: async () => {
      isStopped = true
      await done
    },
  }
}

async function post(url: string, body: unknown): Promise<number> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  try {
    const response = await fetch(url, request)
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}
