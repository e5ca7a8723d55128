import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import test, { after, before, beforeEach, describe } from 'node:test'
import { MlflowClient } from '../client/mlflow-client.ts'
import { openTestServer, type TestServer } from '../server/tracking-test-server.ts'
import { aliasHistory, promote, rollback } from './registry.ts'

let served: TestServer
let name = ''
let count = 0
before(async () => {
  served = await openTestServer()
})
after(() => served.close())
beforeEach(async () => {
  name = `model ${count++}`
  await served.client.createRegisteredModel(name)
  for (let version = 0; version < 3; version++) {
    await served.client.createModelVersion({ name, source: 'mlflow-artifacts:/a' })
  }
})

const aliases = async () => (await served.client.getRegisteredModel(name)).aliases

/** Our server for everything but the calls that MLflow's own has not, which get the page that it answers. */
const asMlflow = () =>
  new MlflowClient({
    uri: 'http://mlflow',
    now: served.now,
    transport: async (request) => {
      if (!request.path.includes('/fds/')) return served.server.transport(request)
      const page = '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>'
      return { status: 404, headers: {}, body: Readable.from([Buffer.from(page)]) }
    },
  })

for (const { server, openClient } of [
  { server: 'our server', openClient: () => served.client },
  { server: "MLflow's own server", openClient: asMlflow },
]) {
  describe(`on ${server}`, () => {
    const promoteTo = (version: string, more: object = {}) =>
      promote({ client: openClient(), name, version, ...more })
    const rollBack = (more: object = {}) => rollback({ client: openClient(), name, ...more })

    test('the first champion has no predecessor', async () => {
      assert.deepEqual(await promoteTo('1'), { version: '1' })
      assert.deepEqual(await aliases(), { champion: '1' })
    })

    test('a promotion remembers the champion so far and ends the challenge', async () => {
      await promoteTo('1')
      await served.client.setRegisteredModelAlias({ name, alias: 'challenger', version: '2' })
      assert.deepEqual(await promoteTo('2'), { version: '2', demoted: '1' })
      assert.deepEqual(await aliases(), { champion: '2', previous_champion: '1' })
    })

    test('a challenger that is another version stays', async () => {
      await promoteTo('1')
      await served.client.setRegisteredModelAlias({ name, alias: 'challenger', version: '3' })
      await promoteTo('2')
      assert.equal((await aliases())['challenger'], '3')
    })

    test('promoting the champion again changes nothing', async () => {
      await promoteTo('1')
      await promoteTo('2')
      assert.deepEqual(await promoteTo('2'), { version: '2' })
      assert.deepEqual(await aliases(), { champion: '2', previous_champion: '1' })
    })

    test('a version that does not exist is not promoted', async () => {
      await promoteTo('1')
      await assert.rejects(promoteTo('9'), /not found/)
      assert.deepEqual(await aliases(), { champion: '1' })
    })

    test('a rollback changes the two, and a second one changes them back', async () => {
      await promoteTo('1')
      await promoteTo('2')
      assert.deepEqual(await rollBack(), { version: '1', demoted: '2' })
      assert.deepEqual(await aliases(), { champion: '1', previous_champion: '2' })
      assert.deepEqual(await rollBack(), { version: '2', demoted: '1' })
    })

    test('without a previous champion there is nothing to roll back', async () => {
      await assert.rejects(rollBack(), { code: 'NOTHING_TO_ROLL_BACK' })
      await promoteTo('1')
      await assert.rejects(rollBack(), { code: 'NOTHING_TO_ROLL_BACK' })
    })

    test('a rollback works where the champion was removed', async () => {
      await promoteTo('1')
      await promoteTo('2')
      await served.client.deleteModelVersion({ name, version: '2' })
      assert.deepEqual(await rollBack(), { version: '1' })
      assert.deepEqual(await aliases(), { champion: '1' })
    })

    test('a champion other than the expected one stays, and the refusal names it', async () => {
      await promoteTo('2', { expectedChampion: '' })
      const moved = { code: 'CHAMPION_MOVED', details: { name, expected: 'version 1', got: 'version 2' } }
      await assert.rejects(promoteTo('3', { expectedChampion: '1' }), moved)
      await assert.rejects(rollBack({ expectedChampion: '1' }), moved)
      assert.deepEqual(await aliases(), { champion: '2' })
    })

    test('a model that does not exist is refused', async () => {
      const client = openClient()
      await assert.rejects(promote({ client, name: 'none', version: '1' }), { code: 'TRACKING_FAILED' })
      await assert.rejects(rollback({ client, name: 'none' }), { code: 'TRACKING_FAILED' })
    })
  })
}

test('promoters that looked at the same champion do not both win', async () => {
  await promote({ client: served.client, name, version: '1' })
  const outcomes = await Promise.allSettled(
    ['2', '3'].map((version) => promote({ client: served.client, name, version })),
  )
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  const lost = outcomes.find((outcome) => outcome.status === 'rejected')
  assert.equal(lost?.reason.code, 'CHAMPION_MOVED')
})

test('a rollback follows plain moves of the alias, and the history says who moved it and why', async () => {
  const { client } = served
  await promote({ client, name, version: '1', actor: 'ann', reason: 'first' })
  await promote({ client, name, version: '2', actor: 'ann' })
  await client.setRegisteredModelAlias({
    name,
    alias: 'champion',
    version: '3',
    actor: 'bob',
    reason: 'by hand',
  })
  assert.deepEqual(await rollback({ client, name, actor: 'eve', reason: 'costs' }), {
    version: '2',
    demoted: '3',
  })
  const { items } = await aliasHistory({ client, name })
  const champions = items.filter(({ alias }) => alias === 'champion')
  assert.deepEqual(
    champions.map(({ fromVersion, toVersion, action, actor, reason }) =>
      [fromVersion, toVersion, action, actor, reason].join(' '),
    ),
    ['3 2 rollback eve costs', '2 3 set_alias bob by hand', '1 2 promote ann ', ' 1 promote ann first'],
  )
})

test("MLflow's own server keeps no history, which is said in one line", async () => {
  await assert.rejects(aliasHistory({ client: asMlflow(), name }), { code: 'HISTORY_UNAVAILABLE' })
})
