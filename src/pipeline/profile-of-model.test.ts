import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { SIMULATED_ROLES, simulateTransactions } from '../data/index.ts'
import { inputColumns } from '../features/index.ts'
import { compareProfile } from '../monitoring/index.ts'
import { openTestServer, type TestServer } from '../tracking/server/tracking-test-server.ts'
import { loadModelProfile } from './profile-of-model.ts'
import { trackModel } from './track-model.ts'
import { trainModel } from './train-model.ts'

let served: TestServer
const folder = await mkdtemp(join(tmpdir(), 'fds-profile-'))
before(async () => {
  served = await openTestServer()
})
after(async () => {
  await served.close()
  await rm(folder, { recursive: true, force: true })
})

const now = () => 0
const noClient = () => Promise.reject(new Error('a folder needs no client'))

test('a trained model keeps the profile of its training rows, which later data are compared with', async () => {
  const { table } = simulateTransactions({ rows: 3000, seed: 2 })
  const params = { n_estimators: 2 }
  const trained = trainModel({ table, roles: SIMULATED_ROLES, params, holdout: 0.2, seed: 1, now })
  const { runId, modelId } = await trackModel({ client: served.client, model: trained, now })
  for (const uri of [`models:/${modelId}`, `runs:/${runId}/model`]) {
    const profile = await loadModelProfile(uri, async () => served.client)
    assert.deepEqual(profile, trained.profile)
    assert.equal(profile.rows, trained.rows.train)
    const names = inputColumns(trained.spec).map(({ name }) => name)
    assert.deepEqual(
      profile.columns.map(({ name }) => name),
      names,
    )
    assert.ok(compareProfile(profile, table).every(({ status }) => status !== 'vanished'))
  }
})

test('a model without a profile, and a profile that is none, are told apart', async () => {
  await assert.rejects(loadModelProfile(join(folder, 'none'), noClient), { code: 'MODEL_NOT_FOUND' })
  await assert.rejects(loadModelProfile(folder, noClient), { code: 'PROFILE_MISSING' })
  await writeFile(join(folder, 'profile.json'), '{')
  await assert.rejects(loadModelProfile(folder, noClient), { code: 'PROFILE_INVALID' })
  await writeFile(join(folder, 'profile.json'), '{"format":"fds-profile","version":1}')
  await assert.rejects(loadModelProfile(folder, noClient), { code: 'PROFILE_INVALID' })
})
