// What every experiment store must do, whatever database it lies in.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import type { ExperimentVerdict } from '../../monitoring/experiments/experiment-verdict.ts'
import { experimentOf } from './experiment.fixture.ts'
import { createExperimentStore, type ExperimentDatabase } from './experiment-store.ts'

const NOW = Date.UTC(2026, 0, 2)
const NAME = 'fraud_detector'
const ANN = { actor: 'ann' }

/** Tests a store over the database that `open` gives, empty each time; opened twice it is the same one. */
export function testExperimentStore(
  what: string,
  open: (t: TestContext) => Promise<() => Promise<ExperimentDatabase>>,
): void {
  const stores = async (t: TestContext) => {
    const connect = await open(t)
    const [a, b] = [await connect(), await connect()]
    const now = () => NOW
    return { db: a.db, store: createExperimentStore(a, { now }), other: createExperimentStore(b, { now }) }
  }

  test(`${what}: an experiment comes back as it was stored`, async (t) => {
    const { store, other } = await stores(t)
    assert.equal(await store.running(NAME), undefined)
    assert.equal(await store.latest(NAME), undefined)
    assert.deepEqual(await store.traffic(), { decisions: 0, seconds: 0 })
    const experiment = experimentOf('e-1', { mode: 'shadow', autoRollback: true })
    await store.start(experiment, { ...ANN, reason: 'version 2 is cheaper' })
    assert.deepEqual(await other.running(NAME), experiment)
    assert.deepEqual(await other.latest(NAME), experiment)
    assert.equal(await other.running('another'), undefined)
    assert.deepEqual(await other.events('e-1'), [
      {
        time: NOW / 1000,
        action: 'start',
        actor: 'ann',
        reason: 'version 2 is cheaper',
        details: { traffic_split: 0.1, coverage: 0.5, mode: 'shadow' },
      },
    ])
  })

  test(`${what}: of many starters one wins, and the others are told`, async (t) => {
    const { store, other } = await stores(t)
    const tries = Array.from({ length: 10 }, (_, i) =>
      (i % 2 === 0 ? store : other).start(experimentOf(`e-${i}`), { actor: `starter ${i}` }),
    )
    const results = await Promise.allSettled(tries)
    const refused = results.filter((result) => result.status === 'rejected')
    assert.equal(refused.length, 9)
    for (const { reason } of refused) assert.equal(reason.code, 'AB_TEST_RUNNING')
    const winner = results.findIndex((result) => result.status === 'fulfilled')
    assert.equal((await store.running(NAME))?.id, `e-${winner}`)
    assert.deepEqual(await store.events(`e-${(winner + 1) % 10}`), [])
  })

  test(`${what}: a change needs the experiment as it was seen`, async (t) => {
    const { store, other } = await stores(t)
    const seen = experimentOf('e-1')
    await store.start(seen, ANN)
    const ramped = await store.change(seen, { action: 'ramp', coverage: 0.8 }, { actor: 'bob' })
    assert.deepEqual(ramped, { ...seen, coverage: 0.8, revision: 1 })
    assert.deepEqual(await other.running(NAME), ramped)
    await assert.rejects(other.change(seen, { action: 'stop', state: 'stopped' }, ANN), {
      code: 'AB_TEST_MOVED',
    })
    const stopped = await other.change(
      ramped,
      { action: 'stop', state: 'stopped' },
      { ...ANN, reason: 'enough' },
    )
    assert.equal(stopped.endedAt, NOW / 1000)
    assert.equal(await store.running(NAME), undefined)
    assert.deepEqual(await store.latest(NAME), stopped)
    const told = (await store.events('e-1')).map(({ action, actor, reason }) => [action, actor, reason])
    assert.deepEqual(told, [
      ['start', 'ann', null],
      ['ramp', 'bob', null],
      ['stop', 'ann', 'enough'],
    ])
    await store.start(experimentOf('e-2'), ANN)
    assert.equal((await store.latest(NAME))?.id, 'e-2')
  })

  test(`${what}: each look is stored once, and the first one stays`, async (t) => {
    const { store, other } = await stores(t)
    const look = lookAt(1)
    const taken = await Promise.all([store.addLook('e-1', 0, look), other.addLook('e-1', 0, lookAt(2))])
    assert.deepEqual(taken.toSorted(), [false, true])
    const first = await store.lastLook('e-1')
    assert.equal(await store.addLook('e-1', 0, lookAt(3)), false)
    assert.deepEqual(await store.lastLook('e-1'), first)
    assert.equal(await store.addLook('e-1', 1, lookAt(4)), true)
    assert.deepEqual(
      (await other.looks('e-1')).map(({ time }) => time),
      [first?.look.time, 4],
    )
    assert.equal(await store.lastLook('e-2'), undefined)
  })

  test(`${what}: audit and looks refuse to be changed`, async (t) => {
    const { db, store } = await stores(t)
    await store.start(experimentOf('e-1'), ANN)
    await store.addLook('e-1', 0, lookAt(1))
    for (const table of ['experiment_events', 'experiment_looks']) {
      const changes = [`update ${table} set time = 0`, `delete from ${table}`]
      for (const change of changes) {
        await assert.rejects(sql.raw(change).execute(db), /takes entries and never changes them/)
      }
    }
    assert.equal((await store.events('e-1')).length, 1)
    assert.equal((await store.looks('e-1')).length, 1)
  })
}

function lookAt(time: number) {
  const look = {
    time,
    decisions: 10,
    information: 0.1,
    z: null,
    bound: null,
    difference: null,
    standard_error: null,
    confidence_sequence: null,
    sample_ratio_p: 1,
    alarms: [],
  }
  return { look, verdict: { status: 'collecting', samples: time } as unknown as ExperimentVerdict }
}
