import { SIMULATED_ROLES, tableRows } from '../data/index.ts'
import { FdsError } from '../errors.ts'
import type { Stretch } from './demo-data.ts'

const BATCH = 500

/** One answer of the service. */
export interface Answer {
  readonly transaction_id: string
  readonly fraud_probability: number
  readonly risk_level: string
  /** The arm that decided. */
  readonly model_version: string
  readonly model: { readonly name: string; readonly version: string }
}

/** Sends a stretch of payments over HTTP, in batches and in order, and gives the decisions. */
export async function sendStretch(address: string, stretch: Stretch): Promise<Answer[]> {
  const transactions = [...tableRows(stretch.table)].map(({ [SIMULATED_ROLES.label]: _, ...rest }) => rest)
  const answers: Answer[] = []
  for (let start = 0; start < transactions.length; start += BATCH) {
    const batch = transactions.slice(start, start + BATCH)
    for (const answer of (await postJson(address, '/predict/batch', batch)) as Answer[]) answers.push(answer)
  }
  return answers
}

/** Sends the labels that are known by `seconds`, each with its own time; gives how many. */
export async function sendLabels(address: string, stretch: Stretch, seconds: number): Promise<number> {
  const known = [...tableRows(stretch.table)].flatMap((transaction, row) => {
    const time = stretch.labelTimes[row]!
    if (time > seconds) return []
    const label = { transaction_id: transaction[SIMULATED_ROLES.id], is_fraud: stretch.labels[row] === 1 }
    return [{ ...label, label_time: new Date(time * 1000).toISOString(), source: 'chargeback' }]
  })
  for (let start = 0; start < known.length; start += BATCH) {
    await postJson(address, '/labels', known.slice(start, start + BATCH))
  }
  return known.length
}

/** The version that decides at this moment, asked of the service by one transaction. */
export async function decidingVersion(address: string, transactionId: string): Promise<string> {
  const answer = (await postJson(address, '/predict', { [SIMULATED_ROLES.id]: transactionId })) as Answer
  return answer.model.version
}

/** Posts JSON to the service and gives its answer; REQUEST_INVALID with what it said when it refused. */
export async function postJson(address: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(new URL(path, address), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer: unknown = await response.json()
  if (!response.ok) {
    throw new FdsError('REQUEST_INVALID', {
      reason: `POST ${path} gave ${response.status}: ${JSON.stringify(answer)}`,
    })
  }
  return answer
}
