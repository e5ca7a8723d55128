import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ExperimentVerdict } from '../../monitoring/experiments/experiment-verdict.ts'
import { folderFor } from '../log/log.fixture.ts'
import { openServingFile } from '../log/serving-database.ts'
import { fixtureModel } from '../models/model.fixture.ts'
import { NAME, openFixtureRegistry } from '../models/registry.fixture.ts'
import { createExperimentDesk } from './experiment-desk.ts'
import { createExperimentStore } from './experiment-store.ts'
import { actOnVerdict, promoteChallenger, rollBackExperiment } from './promote-challenger.ts'

const { files } = fixtureModel()
const ANN = { actor: 'ann' }
const WON = verdictOf({ status: 'challenger_wins', final: true })

test('a challenger that passes every gate becomes champion, once', async (t) => {
  const { desk, client, aliases } = await fixture(t, WON)
  await client.setRegisteredModelAlias({ name: NAME, alias: 'previous_champion', version: '3' })
  await desk.start({}, ANN)
  const first = await promoteChallenger(desk, { ...ANN, force: false })
  assert.deepEqual([first.champion, first.demoted, first.moved], ['2', '1', true])
  assert.ok(first.gates.every(({ passed }) => passed))
  assert.deepEqual(await aliases(), { champion: '2', previous_champion: '1' })
  const second = await promoteChallenger(desk, { ...ANN, force: false })
  assert.deepEqual([second.champion, second.moved], ['2', false])
})

test('every gate can refuse, and force needs a reason and is told in the audit', async (t) => {
  const ratio = { is_void: true } as ExperimentVerdict['sample_ratio']
  const exposures = { entities: 9, share: 0.1, is_void: true }
  const alarm = { name: 'cost', alarm: true } as ExperimentVerdict['guardrails'][number]
  const refusals: [string, Partial<ExperimentVerdict>][] = [
    ['verdict', { status: 'no_difference' }],
    ['verdict', { status: 'challenger_wins', final: false }],
    ['sample_ratio', { sample_ratio: ratio }],
    ['exposures', { multiple_exposures: exposures }],
    ['guardrails', { guardrails: [alarm] }],
  ]
  const { desk, answer } = await fixture(t, WON)
  const { id } = await desk.start({}, ANN)
  for (const [gate, change] of refusals) {
    answer(verdictOf({ ...WON, ...change }))
    const status = await desk.status()
    const failed = (await desk.gates(status!)).filter(({ passed }) => !passed)
    assert.deepEqual(
      failed.map(({ name }) => name),
      [gate],
    )
    await assert.rejects(promoteChallenger(desk, { ...ANN, force: false }), { code: 'PROMOTION_REFUSED' })
  }
  await assert.rejects(promoteChallenger(desk, { ...ANN, force: true }), { code: 'REQUEST_INVALID' })
  await promoteChallenger(desk, { ...ANN, force: true, reason: 'the committee' })
  const { details, reason } = (await desk.input.store.events(id)).at(-1)!
  assert.deepEqual([details['forced'], reason], [['guardrails'], 'the committee'])
})

test('not even force promotes when another champion stands', async (t) => {
  const { desk, client } = await fixture(t, WON)
  await desk.start({}, ANN)
  await client.setRegisteredModelAlias({ name: NAME, alias: 'champion', version: '3' })
  const status = await desk.status()
  assert.equal(status?.versionsStand, false)
  await assert.rejects(promoteChallenger(desk, { ...ANN, force: false }), { code: 'PROMOTION_REFUSED' })
  await assert.rejects(promoteChallenger(desk, { ...ANN, force: true, reason: 'now' }), {
    code: 'CHAMPION_MOVED',
  })
})

test('of several promoters one moves the aliases, and nothing is left half done', async (t) => {
  const { desk, aliases } = await fixture(t, WON)
  await desk.start({}, ANN)
  const tries = Array.from({ length: 5 }, () => promoteChallenger(desk, { ...ANN, force: false }))
  const results = await Promise.allSettled(tries)
  assert.ok(results.some(({ status }) => status === 'fulfilled'))
  assert.deepEqual(await aliases(), { champion: '2', previous_champion: '1' })
  assert.equal((await desk.input.store.latest(NAME))?.state, 'promoted')
})

test('after a crash between the aliases and the store the same call ends the work', async (t) => {
  const { desk, client } = await fixture(t, WON)
  await desk.start({}, ANN)
  await client.promoteModelVersion({ name: NAME, version: '2', expectedChampion: '1' })
  const promoted = await promoteChallenger(desk, { ...ANN, force: false })
  assert.deepEqual([promoted.champion, promoted.experiment?.state], ['2', 'promoted'])
  await client.rollbackChampion({ name: NAME, expectedChampion: '2' })
  const back = await rollBackExperiment(desk, ANN)
  assert.deepEqual([back.champion, back.experiment?.state], ['1', 'rolled_back'])
})

test('a rollback ends a running experiment and leaves the champion', async (t) => {
  const { desk, aliases } = await fixture(t, WON)
  await desk.start({}, ANN)
  const { champion, experiment } = await rollBackExperiment(desk, ANN)
  assert.deepEqual([champion, experiment?.state], ['1', 'rolled_back'])
  assert.deepEqual(await aliases(), { champion: '1', challenger: '2' })
  assert.equal((await rollBackExperiment(desk, ANN)).moved, false)
})

test('a rollback after a stop goes back a champion, once', async (t) => {
  const { desk, client } = await fixture(t, WON)
  await client.promoteModelVersion({ name: NAME, version: '3', expectedChampion: '1' })
  await desk.start({}, ANN)
  await desk.stop(ANN)
  assert.equal((await rollBackExperiment(desk, ANN)).champion, '1')
  const again = await rollBackExperiment(desk, ANN)
  assert.deepEqual([again.champion, again.moved], ['1', false])
})

test('without an experiment a rollback is the registry’s', async (t) => {
  const { desk, client } = await fixture(t, WON)
  await client.promoteModelVersion({ name: NAME, version: '2', expectedChampion: '1' })
  const { champion, demoted, moved } = await rollBackExperiment(desk, ANN)
  assert.deepEqual([champion, demoted, moved], ['1', '2', true])
})

test('acts by itself only where the experiment asks for it', async (t) => {
  const alarm = { name: 'block_rate', alarm: true } as ExperimentVerdict['guardrails'][number]
  const { desk, answer, aliases } = await fixture(t, verdictOf({ ...WON, guardrails: [alarm] }))
  assert.equal(await actOnVerdict(desk), undefined)
  await desk.start({}, ANN)
  assert.equal(await actOnVerdict(desk), undefined)
  await desk.stop(ANN)

  const { id } = await desk.start({ autoRollback: true, autoPromote: true }, ANN)
  assert.equal(await actOnVerdict(desk), 'stopped')
  const { actor, reason } = (await desk.input.store.events(id)).at(-1)!
  assert.deepEqual([actor, reason], ['fds auto', 'guardrails: block_rate'])
  assert.equal(await actOnVerdict(desk), undefined)

  await desk.start({ autoPromote: true }, ANN)
  answer(verdictOf({ status: 'collecting' }))
  assert.equal(await actOnVerdict(desk), undefined)
  answer(WON)
  assert.equal(await actOnVerdict(desk), 'promoted')
  assert.deepEqual(await aliases(), { champion: '2', previous_champion: '1' })
})

test('a start pins what the aliases point to, and needs a challenger and sane wishes', async (t) => {
  const { desk, client } = await fixture(t, WON)
  await assert.rejects(desk.start({ coverage: 2 }, ANN), { code: 'PARAM_INVALID' })
  await assert.rejects(desk.start({ plan: { minSamples: 0 } }, ANN), { code: 'PARAM_INVALID' })
  const shadow = await desk.start({ mode: 'shadow' }, ANN)
  assert.deepEqual(
    [shadow.championVersion, shadow.challengerVersion, shadow.trafficSplit, shadow.plan.primary],
    ['1', '2', 0, 'paired_cost'],
  )
  await assert.rejects(desk.ramp(0.5, ANN), { code: 'PARAM_INVALID' })
  await desk.stop(ANN)
  await client.deleteRegisteredModelAlias({ name: NAME, alias: 'challenger' })
  await assert.rejects(desk.start({}, ANN), { code: 'NO_CHALLENGER' })
})

/** A desk over a real registry and store, with versions 1 (champion), 2 (challenger) and 3. */
async function fixture(t: TestContext, first: ExperimentVerdict) {
  const home = folderFor(t)
  const registry = await openFixtureRegistry(home, { now: Date.now })
  const database = openServingFile(home)
  t.after(async () => {
    await database.close()
    await registry.server.close()
  })
  for (let version = 1; version <= 3; version++) await registry.register(files)
  await registry.setAlias('champion', '1')
  await registry.setAlias('challenger', '2')
  let verdict = first
  let ids = 0
  const { client } = registry
  const desk = createExperimentDesk({
    store: createExperimentStore(database, { now: Date.now }),
    client,
    modelName: NAME,
    now: Date.now,
    createId: () => `e-${++ids}`,
    evaluate: async () => ({ verdict, looks: [] }),
  })
  return {
    desk,
    client,
    aliases: async () => (await client.getRegisteredModel(NAME)).aliases,
    answer: (next: ExperimentVerdict) => {
      verdict = next
    },
  }
}

function verdictOf(changes: Partial<ExperimentVerdict>): ExperimentVerdict {
  const sound = {
    final: false,
    sample_ratio: null,
    multiple_exposures: { entities: 0, share: 0, is_void: false },
    guardrails: [],
  }
  return { ...sound, ...changes } as unknown as ExperimentVerdict
}
