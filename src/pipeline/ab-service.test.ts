import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '../log.ts'
import { createRandom } from '../math/random.ts'
import { createDecisionLog, openServingDatabase } from '../serving/index.ts'
import { decisionOf, labelOf } from '../serving/log/log.fixture.ts'
import { fixtureModel } from '../serving/models/model.fixture.ts'
import { NAME, openFixtureRegistry } from '../serving/models/registry.fixture.ts'
import { openAbService } from './ab-service.ts'

test('promotes by itself what the log shows to win, and says who did it', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'fds-ab-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const settings = { home, now: Date.now, logger: createLogger('silent') }
  const registry = await openFixtureRegistry(home, settings)
  const { files } = fixtureModel()
  for (const alias of ['champion', 'challenger'])
    await registry.setAlias(alias, await registry.register(files))
  const database = await openServingDatabase(settings)
  const log = createDecisionLog(database, settings)
  const { client } = registry
  const service = await openAbService({
    ...settings,
    database,
    client,
    modelName: NAME,
    createId: () => 'e-1',
    autoEveryMs: 50,
    evaluateEveryMs: 20,
  })
  t.after(async () => {
    await service.close()
    await log.close()
    await registry.server.close()
  })
  const plan = { trafficSplit: 0.5, minSamples: 100, plannedSamples: 400, guardrails: { score_psi: null } }
  await service.desk.start({ autoPromote: true, plan }, { actor: 'ann' })
  assert.equal(service.experiment()?.id, 'e-1')
  for (let tries = 0; service.health.evaluated() === undefined; tries++) {
    if (tries > 200) throw new Error('nobody evaluated')
    await sleep(50)
  }
  const { experiment, evaluation } = service.health.evaluated()!
  assert.deepEqual([experiment, evaluation.verdict.status], ['e-1', 'collecting'])

  // frauds that the champion misses and the challenger sees
  const random = createRandom(1)
  const decisions = Array.from({ length: 400 }, (_, i) => {
    const arm = i % 2 === 0 ? 'champion' : 'challenger'
    const probability = (arm === 'champion' ? 0.05 : 0.5) + 0.01 * random.next()
    return decisionOf(`tx-${i}`, { entity: `card-${i}`, experiment: 'e-1', arm, probability })
  })
  await log.record(decisions)
  await log.addLabels(decisions.map(({ transactionId }, i) => labelOf(transactionId, { isFraud: i % 8 < 2 })))

  for (let tries = 0; service.experiment() !== undefined; tries++) {
    if (tries > 200) throw new Error('nobody promoted')
    await sleep(50)
  }
  const { aliases } = await client.getRegisteredModel(NAME)
  assert.deepEqual(aliases, { champion: '2', previous_champion: '1' })
  const events = await service.desk.input.store.events('e-1')
  assert.deepEqual(
    events.map(({ action, actor }) => [action, actor]),
    [
      ['start', 'ann'],
      ['promote', 'fds auto'],
    ],
  )
  assert.deepEqual(service.health.actions, { start: 1, ramp: 0, stop: 0, promote: 1, rollback: 0 })
})
