import assert from 'node:assert/strict'
import test from 'node:test'
import { createPolicy, DEFAULT_POLICY } from '../decision/index.ts'
import { passThroughSpec } from '../features/index.ts'
import { parseParams, trainBooster } from '../model/index.ts'
import { buildProfile } from '../monitoring/index.ts'
import { openTestServer } from '../tracking/server/tracking-test-server.ts'
import { changePolicy } from './change-policy.ts'
import { loadModel } from './load-model.ts'
import { loadModelProfile } from './profile-of-model.ts'
import { registerModel } from './register-model.ts'
import { trackModel } from './track-model.ts'

const NAMES = ['amount', 'hour']
const X = { rowCount: 4, columnCount: 2, values: Float32Array.of(1.5, 3, 2, 4, 30, 5, 40, 6) }
const PARAMS = parseParams({ n_estimators: 2, min_child_weight: 0 })
const BOOSTER = trainBooster(PARAMS, { x: X, y: [0, 0, 1, 1], featureNames: NAMES })
const PROFILE = buildProfile({
  rowCount: 4,
  columns: [{ name: 'amount', kind: 'number', values: Float64Array.of(1.5, 2, 30, 40) }],
})
const MODEL = { booster: BOOSTER, spec: passThroughSpec(NAMES), policy: DEFAULT_POLICY, profile: PROFILE }

test('a version with another policy keeps trees, features and profile, and says where it comes from', async (t) => {
  const { client, close } = await openTestServer()
  t.after(close)
  const { runId } = await trackModel({ client, model: MODEL, metrics: { recall: 0.9 }, now: client.now })
  await registerModel({ client, runId, name: 'fraud', alias: 'champion' })
  const changes = { thresholds: { block: 0.8 }, costs: { fn: 250 } }
  const from = { client, uri: 'models:/fraud@champion', now: client.now }
  const { version, policy } = await changePolicy({ ...from, changes, alias: 'challenger' })
  assert.deepEqual(policy, createPolicy(changes))
  const uri = 'models:/fraud@challenger'
  const made = await loadModel(uri, async () => client)
  assert.deepEqual([made.version, made.policy, made.spec], [version, policy, MODEL.spec])
  assert.deepEqual(made.booster.predict(X), BOOSTER.predict(X))
  assert.deepEqual(await loadModelProfile(uri, async () => client), PROFILE)
  const entry = await client.getModelVersion({ name: 'fraud', version })
  const { data } = await client.getRun(entry.runId!)
  assert.equal(data.tags['fds.policy_changed_from'], 'models:/fraud/1')
  assert.deepEqual(data.metrics, {})
  // what was changed before is kept by a further change
  const again = await changePolicy({ ...from, uri, changes: { threshold: 0.3 } })
  assert.deepEqual(again.policy, createPolicy({ ...changes, threshold: 0.3 }))
})

test('thresholds out of order, and a run in place of a version, are refused', async (t) => {
  const { client, close } = await openTestServer()
  t.after(close)
  const { runId } = await trackModel({ client, model: MODEL, now: client.now })
  await registerModel({ client, runId, name: 'fraud', alias: 'champion' })
  const from = { client, now: client.now }
  const disordered = { uri: 'models:/fraud@champion', changes: { thresholds: { hold: 0.9 } } }
  await assert.rejects(changePolicy({ ...from, ...disordered }), { code: 'POLICY_INVALID' })
  const ofRun = { uri: `runs:/${runId}/model`, changes: { threshold: 0.3 } }
  await assert.rejects(changePolicy({ ...from, ...ofRun }), { code: 'MODEL_NOT_FOUND' })
  assert.equal((await client.searchModelVersions({ filter: "name = 'fraud'" })).items.length, 1)
})
