import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isStorageTrouble } from '../../tracking/store/storage-trouble.ts'
import { type Columns, numberAt } from './columns.ts'
import { SERVING_SCHEMA } from './serving-schema.ts'
import type { DecisionRow, WriteGroup, Writer, WriterAnswer, Written } from './writer-messages.ts'

/** How long a group is tried again while the database does not answer. */
const DEADLINE_MS = 5000
/** The same for those behind a group that was given up: they have waited already. */
const SHORT_DEADLINE_MS = 500
const CONNECT_TIMEOUT_MS = 2000
const FIRST_WAIT_MS = 20
const LONGEST_WAIT_MS = 250

const INSERT_DECISIONS = `
  insert into decisions (transaction_id, transaction_json, entity, event_time, probability, latency_ms, created_at,
    experiment, arm, failed_arm, model_name, model_version, policy_version, risk_level)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::float8[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
  on conflict do nothing returning transaction_id`
const FIND_DECISIONS = 'select * from decisions where transaction_id = any($1)'
const INSERT_SHADOWS = `
  insert into shadow_scores (transaction_id, probability, created_at, arm, model_version, policy_version, risk_level)
  select * from unnest($1::text[], $2::float8[], $3::float8[], $4::text[], $5::text[], $6::text[], $7::text[])
  on conflict do nothing`
const INSERT_LABELS = `
  insert into labels (transaction_id, is_fraud, label_time, received_at, source)
  select * from unnest($1::text[], $2::int8[], $3::float8[], $4::float8[], $5::text[])
  on conflict do nothing returning transaction_id, is_fraud, label_time, source`
const LAST_VERDICTS = `
  select distinct on (transaction_id, source) transaction_id, source, is_fraud from labels
  where transaction_id = any($1) order by transaction_id, source, seq desc`
const KNOWN = 'select transaction_id from decisions where transaction_id = any($1)'
const PROBE =
  'insert into probe values (1, $1) on conflict (id) do update set checked_at = excluded.checked_at'

/**
 * Writes groups to PostgreSQL over one connection, made again whenever it broke. A group whose fate is unknown, since
 * the connection broke under it, is sent again: what was stored already is found there. Tried for five
 * seconds.
 */
export function createPostgresWriter(databaseUrl: string): Writer {
  let client: pg.Client | undefined
  const attempt = async (group: WriteGroup): Promise<WriterAnswer> => {
    try {
      client ??= await connect(databaseUrl, () => {
        client = undefined
      })
      return await commit(client, group)
    } catch (error) {
      // whatever is half done ends with its connection
      client?.end().catch(() => {})
      client = undefined
      throw error
    }
  }
  let isAway = false
  return {
    write: async (group) => {
      const answer = await tryAgain(() => attempt(group), isAway ? SHORT_DEADLINE_MS : DEADLINE_MS)
      isAway = 'reason' in answer && !answer.isRefused
      return answer
    },
    close: () => client?.end(),
  }
}

async function tryAgain(attempt: () => Promise<WriterAnswer>, deadlineMs: number): Promise<WriterAnswer> {
  const deadline = AbortSignal.timeout(deadlineMs)
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      return await attempt()
    } catch (error) {
      const isTrouble = isStorageTrouble(error)
      if (deadline.aborted || !isTrouble) return { reason: reasonOf(error), isRefused: !isTrouble }
    }
    await sleep(wait)
  }
}

function reasonOf(error: unknown): string {
  const { message, code } = error as Error & { code?: string }
  return message || String(code)
}

async function connect(databaseUrl: string, onEnd: () => void): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // a server that went away without a word
    query_timeout: DEADLINE_MS,
    keepAlive: true,
    options: `-c search_path=${SERVING_SCHEMA} -c synchronous_commit=on`,
    application_name: 'fds decisions',
  })
  client.on('error', onEnd)
  try {
    await client.connect()
  } catch (error) {
    client.end().catch(() => {})
    throw error
  }
  return client
}

/** One statement alone is a transaction of its own. */
async function commit(client: pg.Client, group: WriteGroup): Promise<Written> {
  const { decisions, shadows, labels, probe } = group
  const isOne = Object.keys(group).length === 1 && !labels
  if (!isOne) await client.query('begin')
  const isNew = decisions ? await insertDecisions(client, decisions) : []
  if (shadows) await client.query({ name: 'shadows', text: INSERT_SHADOWS, values: arraysOf(shadows) })
  const receipt = labels ? await insertLabels(client, labels) : { added: [], unknown: [] }
  if (probe !== undefined) await client.query({ name: 'probe', text: PROBE, values: [probe] })
  if (!isOne) await client.query('commit')
  return { earlier: decisions ? await findEarlier(client, decisions, isNew) : [], ...receipt }
}

/** Texts, numbers, then words, each column an array; PostgreSQL's texts hold no NUL. */
function arraysOf({ rows, texts, numbers, words, wordsOf }: Columns): unknown[] {
  const places = Array.from({ length: rows }, (_, i) => i)
  return [
    ...texts.map((column) => column.map((text) => (text === null ? null : text.replaceAll('\0', '\uFFFD')))),
    ...numbers.map((column) => places.map((i) => numberAt(column, i))),
    ...words[0]!.map((_, field) => places.map((i) => words[wordsOf[i]!]![field]!)),
  ]
}

/** Whether each decision is its transaction's first. */
async function insertDecisions(client: pg.Client, decisions: Columns): Promise<boolean[]> {
  const values = arraysOf(decisions)
  const { rows } = await client.query({ name: 'decisions', text: INSERT_DECISIONS, values })
  if (rows.length === decisions.rows) return []
  const inserted = new Set(rows.map((row) => row.transaction_id as string))
  // of one id that comes twice the first was inserted
  return (values[0] as string[]).map((id) => inserted.delete(id))
}

async function findEarlier(
  client: pg.Client,
  decisions: Columns,
  isNew: readonly boolean[],
): Promise<[number, DecisionRow][]> {
  const places = isNew.flatMap((fresh, i) => (fresh ? [] : [i]))
  if (places.length === 0) return []
  const ids = places.map((i) => decisions.texts[0]![i]!)
  const { rows } = await client.query(FIND_DECISIONS, [ids])
  const found = new Map(rows.map((row) => [row.transaction_id as string, row as DecisionRow]))
  return places.map((i) => [i, found.get(decisions.texts[0]![i]!)!])
}

async function insertLabels(client: pg.Client, labels: Columns): Promise<Pick<Written, 'added' | 'unknown'>> {
  const ids = labels.texts[0] as string[]
  const saidNow = await withoutRepeats(client, labels)
  const [, verdicts, times, , received, sources] = arraysOf(labels) as [unknown, ...unknown[][]]
  const take = (column: readonly unknown[]) => saidNow.map((i) => column[i])
  const { rows } = await client.query({
    name: 'labels',
    text: INSERT_LABELS,
    values: [ids, verdicts!, times!, received!, sources!].map(take),
  })
  const keyOf = (...parts: unknown[]) => JSON.stringify(parts)
  const inserted = new Set(
    rows.map((row) => keyOf(row.transaction_id, Number(row.is_fraud), row.label_time, row.source)),
  )
  const added = saidNow.filter((i) => inserted.delete(keyOf(ids[i], verdicts![i], times![i], sources![i])))
  const known = await client.query(KNOWN, [added.map((i) => ids[i])])
  const knownIds = new Set(known.rows.map((row) => row.transaction_id as string))
  return { added, unknown: added.filter((i) => !knownIds.has(ids[i]!)) }
}

/** Places of the labels that say something new: a repeated request without a time does not. */
async function withoutRepeats(client: pg.Client, labels: Columns): Promise<number[]> {
  const { rows, texts, numbers, words, wordsOf } = labels
  const places = Array.from({ length: rows }, (_, i) => i)
  const assumed = numbers[2]!
  if (!assumed.includes(1)) return places
  const found = await client.query(LAST_VERDICTS, [texts[0]])
  const keyOf = (id: string, source: string) => JSON.stringify([id, source])
  const last = new Map(found.rows.map((row) => [keyOf(row.transaction_id, row.source), Number(row.is_fraud)]))
  return places.filter((i) => {
    const key = keyOf(texts[0]![i]!, words[wordsOf[i]!]![0]!)
    const verdict = numbers[0]![i]!
    if (assumed[i] === 1 && last.get(key) === verdict) return false
    last.set(key, verdict)
    return true
  })
}
