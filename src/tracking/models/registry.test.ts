import assert from 'node:assert/strict'
import test, { after, before, beforeEach } from 'node:test'
import { openTestServer, type TestServer } from '../server/tracking-test-server.ts'
import { promote, rollback } from './registry.ts'

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
const promoteTo = (version: string) => promote({ client: served.client, name, version })
const rollBack = () => rollback({ client: served.client, name })

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
