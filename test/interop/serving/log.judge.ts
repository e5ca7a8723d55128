// Holds the decision log to its contract on a real PostgreSQL, also while that stops and returns:
// `node --test test/interop/serving/log.judge.ts`.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { columnOf, type NumberColumn, readTable } from '../../../src/data/index.ts'
import { createLogger } from '../../../src/log.ts'
import { exportDecisions, pruneDecisions } from '../../../src/pipeline/export-decisions.ts'
import { decisionLogContract } from '../../../src/serving/log/decision-log.contract.ts'
import { openDecisionLog } from '../../../src/serving/log/decision-log.ts'
import { codeIs, decisionOf, labelOf } from '../../../src/serving/log/log.fixture.ts'
import { outcomesContract } from '../../../src/serving/log/outcomes.contract.ts'
import { openServingDatabase } from '../../../src/serving/log/serving-database.ts'
import { type Postgres, startPostgres } from '../postgres.ts'

let postgres: Postgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

let databases = 0
const newDatabase = () => postgres.createDatabase(`log_${databases++}`)
const options = { home: '/nowhere', now: () => 1_735_689_600_000, logger: createLogger('silent') }

decisionLogContract('PostgreSQL', async () => {
  const databaseUrl = await newDatabase()
  return (durability) => openDecisionLog({ ...options, databaseUrl, durability })
})

outcomesContract('PostgreSQL', async () => openDecisionLog({ ...options, databaseUrl: await newDatabase() }))

test('replicas that start at once make the tables once', async () => {
  const databaseUrl = await newDatabase()
  const logs = await Promise.all(
    Array.from({ length: 5 }, () => openDecisionLog({ ...options, databaseUrl })),
  )
  await Promise.all(logs.map((log, i) => log.record([decisionOf(`tx-${i}`)])))
  assert.equal((await logs[0]!.find('tx-4'))?.transactionId, 'tx-4')
  await Promise.all(logs.map((log) => log.close()))
})

test('days are exported and pruned', async () => {
  const databaseUrl = await newDatabase()
  const log = await openDecisionLog({ ...options, databaseUrl })
  const day = Date.UTC(2026, 0, 1) / 1000
  const decisions = Array.from({ length: 4500 }, (_, i) =>
    decisionOf(`day-${i}`, { createdAt: day + Math.floor(i / 2), transactionJson: `{"amount":${i}}` }),
  )
  await log.record(decisions)
  await log.addLabels([labelOf('day-7'), labelOf('day-7', { isFraud: false, labelTime: 1 })])
  const database = await openServingDatabase({ ...options, databaseUrl })
  const out = mkdtempSync(join(tmpdir(), 'fds-days-'))
  const now = (day + 3 * 86_400) * 1000
  const [exported] = await exportDecisions({ database, out, now })
  assert.deepEqual([exported?.day, exported?.decisions], ['2026-01-01', 4500])
  const table = await readTable(exported!.file)
  const amounts = columnOf(table, 'amount') as NumberColumn
  assert.deepEqual(
    amounts.values.toSorted(),
    Float64Array.from(decisions, (_, i) => i),
  )
  const verdicts = columnOf(table, 'fds_is_fraud') as NumberColumn
  assert.deepEqual(
    [...verdicts.values].filter((value) => !Number.isNaN(value)),
    [1],
  )
  const prune = { database, olderThanDays: 1, unexported: false, dryRun: false, now }
  assert.deepEqual(await pruneDecisions(prune), [{ day: '2026-01-01', decisions: 4500 }])
  assert.equal(await log.find('day-7'), undefined)
  rmSync(out, { recursive: true })
  await database.close()
  await log.close()
})

test('a text with a NUL, which PostgreSQL cannot hold, costs no decision', async () => {
  const log = await openDecisionLog({ ...options, databaseUrl: await newDatabase() })
  const decision = decisionOf('nul', { entity: 'a\0b' })
  assert.deepEqual(await log.record([decision]), [decision])
  assert.equal((await log.find('nul'))?.entity, 'a\uFFFDb')
  await log.close()
})

test('a connection that is cut under load is made again and nothing is lost', async () => {
  const databaseUrl = await newDatabase()
  const log = await openDecisionLog({ ...options, databaseUrl })
  const admin = new pg.Client({ connectionString: databaseUrl })
  await admin.connect()
  const ids = Array.from({ length: 2000 }, (_, i) => `cut-${i}`)
  let next = 0
  const call = async () => {
    while (next < ids.length) await log.record([decisionOf(ids[next++]!)])
  }
  const calls = Array.from({ length: 8 }, call)
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`
  for (let i = 0; i < 5; i++) {
    await sleep(50)
    await admin.query(cut)
  }
  await Promise.all(calls)
  const { rows } = await admin.query('select count(*)::int as n from fds_serving.decisions')
  assert.equal(rows[0].n, ids.length)
  await admin.end()
  await log.close()
})

test('while the database is away decisions wait, then are refused, and it is found again when it returns', async () => {
  const own = await startPostgres()
  const log = await openDecisionLog({ ...options, databaseUrl: await own.createDatabase('away') })
  await log.record([decisionOf('before')])
  await own.halt()
  const during = log.record([decisionOf('during')])
  await sleep(1000)
  await own.resume()
  assert.deepEqual(await during, [decisionOf('during')])
  await own.halt()
  await assert.rejects(log.record([decisionOf('refused')]), codeIs('STORAGE_FAILED'))
  await assert.rejects(log.find('before'), codeIs('STORAGE_FAILED'))
  await own.resume()
  await log.record([decisionOf('after')])
  const found = await Promise.all(['before', 'during', 'refused', 'after'].map((id) => log.find(id)))
  assert.deepEqual(
    found.map((decision) => decision?.transactionId),
    ['before', 'during', undefined, 'after'],
  )
  await log.close()
  await own.stop()
})
