import { FdsError } from '../../../src/errors.ts'
import type { MlflowClient } from '../../../src/tracking/index.ts'

/** A write that a server acknowledged. Its value follows from its number. */
export interface Acknowledged {
  readonly kind: 'run' | 'metric' | 'param' | 'tag' | 'batch' | 'artifact'
  readonly runId: string
  readonly number?: number
}

interface Write {
  readonly acknowledged: Acknowledged
  send(client: MlflowClient): Promise<void>
}

/** A metric, a parameter, a tag, a batch and an artifact in turn; every write has a key or step of its own. */
export function nextWrite(runId: string, number: number): Write {
  const kind = KINDS[number % KINDS.length]!
  return { acknowledged: { kind, runId, number }, send: (client) => SEND[kind](client, runId, number) }
}

export function artifactText(number: number): string {
  return `file ${number} `.repeat(1000 + number)
}

/** The server could not be reached: it is being killed. */
export function isTracked(error: unknown): boolean {
  return error instanceof FdsError && error.code === 'TRACKING_UNREACHABLE'
}

const KINDS = ['metric', 'param', 'tag', 'batch', 'artifact'] as const

const SEND: Record<
  (typeof KINDS)[number],
  (client: MlflowClient, runId: string, number: number) => Promise<void>
> = {
  metric: (client, runId, number) => client.logMetric(runId, { key: 'm', value: number, step: number }),
  param: (client, runId, number) => client.logParam(runId, { key: `p${number}`, value: number }),
  tag: (client, runId, number) => client.setTag(runId, { key: `t${number}`, value: String(number) }),
  batch: (client, runId, number) =>
    client.logBatch(runId, {
      metrics: [0, 1, 2].map((key) => ({ key: `b${key}`, value: number, step: number })),
      params: [{ key: `q${number}`, value: number }],
      tags: [{ key: `u${number}`, value: String(number) }],
    }),
  artifact: (client, runId, number) =>
    client.logText(runId, { text: artifactText(number), artifactFile: `f/${number}.txt` }),
}
