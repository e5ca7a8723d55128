import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { openTestServer, type TestServer } from '../server/tracking-test-server.ts'
import { activeRunId, startRun } from './active-run.ts'
import { logMetrics, logParams, setTags } from './fluent.ts'
import { logArtifact } from './fluent-artifacts.ts'
import { setExperiment, setTrackingClient } from './fluent-state.ts'

let served: TestServer
before(async () => {
  served = await openTestServer()
})
after(() => served.close())

test('logging without a client or a run says what to do', async () => {
  await assert.rejects(
    startRun({}, async () => {}),
    /Call setTrackingUri\(uri\) or setTrackingClient\(client\)/,
  )
  await assert.rejects(logParams({ a: 1 }), /There is no active run/)
  setTrackingClient(served.client)
  await assert.rejects(logMetrics({ a: 1 }), /There is no active run/)
})

test('what is logged within startRun belongs to its run, which ends with it', async () => {
  setTrackingClient(served.client)
  const { experimentId } = await setExperiment('fluent')
  assert.equal((await setExperiment('fluent')).experimentId, experimentId)
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`p${index}`, index]))
  const runId = await startRun({ runName: 'first', description: 'why', tags: { a: '1' } }, async (run) => {
    await logParams(many)
    await logMetrics({ auc: 0.9, loss: Number.NaN }, { step: 2 })
    await setTags({ b: '2' })
    await logArtifact({ path: 'notes/a.txt', data: 'text' })
    assert.equal(activeRunId(), run.info.runId)
    return run.info.runId
  })
  assert.equal(activeRunId(), undefined)
  const { info, data } = await served.client.getRun(runId)
  assert.deepEqual([info.status, info.runName, info.experimentId], ['FINISHED', 'first', experimentId])
  assert.deepEqual([Object.keys(data.params).length, data.metrics], [250, { auc: 0.9, loss: Number.NaN }])
  assert.deepEqual([data.tags['a'], data.tags['b'], data.tags['mlflow.note.content']], ['1', '2', 'why'])
  assert.deepEqual(await served.client.listArtifacts(runId), [{ path: 'notes', isDir: true }])
})

test('a run within a run must be meant, and is its child', async () => {
  setTrackingClient(served.client)
  await startRun({}, async (parent) => {
    await assert.rejects(
      startRun({}, async () => {}),
      /already active/,
    )
    const child = await startRun({ nested: true }, async (run) => {
      await logMetrics({ m: 1 })
      return run
    })
    assert.equal(child.data.tags['mlflow.parentRunId'], parent.info.runId)
    assert.deepEqual((await served.client.getRun(parent.info.runId)).data.metrics, {})
  })
})

test('a run whose work throws is FAILED, and the error passes on', async () => {
  setTrackingClient(served.client)
  let runId = ''
  const work = startRun({}, async (run) => {
    runId = run.info.runId
    throw new Error('broken')
  })
  await assert.rejects(work, /broken/)
  assert.equal((await served.client.getRun(runId)).info.status, 'FAILED')
})

test('runs side by side do not mix', async () => {
  setTrackingClient(served.client)
  const ids = await Promise.all(
    [1, 2, 3].map((value) =>
      startRun({}, async (run) => {
        for (let step = 0; step < 5; step++) await logMetrics({ m: value }, { step })
        return run.info.runId
      }),
    ),
  )
  const runs = await Promise.all(ids.map((id) => served.client.getRun(id)))
  assert.deepEqual(
    runs.map((run) => run.data.metrics['m']),
    [1, 2, 3],
  )
})
