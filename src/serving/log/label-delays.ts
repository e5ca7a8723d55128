import type { Label } from './decision.ts'
import type { ServingDatabase } from './serving-database.ts'

/** See `LabelReceipt.delays`. Never rejects: the labels are stored, and a delay is only for the metrics. */
export async function labelDelays(
  { db }: Pick<ServingDatabase, 'db'>,
  labels: readonly Label[],
): Promise<number[]> {
  const ids = [...new Set(labels.map(({ transactionId }) => transactionId))]
  const rows = await db
    .selectFrom('decisions')
    .select(['transaction_id', 'event_time', 'created_at'])
    .where('transaction_id', 'in', ids)
    .execute()
    .catch(() => [])
  const decisions = new Map(rows.map((row) => [row.transaction_id, row]))
  return labels.flatMap(({ transactionId, labelTime, isTimeAssumed }) => {
    const decision = decisions.get(transactionId)
    if (!decision) return []
    const since = isTimeAssumed ? decision.created_at : (decision.event_time ?? decision.created_at)
    return [labelTime - since]
  })
}
