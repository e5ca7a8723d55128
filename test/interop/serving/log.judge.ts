// Holds the decision log to its contract on a real PostgreSQL, also while that stops and returns:
// `node --test test/interop/serving/log.judge.ts`.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createLogger } from '../../../src/log.ts'
import { decisionLogContract } from '../../../src/serving/log/decision-log.contract.ts'
import { openDecisionLog } from '../../../src/serving/log/decision-log.ts'
import { codeIs, decisionOf } from '../../../src/serving/log/log.fixture.ts'
import { outcomesContract } from '../../../src/serving/log/outcomes.contract.ts'
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
