import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { MlflowClient, type Run } from '../tracking/index.ts'
import { openTestServer, type TestServer } from '../tracking/server/tracking-test-server.ts'
import { createStudy, RandomSampler, type Trial, TrialPruned } from '../tuning/index.ts'
import { TrackingStorage } from './tracking-storage.ts'

let tracking: TestServer
before(async () => {
  tracking = await openTestServer()
})
after(() => tracking.close())

const parabola = (trial: Trial) => {
  const x = trial.suggestFloat('x', -1, 1)
  trial.setUserAttr('trees', 12)
  trial.setUserAttr('host', 'a')
  trial.report(0.5, 0)
  trial.report(Number.NaN, 1)
  if (trial.number === 1) throw new TrialPruned()
  if (trial.number === 2) return Number.NaN
  return (x - 0.25) ** 2
}

async function open(
  studyName: string,
  { client = tracking.client, gracePeriod = 30 }: { client?: MlflowClient; gracePeriod?: number } = {},
) {
  const storage = new TrackingStorage({ client, metric: 'loss', tags: { team: 'fraud' } })
  const study = await createStudy({
    storage,
    studyName,
    loadIfExists: true,
    sampler: new RandomSampler({ seed: 4 }),
    gracePeriod,
  })
  return { storage, study, runId: await storage.runIdOf(study) }
}

async function trialRunsOf(runId: string): Promise<Run[]> {
  const { info } = await tracking.client.getRun(runId)
  const filter = `tags.mlflow.parentRunId = '${runId}'`
  const { items } = await tracking.client.searchRuns({ experimentIds: [info.experimentId], filter })
  return items.toSorted(
    (a, b) => Number(a.data.tags['fds.trial.number']) - Number(b.data.tags['fds.trial.number']),
  )
}

test('every trial is a run nested in the study’s, with its parameters, values and state', async () => {
  const { storage, study, runId } = await open('nested')
  await study.optimize(parabola, { nTrials: 4 })
  await storage.finish(study)
  const runs = await trialRunsOf(runId)
  assert.deepEqual(
    runs.map((run) => [run.info.runName, run.info.status, run.data.tags['fds.trial.state']]),
    [
      ['trial_0', 'FINISHED', 'COMPLETE'],
      ['trial_1', 'KILLED', 'PRUNED'],
      ['trial_2', 'FAILED', 'FAIL'],
      ['trial_3', 'FINISHED', 'COMPLETE'],
    ],
  )
  const [first, , failed] = runs
  assert.equal(first!.data.params['x'], String(study.trials[0]!.params['x']))
  assert.equal(first!.data.metrics['loss'], study.trials[0]!.value)
  assert.deepEqual([first!.data.metrics['trees'], first!.data.tags['host']], [12, 'a'])
  assert.equal(first!.info.endTime, study.trials[0]!.datetimeComplete)
  assert.match(failed!.data.tags['fds.trial.failure']!, /must give a number, got NaN/)
  const history = await tracking.client.getMetricHistory(first!.info.runId, 'loss_by_step')
  assert.deepEqual(
    history.map(({ value, step }) => [value, step]),
    [
      [0.5, 0],
      [Number.NaN, 1],
    ],
  )
  const parent = await tracking.client.getRun(runId)
  assert.equal(parent.info.status, 'FINISHED')
  assert.equal(parent.data.params['best_x'], String(study.bestParams['x']))
  assert.equal(parent.data.metrics['best_loss'], study.bestValue)
  assert.deepEqual(
    [parent.data.tags['fds.study.name'], parent.data.tags['fds.study.direction'], parent.data.tags['team']],
    ['nested', 'minimize', 'fraud'],
  )
})

test('a study that is opened again goes on in its run, and nothing is logged twice', async () => {
  const before = await open('again')
  await before.study.optimize(parabola, { nTrials: 4 })
  await before.storage.finish(before.study)
  const later = await open('again')
  assert.equal(later.runId, before.runId)
  await later.study.optimize((trial) => trial.suggestFloat('x', -1, 1) - 9, { nTrials: 2 })
  await later.storage.finish(later.study)
  const runs = await trialRunsOf(later.runId)
  assert.equal(runs.length, 6)
  const history = await tracking.client.getMetricHistory(runs[0]!.info.runId, 'loss')
  assert.equal(history.length, 1)
  const parent = await tracking.client.getRun(later.runId)
  assert.equal(parent.data.tags['best_x'], String(later.study.bestParams['x']), 'a parameter is set once')
  assert.equal(parent.data.metrics['best_loss'], later.study.bestValue)
})

test('what a worker told and had no time to record is recorded once it has gone silent', async () => {
  const { storage, study, runId } = await open('killed')
  await study.optimize(parabola, { nTrials: 1 })
  const silent = await createStudy({
    storage: { sync: (request) => storage.sync(request) },
    studyName: 'killed',
    loadIfExists: true,
  })
  await silent.optimize(() => 7, { nTrials: 1 })
  assert.equal((await trialRunsOf(runId)).length, 1)
  await open('killed', { gracePeriod: 0.001 })
  const runs = await trialRunsOf(runId)
  assert.deepEqual([runs[1]!.info.status, runs[1]!.data.metrics['loss']], ['FINISHED', 7])
})

test('workers that open one study at once share its run', async () => {
  const opened = await Promise.all(Array.from({ length: 4 }, () => open('together')))
  assert.equal(new Set(opened.map(({ runId }) => runId)).size, 1)
  const query = { experimentIds: [(await tracking.client.getRun(opened[0]!.runId)).info.experimentId] }
  const { items } = await tracking.client.searchRuns({ ...query, filter: "tags.fds.study.name = 'together'" })
  assert.equal(items.length, 1)
  await Promise.all(opened.map(({ study }) => study.optimize(parabola, { totalTrials: 12, nJobs: 2 })))
  const runs = await trialRunsOf(opened[0]!.runId)
  const numbers = runs.map((run) => Number(run.data.tags['fds.trial.number']))
  assert.deepEqual(numbers, [...Array(13).keys()], 'twelve and the one that failed')
  assert.ok(runs.every((run) => run.info.status !== 'RUNNING'))
})

test('on a server that has no place for studies one lives in the process, its runs are logged', async () => {
  const { transport } = tracking.server
  const plain = new MlflowClient({
    uri: 'http://mlflow',
    now: tracking.now,
    transport: (request) => transport({ ...request, path: request.path.replace('/fds/', '/unknown/') }),
  })
  const { storage, study, runId } = await open('plain', { client: plain })
  await study.optimize(parabola, { nTrials: 3 })
  await storage.finish(study)
  assert.equal((await trialRunsOf(runId)).length, 3)
  const { entries } = await tracking.client.syncStudy({ studyName: 'plain', operations: [] })
  assert.deepEqual(entries, [])
})
