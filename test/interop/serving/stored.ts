// What the database itself says was decided, without the code under test.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { Answer } from './load.ts'

interface StoredRow {
  readonly id: string
  readonly probability: number
  readonly version: string
}

const QUERY = 'select transaction_id as id, probability, model_version as version from'

export interface Where {
  readonly home: string
  readonly databaseUrl?: string | undefined
}

async function storedRows({ home, databaseUrl }: Where): Promise<StoredRow[]> {
  if (databaseUrl === undefined) {
    const database = new DatabaseSync(join(home, 'decisions.db'), { readOnly: true })
    const rows = database.prepare(`${QUERY} decisions`).all() as unknown as StoredRow[]
    database.close()
    return rows
  }
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<StoredRow>(`${QUERY} fds_serving.decisions`)
  await client.end()
  return rows
}

/** Every acknowledged decision is stored as it was answered, and no transaction twice. Gives how many rows there are. */
export async function assertStored(acknowledged: ReadonlyMap<string, Answer>, where: Where): Promise<number> {
  const rows = await storedRows(where)
  const stored = new Map(rows.map((row) => [row.id, row]))
  assert.equal(stored.size, rows.length, 'a transaction is stored twice')
  const lost = [...acknowledged.keys()].filter((id) => !stored.has(id))
  assert.deepEqual(
    lost.slice(0, 10),
    [],
    `${lost.length} of ${acknowledged.size} acknowledged decisions are lost`,
  )
  for (const [id, answer] of acknowledged) {
    const { probability, version } = stored.get(id)!
    assert.deepEqual(
      { probability, version },
      { probability: answer.fraud_probability, version: answer.model.version },
    )
  }
  return rows.length
}
