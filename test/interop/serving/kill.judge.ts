// kill -9 under load: what was acknowledged is stored, once, and is answered again as it was.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporarySettings, trainChampion } from '../../champion.ts'
import { type RunningFds, startFds } from '../../fds.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { progress } from '../python.ts'
import { type Load, paymentOf, send, startLoad } from './load.ts'
import { killPid, workersOf } from './processes.ts'
import { assertStored, type Where } from './stored.ts'

const KILLS = 20
/** Every so many kills all processes go at once, where there are several. */
const ALL_EVERY = 5

describe('kill -9 under load', () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())

  for (const workers of [1, 2]) {
    test(`SQLite, ${workers} workers`, async () => {
      await play(workers)
    })
    test(`PostgreSQL, ${workers} workers`, async () => {
      await play(workers, await postgres.createDatabase(`kill-${workers}`))
    })
  }
})

async function play(workers: number, databaseUrl?: string): Promise<void> {
  const settings = { ...temporarySettings(), databaseUrl }
  await trainChampion(settings)
  const { home } = settings
  const start = () =>
    startFds(['serve', '--workers', String(workers), '--port', '0', '--home', home], {
      FDS_LOG_LEVEL: 'fatal',
      ...(databaseUrl !== undefined && { FDS_DATABASE_URL: databaseUrl }),
    })
  let service = await start()
  const load = startLoad({ address: service.address, prefix: 'kill' })
  try {
    for (let kill = 1; kill <= KILLS; kill++) {
      await untilAnswered(load, 50)
      // looked up before, since that stops this process and with it the load
      const pids = workersOf(service)
      await sleep(50 + Math.random() * 100)
      if (workers > 1 && kill % ALL_EVERY !== 0) killPid(pids[Math.floor(Math.random() * pids.length)]!)
      else {
        await killAll(service, pids)
        load.direct(undefined)
        service = await start()
        await assertAnsweredAgain(load, service)
        load.direct(service.address)
      }
    }
    await untilAnswered(load, 50)
  } finally {
    await load.stop()
    await killAll(service, workersOf(service))
  }
  await report(load, workers, { home, databaseUrl })
}

async function report(load: Load, workers: number, where: Where): Promise<void> {
  const rows = await assertStored(load.acknowledged, where)
  const { size } = load.acknowledged
  progress(
    `${where.databaseUrl === undefined ? 'SQLite' : 'PostgreSQL'}, ${workers} workers, ${KILLS} kills: ${size} decisions ` +
      `acknowledged, ${size} of them stored, 0 twice; ${rows - size} stored whose answer was cut off; ` +
      `statuses ${JSON.stringify(Object.fromEntries(load.statuses))}, ${load.broken()} broken connections`,
  )
}

async function untilAnswered(load: Load, more: number): Promise<void> {
  const goal = load.acknowledged.size + more
  const end = Date.now() + 20_000
  while (load.acknowledged.size < goal && Date.now() < end) await sleep(5)
  assert.ok(
    load.acknowledged.size >= goal,
    `the service answers again: ${JSON.stringify([...load.statuses])}, ${load.broken()} broken`,
  )
}

async function killAll({ process: primary }: RunningFds, workers: readonly number[]): Promise<void> {
  if (primary.exitCode !== null || primary.signalCode !== null) return
  const ended = once(primary, 'exit')
  for (const pid of [primary.pid!, ...workers]) killPid(pid)
  await ended
}

async function assertAnsweredAgain(load: Load, { address }: RunningFds): Promise<void> {
  for (const [id, answer] of [...load.acknowledged].slice(-20)) {
    const again = await send(address, { ...paymentOf(id), amount: 1 })
    assert.deepEqual(again.answer, answer)
  }
}
