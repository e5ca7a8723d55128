// The champion is moved a hundred times under load: no request fails, and no old model decides.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MlflowClient } from '../../../src/tracking/index.ts'
import { temporarySettings, trainChampion } from '../../champion.ts'
import { startFds } from '../../fds.ts'
import { progress } from '../python.ts'
import { type Reply, startLoad } from './load.ts'

const NAME = 'fraud_detector'
const MOVES = 100
/** Enough versions that none is champion again before its last reign is long past. */
const VERSIONS = 12
/** A decision may still be made by a model that was replaced this long before the request was sent. */
const LIMIT_MS = 2000

describe('an alias that moves under load', () => {
  for (const workers of [1, 2]) test(`${workers} workers`, () => play(workers))
})

/** When a version was champion, in milliseconds since 1970: from before the call that set it to after the next. */
interface Reign {
  readonly version: string
  readonly from: number
  until: number
}

async function play(workers: number): Promise<void> {
  const settings = temporarySettings()
  await trainChampion(settings)
  const service = await startFds(
    ['serve', '--workers', String(workers), '--port', '0', '--home', settings.home],
    { FDS_LOG_LEVEL: 'fatal' },
  )
  const client = new MlflowClient({ uri: service.address, now: Date.now })
  const versions = await registerVersions(client)
  const replies: Reply[] = []
  const load = startLoad({
    address: service.address,
    prefix: 'alias',
    // a repeated transaction keeps the model that decided it
    repeats: 0,
    onReply: (reply) => replies.push(reply),
  })
  const reigns: Reign[] = [{ version: '1', from: 0, until: Number.POSITIVE_INFINITY }]
  try {
    for (let move = 0; move < MOVES; move++) {
      const version = versions[move % versions.length]!
      const from = Date.now()
      await client.setRegisteredModelAlias({ name: NAME, alias: 'champion', version })
      reigns.at(-1)!.until = Date.now()
      reigns.push({ version, from, until: Number.POSITIVE_INFINITY })
      // shorter and longer than the pause between two looks of a worker
      await sleep(100 + Math.random() * 500)
    }
  } finally {
    await load.stop()
    await service.stop()
  }
  const failed = [...load.statuses].filter(([status]) => status !== 200)
  assert.deepEqual([failed, load.broken()], [[], 0], 'no request fails')
  const ages = replies.map((reply) => ageOf(reply, reigns))
  const oldest = ages.reduce((most, age) => Math.max(most, age), 0)
  const used = new Set(replies.map(({ answer }) => answer.model.version)).size
  progress(
    `${workers} workers, ${MOVES} moves: ${replies.length} requests, 0 failed, decided by ${used} versions; the oldest ` +
      `model had been replaced ${oldest} ms before its request`,
  )
  assert.ok(used > VERSIONS / 2, 'the models change')
  assert.ok(oldest <= LIMIT_MS, `a model decided ${oldest} ms after it was replaced`)
}

/** How long before a request was sent the model that decided it had been replaced; 0 for the champion. */
function ageOf({ answer, sent, received }: Reply, reigns: readonly Reign[]): number {
  const own = reigns.filter(({ version, from }) => version === answer.model.version && from <= received)
  assert.ok(own.length > 0, `version ${answer.model.version} was never champion`)
  return Math.max(0, Math.min(...own.map(({ until }) => sent - until)))
}

/** Versions of the one trained model. */
async function registerVersions(client: MlflowClient): Promise<string[]> {
  const { source = '', runId } = await client.getModelVersion({ name: NAME, version: '1' })
  const versions: string[] = []
  for (let i = 0; i < VERSIONS; i++) {
    const made = await client.createModelVersion({
      name: NAME,
      source,
      ...(runId !== undefined && { runId }),
    })
    versions.push(made.version)
  }
  return versions
}
