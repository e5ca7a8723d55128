import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { FdsError } from '../../errors.ts'
import { createLogger } from '../../log.ts'
import { folderFor } from '../log/log.fixture.ts'
import { openServingFile } from '../log/serving-database.ts'
import { experimentOf } from './experiment.fixture.ts'
import { watchExperiment } from './experiment-source.ts'
import { createExperimentStore } from './experiment-store.ts'

const NAME = 'fraud_detector'

test('takes up a start, a ramp and a stop made elsewhere', async (t) => {
  const home = folderFor(t)
  const [here, there] = [openServingFile(home), openServingFile(home)]
  const now = () => 0
  const source = await watchExperiment({
    store: createExperimentStore(here, { now }),
    modelName: NAME,
    logger: createLogger('silent'),
    pollMs: 5,
  })
  t.after(async () => {
    await source.close()
    await here.close()
    await there.close()
  })
  const store = createExperimentStore(there, { now })
  assert.equal(source.current(), undefined)
  const started = experimentOf('e-1')
  await store.start(started, { actor: 'ann' })
  await until(() => source.current()?.id === 'e-1')
  const same = source.current()
  await source.refresh()
  assert.equal(source.current(), same)
  const ramped = await store.change(started, { action: 'ramp', coverage: 1 }, { actor: 'ann' })
  await until(() => source.current()?.coverage === 1)
  await store.change(ramped, { action: 'stop', state: 'stopped' }, { actor: 'ann' })
  await until(() => source.current() === undefined)
})

test('keeps the last known experiment while the store is away', async (t) => {
  let isAway = false
  const experiment = experimentOf('e-1')
  const source = await watchExperiment({
    store: {
      running: async () => {
        if (isAway) throw new FdsError('STORAGE_FAILED', { what: 'the decision log', reason: 'away' })
        return experiment
      },
    },
    modelName: NAME,
    logger: createLogger('silent'),
  })
  t.after(() => source.close())
  assert.equal(source.trouble(), undefined)
  isAway = true
  await source.refresh()
  assert.equal(source.current(), experiment)
  assert.match(source.trouble()!, /as they were last read: .*away/)
  isAway = false
  await source.refresh()
  assert.equal(source.trouble(), undefined)
})

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 400) throw new Error('it did not happen')
    await sleep(5)
  }
}
