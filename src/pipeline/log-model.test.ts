import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { DEFAULT_POLICY } from '../decision/index.ts'
import { passThroughSpec } from '../features/index.ts'
import { trainBooster } from '../model/index.ts'
import { setTrackingClient, startRun } from '../tracking/index.ts'
import { openTestServer, type TestServer } from '../tracking/server/tracking-test-server.ts'
import { loadModel } from './load-model.ts'
import { logModel } from './log-model.ts'

const X = [
  [1.5, 0],
  [2, 1],
  [3, 0],
  [4, 1],
]
const BOOSTER = trainBooster(
  { nEstimators: 2, minChildWeight: 0 },
  { x: X, y: [0, 0, 1, 1], featureNames: ['amount', 'online'] },
)

let served: TestServer
before(async () => {
  served = await openTestServer()
})
after(() => served.close())

test('without a client or a run it says what to do', async () => {
  await assert.rejects(logModel(BOOSTER), { code: 'USAGE', message: /call logModel within startRun/ })
  await assert.rejects(logModel(BOOSTER, { client: served.client }), { code: 'USAGE' })
})

test('a specification of other features than the booster names is refused before anything is logged', async () => {
  const { runId } = (await served.client.createRun({ experimentId: '0' })).info
  const log = logModel(BOOSTER, { client: served.client, runId, spec: passThroughSpec(['amount', 'hour']) })
  await assert.rejects(log, {
    code: 'MODEL_FILE_INVALID',
    message: /feature 1 is "online" in the one and "hour"/,
  })
  const { items } = await served.client.searchLoggedModels({ experimentIds: ['0'] })
  assert.deepEqual(items, [])
})

test('a booster alone becomes a model of the active run, served by its own names and the default policy', async () => {
  setTrackingClient(served.client)
  const info = await startRun({}, () =>
    logModel(BOOSTER, { name: 'trees', inputExample: X, tags: { a: '1' } }),
  )
  assert.deepEqual(Object.keys(info), ['modelId', 'modelUri', 'runId'])
  for (const uri of [info.modelUri, `runs:/${info.runId}/trees`]) {
    const loaded = await loadModel(uri, async () => served.client)
    assert.deepEqual(loaded.booster.predict(X), BOOSTER.predict(X))
    assert.deepEqual(loaded.spec, passThroughSpec(['amount', 'online']))
    assert.deepEqual(loaded.policy, DEFAULT_POLICY)
    assert.deepEqual(loaded.inputs, [
      { name: 'amount', type: 'double' },
      { name: 'online', type: 'any' },
    ])
  }
  const { tags, sourceRunId } = await served.client.getLoggedModel(info.modelId)
  assert.deepEqual([tags, sourceRunId], [{ a: '1' }, info.runId])
})

test('with a name of the registry it becomes the next version of it', async () => {
  const { runId } = (await served.client.createRun({ experimentId: '0' })).info
  const log = () => logModel(BOOSTER, { client: served.client, runId, registeredModelName: 'fraud' })
  const [first, second] = [await log(), await log()]
  assert.deepEqual([first.registeredModelVersion, second.registeredModelVersion], ['1', '2'])
  const version = await served.client.getModelVersion({ name: 'fraud', version: '2' })
  assert.deepEqual([version.source, version.runId], [second.modelUri, runId])
})
