// Several processes are one service also while some of them die or hang, and several services on one database are one.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporarySettings, trainChampion } from '../../champion.ts'
import { startFds } from '../../fds.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { progress } from '../python.ts'
import { paymentOf, send, startLoad } from './load.ts'
import { killPid, workersOf } from './processes.ts'
import { assertStored } from './stored.ts'

const QUIET = { FDS_LOG_LEVEL: 'fatal' }
const KILLS = 10

interface Scrape {
  /** Counters and histograms, which may never fall. */
  readonly counts: ReadonlyMap<string, number>
  readonly gauges: ReadonlyMap<string, number>
}

async function scrape(address: string): Promise<Scrape> {
  const headers = { connection: 'close' }
  const response = await fetch(`${address}/metrics`, { headers, signal: AbortSignal.timeout(3000) })
  assert.equal(response.status, 200)
  const counts = new Map<string, number>()
  const gauges = new Map<string, number>()
  let series = gauges
  for (const line of (await response.text()).split('\n')) {
    if (line.startsWith('# TYPE')) series = line.endsWith(' gauge') ? gauges : counts
    const end = line.lastIndexOf(' ')
    if (line !== '' && !line.startsWith('#')) series.set(line.slice(0, end), Number(line.slice(end)))
  }
  return { counts, gauges }
}

test('no count falls while workers are killed under load', async () => {
  const settings = temporarySettings()
  await trainChampion(settings)
  const service = await startFds(['serve', '--workers', '2', '--port', '0', '--home', settings.home], QUIET)
  const load = startLoad({ address: service.address, prefix: 'scrape' })
  let last: ReadonlyMap<string, number> = new Map()
  let scrapes = 0
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      for (let i = 0; i < 5; i++) {
        await sleep(150)
        // the connection may meet the worker that dies
        const now = await scrape(service.address).catch(() => undefined)
        if (!now) continue
        scrapes++
        for (const [series, value] of last) {
          assert.ok((now.counts.get(series) ?? 0) >= value, `${series} fell from ${value}`)
        }
        last = now.counts
      }
      const pids = workersOf(service)
      if (pids.length === 2) killPid(pids[kill % 2]!)
    }
  } finally {
    await load.stop()
    await service.stop()
  }
  assert.ok(last.get('fds_worker_restarts_total')! >= KILLS / 2)
  progress(`${KILLS} kills, ${scrapes} scrapes: none of ${last.size} series that count fell`)
})

test('a worker that hangs makes a scrape late by a second and is said to be late', async () => {
  const settings = temporarySettings()
  const service = await startFds(['serve', '--workers', '2', '--port', '0', '--home', settings.home], QUIET)
  const [hanging] = workersOf(service)
  await scrape(service.address)
  process.kill(hanging!, 'SIGSTOP')
  try {
    // the system gives half of the connections to the one that hangs
    let seen: Scrape | undefined
    for (let i = 0; i < 20 && !seen; i++) seen = await scrape(service.address).catch(() => undefined)
    assert.equal(seen?.gauges.get('fds_workers{state="late"}'), 1)
    assert.equal(seen?.gauges.get('fds_workers{state="answering"}'), 1)
  } finally {
    process.kill(hanging!, 'SIGCONT')
  }
  assert.equal(await service.stop(), 0)
})

describe('replicas on one PostgreSQL', () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())

  test('decide each transaction once, whichever of them is asked', async () => {
    const databaseUrl = await postgres.createDatabase('replicas')
    const settings = { ...temporarySettings(), databaseUrl }
    await trainChampion(settings)
    const environment = { ...QUIET, FDS_DATABASE_URL: databaseUrl, FDS_ARTIFACT_ROOT: settings.artifactRoot }
    const homes = [settings.home, join(settings.home, 'second')]
    const replicas = await Promise.all(
      homes.map((home) => startFds(['serve', '--workers', '2', '--port', '0', '--home', home], environment)),
    )
    const acknowledged = new Map()
    try {
      for (let i = 0; i < 300; i++) {
        const payments = [paymentOf(`both-${i}`), { ...paymentOf(`both-${i}`), amount: 1e6 }]
        const [one, other] = await Promise.all(
          replicas.map(({ address }, r) => send(address, payments[(r + i) % 2]!)),
        )
        assert.deepEqual([one!.status, other!.status], [200, 200])
        assert.deepEqual(one!.answer, other!.answer, 'the first decision counts on both')
        acknowledged.set(`both-${i}`, one!.answer)
      }
    } finally {
      for (const replica of replicas) await replica.stop()
    }
    assert.equal(await assertStored(acknowledged, { home: settings.home, databaseUrl }), 300)
    progress(
      '2 replicas of 2 workers: 300 transactions sent to both at once, 300 decisions, each answered alike',
    )
  })
})
