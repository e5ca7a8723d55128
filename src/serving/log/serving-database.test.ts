import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test, { type TestContext } from 'node:test'
import { createLogger } from '../../log.ts'
import { openServingDatabase, servingFile } from './serving-database.ts'

const FIRST_DECISIONS = `
  seq INTEGER PRIMARY KEY, transaction_id TEXT NOT NULL UNIQUE, transaction_json TEXT NOT NULL, entity TEXT,
  event_time REAL,`
const FURTHER_DECISIONS = `
  arm TEXT NOT NULL, model_name TEXT NOT NULL, model_version TEXT NOT NULL, policy_version TEXT NOT NULL,
  probability REAL NOT NULL, risk_level TEXT NOT NULL, latency_ms REAL NOT NULL, created_at REAL NOT NULL`
const LABELS = `
  CREATE TABLE labels (seq INTEGER PRIMARY KEY, transaction_id TEXT NOT NULL,
    is_fraud INTEGER NOT NULL CHECK (is_fraud IN (0, 1)), label_time REAL NOT NULL, source TEXT NOT NULL,
    received_at REAL NOT NULL, UNIQUE (transaction_id, source, label_time, is_fraud)) STRICT;
  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), checked_at REAL NOT NULL) STRICT;
  PRAGMA user_version = 1;`
const ROW = `
  INSERT INTO decisions (transaction_id, transaction_json, entity, event_time, arm, model_name, model_version,
    policy_version, probability, risk_level, latency_ms, created_at)
  VALUES ('tx-1', '{"amount":1}', 'c-1', 10.5, 'champion', 'm', '1', 'p-1', 0.25, 'approve', 1.5, 11);
  INSERT INTO labels (transaction_id, is_fraud, label_time, source, received_at) VALUES ('tx-1', 1, 12, 'review', 13);`

const logger = createLogger('silent')

function homeFor(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'fds-log-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  return home
}

function write(home: string, sql: string): void {
  const database = new DatabaseSync(servingFile(home))
  database.exec(sql)
  database.close()
}

async function contentOf(t: TestContext, home: string) {
  const database = await openServingDatabase({ home, logger })
  t.after(() => database.close())
  const decision = await database.db.selectFrom('decisions').selectAll().executeTakeFirst()
  const labels = await database.db.selectFrom('labels').selectAll().execute()
  const shadows = await database.db.selectFrom('shadow_scores').select('transaction_id').execute()
  return { decision, labels, shadows: shadows.map((row) => row.transaction_id) }
}

const DECISION = {
  seq: 1,
  transaction_id: 'tx-1',
  transaction_json: '{"amount":1}',
  entity: 'c-1',
  event_time: 10.5,
  experiment: null,
  failed_arm: null,
  arm: 'champion',
  model_name: 'm',
  model_version: '1',
  policy_version: 'p-1',
  probability: 0.25,
  risk_level: 'approve',
  latency_ms: 1.5,
  created_at: 11,
}
const LABEL = {
  seq: 1,
  transaction_id: 'tx-1',
  is_fraud: 1,
  label_time: 12,
  source: 'review',
  received_at: 13,
}

test('a home of the first layout keeps its decisions and labels and gains the rest', async (t) => {
  const home = homeFor(t)
  write(home, `CREATE TABLE decisions (${FIRST_DECISIONS}${FURTHER_DECISIONS}) STRICT;${LABELS}${ROW}`)
  assert.deepEqual(await contentOf(t, home), { decision: DECISION, labels: [LABEL], shadows: [] })
  assert.deepEqual(await contentOf(t, home), { decision: DECISION, labels: [LABEL], shadows: [] })
})

test('a home of the second layout, which bore the number of the first, keeps its experiment and shadow', async (t) => {
  const home = homeFor(t)
  write(
    home,
    `CREATE TABLE decisions (${FIRST_DECISIONS} experiment TEXT,${FURTHER_DECISIONS}) STRICT;
     CREATE TABLE shadow_scores (transaction_id TEXT PRIMARY KEY, arm TEXT NOT NULL, model_version TEXT NOT NULL,
       policy_version TEXT NOT NULL, probability REAL NOT NULL, risk_level TEXT NOT NULL, created_at REAL NOT NULL) STRICT;
     ${LABELS}${ROW}
     UPDATE decisions SET experiment = 'e-1';
     INSERT INTO shadow_scores VALUES ('tx-1', 'challenger', '2', 'p-1', 0.5, 'hold', 12);`,
  )
  const { decision, labels, shadows } = await contentOf(t, home)
  assert.deepEqual([decision?.experiment, labels, shadows], ['e-1', [LABEL], ['tx-1']])
})

test('two programs may make the tables at once', async (t) => {
  const home = homeFor(t)
  const both = await Promise.all([contentOf(t, home), contentOf(t, home)])
  assert.deepEqual(both[0], { decision: undefined, labels: [], shadows: [] })
})

test('refuses a file that is no database, and one of a later layout', async (t) => {
  const noise = homeFor(t)
  writeFileSync(
    servingFile(noise),
    'this is no database, whatever its name may say, and it is long enough to tell',
  )
  await assert.rejects(openServingDatabase({ home: noise, logger }), { code: 'STORAGE_FAILED' })
  const later = homeFor(t)
  write(later, 'PRAGMA user_version = 700')
  await assert.rejects(openServingDatabase({ home: later, logger }), /layout 700 is newer/)
})
