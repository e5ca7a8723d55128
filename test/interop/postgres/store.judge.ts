// Holds the tracking store to its contract on a real PostgreSQL: `node --test test/interop/postgres/store.judge.ts`.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { createLogger } from '../../../src/log.ts'
import { createArtifactLocations } from '../../../src/tracking/artifacts/artifact-locations.ts'
import { createName } from '../../../src/tracking/store/create-name.ts'
import { openPostgresStore } from '../../../src/tracking/store/open-postgres-store.ts'
import { trackingStoreContract } from '../../../src/tracking/store/tracking-store.contract.ts'
import type { TrackingStore } from '../../../src/tracking/store/tracking-store.ts'
import { type Postgres, startPostgres } from '../postgres.ts'

let postgres: Postgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

let databases = 0
const random = { uint32: () => randomInt(2 ** 32) }

function openStore(databaseUrl: string): Promise<TrackingStore> {
  let ids = 0
  return openPostgresStore({
    databaseUrl,
    logger: createLogger('silent'),
    now: Date.now,
    createId: () =>
      `${random.uint32().toString(16).padStart(8, '0')}${(ids++).toString(16).padStart(24, '0')}`,
    createName: () => createName(random),
    locations: createArtifactLocations('/nowhere/artifacts'),
  })
}

const newDatabase = () => postgres.createDatabase(`store_${databases++}`)

trackingStoreContract('PostgreSQL', async () => openStore(await newDatabase()))

test('servers that start at once make the tables once', async () => {
  const url = await newDatabase()
  const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(url)))
  const counts = await Promise.all(stores.map((store) => store.searchExperiments({ orderBy: [] })))
  assert.deepEqual(
    counts.map(({ experiments }) => experiments.length),
    [1, 1, 1, 1, 1],
  )
  await Promise.all(stores.map((store) => store.close()))
})

test('two servers that write the same things at once refuse nothing and lose nothing', async () => {
  const url = await newDatabase()
  const stores = await Promise.all([openStore(url), openStore(url)])
  const { run } = await stores[0]!.createRun({ experimentId: '0', tags: [] })
  const { runId } = run.info
  await stores[0]!.createRegisteredModel({ name: 'fraud', tags: [] })
  const source = 'mlflow-artifacts:/0/r/artifacts/model'
  const writes = Array.from({ length: 60 }, async (_, step) => {
    const store = stores[step % 2]!
    const metrics = ['a', 'b', 'c'].map((key) => ({ key, value: step, step, timestamp: step }))
    if (step % 3 === 0) metrics.reverse()
    await store.logBatch({
      runId,
      metrics,
      params: [{ key: 'p', value: 'same' }],
      tags: [{ key: 't', value: 'x' }],
    })
    return (await store.createModelVersion({ name: 'fraud', source, tags: [] })).modelVersion.version
  })
  const versions = await Promise.all(writes)
  assert.equal(new Set(versions).size, 60)
  for (const metricKey of ['a', 'b', 'c']) {
    assert.equal((await stores[1]!.getMetricHistory({ runId, metricKey })).metrics.length, 60)
  }
  const { metrics } = (await stores[1]!.getRun({ runId })).run.data
  assert.deepEqual(
    metrics.map(({ value }) => value),
    [59, 59, 59],
  )
  await Promise.all(stores.map((store) => store.close()))
})

test('a database that is not there is one clear error without the password', async () => {
  await assert.rejects(openStore('postgres://someone:secret@127.0.0.1:1/nothing'), (error: Error) => {
    assert.match(error.message, /^Cannot read or write the PostgreSQL database: .*ECONNREFUSED/)
    assert.doesNotMatch(error.message, /secret/)
    return true
  })
})

test('PostgreSQL itself refuses to change or remove an entry of the audit log', async () => {
  const url = await newDatabase()
  const store = await openStore(url)
  await store.createRegisteredModel({ name: 'm', tags: [] })
  await store.createModelVersion({ name: 'm', source: 'mlflow-artifacts:/a', tags: [] })
  await store.promoteModelVersion({ name: 'm', version: '1', actor: 'ann' })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const forgery of [
    `update fds_tracking.alias_moves set actor = 'mallory'`,
    'delete from fds_tracking.alias_moves',
    'truncate fds_tracking.alias_moves',
  ]) {
    await assert.rejects(client.query(forgery), /takes entries and never changes them/, forgery)
  }
  await client.end()
  assert.equal((await store.getAliasHistory({ name: 'm' })).changes[0]!.actor, 'ann')
  await store.close()
})
