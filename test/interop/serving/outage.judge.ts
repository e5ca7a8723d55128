// The database stops under load and comes back: requests wait or get 503, and nothing acknowledged is lost.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporarySettings, trainChampion } from '../../champion.ts'
import { type RunningFds, startFds } from '../../fds.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { progress } from '../python.ts'
import { type Load, startLoad } from './load.ts'
import { assertStored } from './stored.ts'

const OUTAGES = 3
const OUTAGE_MS = 3000

describe('PostgreSQL stops under load and comes back', () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())

  for (const workers of [1, 2]) {
    test(`${workers} workers`, async () => {
      const databaseUrl = await postgres.createDatabase(`outage-${workers}`)
      const settings = { ...temporarySettings(), databaseUrl }
      await trainChampion(settings)
      const { home } = settings
      const service = await startFds(['serve', '--workers', String(workers), '--port', '0', '--home', home], {
        FDS_LOG_LEVEL: 'fatal',
        FDS_DATABASE_URL: databaseUrl,
      })
      const load = startLoad({ address: service.address, prefix: 'outage' })
      const recoveries: number[] = []
      try {
        for (let outage = 0; outage < OUTAGES; outage++) {
          await untilAnswered(load, 200)
          await postgres.crash()
          await sleep(OUTAGE_MS)
          await assertAlive(service)
          await postgres.resume()
          const back = Date.now()
          await untilAnswered(load, 1)
          recoveries.push(Date.now() - back)
        }
        await untilAnswered(load, 200)
        await untilReady(service)
      } finally {
        await load.stop()
        await service.stop()
      }
      const rows = await assertStored(load.acknowledged, { home, databaseUrl })
      const others = [...load.statuses.keys()].filter((status) => status !== 200 && status !== 503)
      assert.deepEqual([others, load.broken()], [[], 0], 'requests wait or get 503')
      progress(
        `PostgreSQL gone ${OUTAGES} times for ${OUTAGE_MS / 1000} s, ${workers} workers: ${load.acknowledged.size} ` +
          `acknowledged, all stored, none twice (${rows} rows); statuses ` +
          `${JSON.stringify(Object.fromEntries(load.statuses))}; answers again ${recoveries.join(', ')} ms after its return`,
      )
    })
  }
})

/** The process lives and can be watched; it says itself that it cannot decide. */
async function assertAlive({ address }: RunningFds): Promise<void> {
  assert.equal((await fetch(`${address}/health`)).status, 200)
  assert.equal((await fetch(`${address}/metrics`)).status, 200)
  assert.equal((await fetch(`${address}/ready`)).status, 503)
}

async function untilReady({ address }: RunningFds): Promise<void> {
  const end = Date.now() + 20_000
  while ((await fetch(`${address}/ready`)).status !== 200 && Date.now() < end) await sleep(50)
  assert.equal((await fetch(`${address}/ready`)).status, 200)
}

async function untilAnswered(load: Load, more: number): Promise<void> {
  const goal = load.acknowledged.size + more
  const end = Date.now() + 30_000
  while (load.acknowledged.size < goal && Date.now() < end) await sleep(5)
  assert.ok(load.acknowledged.size >= goal, `the service recovers: ${JSON.stringify([...load.statuses])}`)
}
