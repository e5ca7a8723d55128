import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { openTestServer, type TestServer } from '../tracking/server/tracking-test-server.ts'
import { NopPruner, RandomSampler } from '../tuning/index.ts'
import { ROLES, smallTable } from './tune.fixture.ts'
import { type TuneInput, tuneModel } from './tune-model.ts'

let tracking: TestServer
before(async () => {
  tracking = await openTestServer()
})
after(() => tracking.close())

let clock = 1_700_000_000_000

const tune = async (options: Partial<TuneInput> = {}) => {
  const { result } = await tuneModel({
    client: tracking.client,
    table: smallTable(),
    roles: ROLES,
    trials: 6,
    sampler: new RandomSampler({ seed: 2 }),
    pruner: new NopPruner(),
    params: { n_estimators: 60 },
    earlyStoppingRounds: 10,
    seed: 1,
    now: () => clock++,
    ...options,
  })
  return result
}

const runsOf = async (study: string) => {
  const { info } = await tracking.client.getRun(study)
  const filter = `tags.mlflow.parentRunId = '${study}'`
  return (await tracking.client.searchRuns({ experimentIds: [info.experimentId], filter })).items
}

test('one job and one seed give the same trials, XGBoost’s defaults first', async () => {
  const [first, second] = [await tune({ jobs: 1 }), await tune({ jobs: 1 })]
  assert.deepEqual(first.trials, second.trials)
  assert.deepEqual(first.trials[0]!.params, {
    learning_rate: 0.3,
    max_depth: 6,
    min_child_weight: 1,
    subsample: 1,
    colsample_bytree: 1,
    reg_lambda: 1,
  })
  assert.equal(first.best_value, Math.max(...first.trials.map(({ value }) => value!)))
  assert.equal(first.best_params['n_estimators'], first.trials[first.best_trial]!.trees)
})

test('every trial is a nested run, also of jobs at once, and the study’s run ends with the best', async () => {
  const { study, trials, best_value, best_params } = await tune({ jobs: 2 })
  const runs = await runsOf(study)
  assert.equal(runs.length, trials.length)
  const { info, data } = await tracking.client.getRun(study)
  assert.equal(info.status, 'FINISHED')
  assert.equal(data.metrics['best_auprc'], best_value)
  assert.equal(data.params['best_n_estimators'], String(best_params['n_estimators']))
})

test('a function of one’s own is the objective, smaller being better if it says so', async () => {
  const metric = {
    name: 'missed',
    direction: 'minimize',
    measure: (y: Uint8Array, p: Float32Array) =>
      y.filter((label, row) => label === 1 && p[row]! < 0.5).length,
  } as const
  const result = await tune({ metric, jobs: 1 })
  assert.equal(result.metric, 'missed')
  assert.ok(Number.isInteger(result.best_value))
  assert.equal(result.best_value, Math.min(...result.trials.map(({ value }) => value!)))
})

test('several folds: the value is the mean of what was reported', async () => {
  const { study, trials } = await tune({ folds: 3, trials: 2, jobs: 1 })
  const [run] = (await runsOf(study)).filter(({ data }) => data.tags['fds.trial.number'] === '0')
  const history = await tracking.client.getMetricHistory(run!.info.runId, 'auprc_by_step')
  const mean = history.reduce((sum, { value }) => sum + value, 0) / history.length
  assert.equal(history.length, 3)
  assert.ok(Math.abs(mean - trials[0]!.value!) < 1e-12)
})

test('trials that fail leave the study going; where none has a value the first reason is told', async () => {
  const failing = { name: 'mood', direction: 'maximize', measure: () => Number.NaN } as const
  await assert.rejects(tune({ metric: failing, trials: 3 }), {
    code: 'TRIALS_FAILED',
    message:
      /^No trial of \d gave a value; the first failed because The objective must give a number, got NaN/,
  })
})

test('a study of a name goes on up to its number of trials, and refuses another objective', async () => {
  const first = await tune({ studyName: 'mine', trials: 3 })
  const later = await tune({ studyName: 'mine', trials: 5 })
  assert.equal(later.study, first.study)
  assert.deepEqual(later.trials.slice(0, 3), first.trials)
  assert.equal(later.trials.length, 5)
  await assert.rejects(tune({ studyName: 'mine', metric: 'auc_roc' }), { code: 'PARAM_INVALID' })
  await assert.rejects(tune({ studyName: 'mine', folds: 2 }), { code: 'PARAM_INVALID' })
})

test('a stop gives up what runs: the runs are KILLED or ended, and the study can go on', async () => {
  const stop = new AbortController()
  const stopped = tune({ studyName: 'stopped', signal: stop.signal, jobs: 1, onTrial: () => stop.abort() })
  await assert.rejects(stopped, {
    code: 'TUNING_STOPPED',
    message: /^Stopped after 1 of 6 trials, best value/,
  })
  const { trials, study } = await tune({ studyName: 'stopped', trials: 3 })
  assert.equal(trials.filter(({ state }) => state === 'COMPLETE').length, 3)
  for (const { info } of await runsOf(study)) assert.notEqual(info.status, 'RUNNING')
})

test('a stop that came before the first trial lets none end', async () => {
  await assert.rejects(tune({ signal: AbortSignal.abort() }), {
    message: /^Stopped after 0 of 6 trials, none/,
  })
})

test('a parameter is searched or the same for all trials, not both', async () => {
  const space = { max_depth: { low: 2, high: 4 } }
  await assert.rejects(tune({ space, params: { max_depth: 3 } }), {
    message: 'Parameter "max_depth" must be either searched or the same for all trials, got both',
  })
  await assert.rejects(tune({ params: { depth: 3 } }), { code: 'PARAM_UNKNOWN' })
})
