import { FdsError } from '../../errors.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { MlflowClient } from './mlflow-client.ts'
import type { MetricInput, ParamValue } from './run-client.ts'

/** One thing that waits to be logged to a run: part of a batch, or a call of its own. */
export type LogEntry =
  | { readonly kind: 'metric'; readonly value: MetricInput }
  | { readonly kind: 'param'; readonly value: { readonly key: string; readonly value: ParamValue } }
  | { readonly kind: 'tag'; readonly value: { readonly key: string; readonly value: string } }
  | { readonly kind: 'call'; readonly work: (client: MlflowClient) => Promise<unknown> }

/** Entries that the server refused for what they say. */
export interface Refusals {
  count: number
  first?: unknown
}

/** The longest start of the queue that one request may carry; a key of parameters or tags comes once in it. */
export function takeTogether(entries: readonly LogEntry[]): LogEntry[] {
  const left: Record<LogEntry['kind'], number> = {
    metric: LIMITS.batch,
    param: LIMITS.batchParams,
    tag: LIMITS.batchTags,
    call: 0,
  }
  const keys = new Set<string>()
  const end = entries.slice(0, LIMITS.batch).findIndex((entry) => !fits(entry, left, keys))
  return entries.slice(0, end < 0 ? LIMITS.batch : Math.max(end, 1))
}

/**
 * Sends entries that belong together. Where the server refuses the whole, the halves are sent apart, so that a bad
 * entry costs itself alone and is counted. Rejects with what stopped the sending for another reason.
 */
export async function deliver(
  target: { readonly client: MlflowClient; readonly runId: string },
  entries: readonly LogEntry[],
  refusals: Refusals = { count: 0 },
): Promise<Refusals> {
  try {
    await send(target, entries)
  } catch (error) {
    if (!isRefusal(error)) throw error
    refusals.first ??= error
    // where so much is refused it is not the entry's fault, such as a deleted run
    if (entries.length === 1 || refusals.count >= FEW_REFUSALS) refusals.count += entries.length
    else {
      const middle = entries.length >> 1
      await deliver(target, entries.slice(0, middle), refusals)
      await deliver(target, entries.slice(middle), refusals)
    }
  }
  return refusals
}

const FEW_REFUSALS = 20

function fits(entry: LogEntry, left: Record<LogEntry['kind'], number>, keys: Set<string>): boolean {
  if (left[entry.kind]-- <= 0) return false
  if (entry.kind === 'metric' || entry.kind === 'call') return true
  const key = `${entry.kind} ${entry.value.key}`
  return !keys.has(key) && keys.add(key) === keys
}

async function send(
  { client, runId }: { readonly client: MlflowClient; readonly runId: string },
  entries: readonly LogEntry[],
): Promise<void> {
  const [first] = entries
  if (first?.kind === 'call') await first.work(client)
  else {
    const metrics = entries.flatMap((entry) => (entry.kind === 'metric' ? [entry.value] : []))
    const params = entries.flatMap((entry) => (entry.kind === 'param' ? [entry.value] : []))
    const tags = entries.flatMap((entry) => (entry.kind === 'tag' ? [entry.value] : []))
    await client.logBatch(runId, { metrics, params, tags })
  }
}

/** Another try would end the same way: the server judged the content, or the error arose on this side. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof FdsError)) return !isAbort(error)
  if (error.code !== 'TRACKING_FAILED') return error.code !== 'TRACKING_UNREACHABLE'
  return [400, 413].includes((error as FdsError<'TRACKING_FAILED'>).details.status)
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
