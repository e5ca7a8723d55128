import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import test, { after, before } from 'node:test'
import { createArtifactLocations } from '../artifacts/artifact-locations.ts'
import { openTestServer } from '../server/tracking-test-server.ts'
import { openSqliteStore } from './open-sqlite-store.ts'
import { trackingStoreContract } from './tracking-store.contract.ts'

const WRITER = join(import.meta.dirname, '../../../test/fixtures/tracking/batch-writer.ts')

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fds-store-'))
})
after(() => rm(folder, { recursive: true }))

function openStore(home: string) {
  let count = 1_700_000_000_000
  return openSqliteStore({
    home,
    now: () => count++,
    createId: () => (count++).toString(16).padStart(32, '0'),
    createName: () => 'calm-owl-1',
    locations: createArtifactLocations('/srv/artifacts'),
  })
}

trackingStoreContract('SQLite', async () => openStore(join(folder, 'contract')))

function startWriter(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [WRITER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

test('what was acknowledged is there after kill -9 in the middle of writing', async () => {
  const { home, client, close } = await openTestServer()
  const { runId } = (await client.createRun({ experimentId: '0' })).info
  const writer = startWriter([home, runId, 'm', 'Infinity'])
  const acknowledged: number[] = []
  writer.stdout!.on('data', (chunk: Buffer) => {
    acknowledged.push(...chunk.toString().trim().split('\n').map(Number))
    if (acknowledged.length > 30) writer.kill('SIGKILL')
  })
  const [, signal] = (await once(writer, 'exit')) as [number, string]
  assert.equal(signal, 'SIGKILL')
  const last = Math.max(...acknowledged)
  const histories = await Promise.all(
    [0, 1, 2, 3, 4].map((index) => client.getMetricHistory(runId, `m.${index}`)),
  )
  const lengths = new Set(histories.map((history) => history.length))
  // a batch is there whole or not at all, and every acknowledged one is there
  assert.equal(lengths.size, 1)
  assert.ok(histories[0]!.length > last, `${histories[0]!.length} batches, ${last} acknowledged`)
  assert.equal((await client.getRun(runId)).data.tags['m'], String(histories[0]!.length - 1))
  await close()
})

test('three processes write to one home at once without refusals', async () => {
  const { home, client, close } = await openTestServer()
  const { runId } = (await client.createRun({ experimentId: '0' })).info
  const writers = ['a', 'b'].map((key) => startWriter([home, runId, key, '40']))
  const ended = writers.map(async (writer) => {
    const [printed, [code]] = await Promise.all([text(writer.stdout!), once(writer, 'exit')])
    return [code, printed.trim().split('\n').length]
  })
  for (let step = 0; step < 40; step++) await client.logMetric(runId, { key: 'c.0', value: step, step })
  assert.deepEqual(await Promise.all(ended), [
    [0, 40],
    [0, 40],
  ])
  for (const key of ['a', 'b', 'c'])
    assert.equal((await client.getMetricHistory(runId, `${key}.0`)).length, 40, key)
  await close()
})

test('two stores of one process on one home do not stop each other', async () => {
  const stores = [openStore(join(folder, 'shared')), openStore(join(folder, 'shared'))]
  const { run } = await stores[0]!.createRun({ experimentId: '0', tags: [] })
  const { runId } = run.info
  const writes = Array.from({ length: 100 }, (_, step) =>
    stores[step % 2]!.logMetric({ runId, key: 'm', value: step, step, timestamp: step }),
  )
  await Promise.all(writes)
  assert.equal((await stores[1]!.getMetricHistory({ runId, metricKey: 'm' })).metrics.length, 100)
  await Promise.all(stores.map((store) => store.close()))
})

test('first use by many at once makes one database', async () => {
  const home = join(folder, 'first')
  const stores = Array.from({ length: 5 }, () => openStore(home))
  const counts = await Promise.all(stores.map((store) => store.searchExperiments({ orderBy: [] })))
  assert.deepEqual(
    counts.map(({ experiments }) => experiments.length),
    [1, 1, 1, 1, 1],
  )
  await Promise.all(stores.map((store) => store.close()))
})

test('a file that is no database is refused by name', async () => {
  const home = await mkdtemp(join(folder, 'broken-'))
  await writeFile(
    join(home, 'tracking.db'),
    'this is not a database, and long enough to have a header'.repeat(20),
  )
  assert.throws(() => openStore(home), /STORAGE_FAILED|Cannot read or write .*tracking\.db/)
})
