import assert from 'node:assert/strict'
import test from 'node:test'
import {
  createStudy,
  floatDistribution,
  loadStudy,
  NopPruner,
  RandomSampler,
  TPESampler,
  type Trial,
  TrialPruned,
} from '../index.ts'
import type { StoredStudyOptions } from './stored-study.ts'
import { TroubledStorage } from './troubled-storage.fixture.ts'

const parabola = (trial: Trial) => (trial.suggestFloat('x', -1, 1) - 0.25) ** 2

function opener(storage: TroubledStorage) {
  return (options: Partial<StoredStudyOptions> = {}) =>
    createStudy({
      storage,
      studyName: 'shared',
      sampler: new RandomSampler({ seed: 3 }),
      pruner: new NopPruner(),
      loadIfExists: true,
      ...options,
    })
}

test('gives the trials of a study in memory', async () => {
  const objective = (trial: Trial) => {
    const kind = trial.suggestCategorical('kind', ['a', null, true])
    trial.report(Number.NaN, 0)
    trial.report(Number.NEGATIVE_INFINITY, 1)
    trial.setUserAttr('kind', kind)
    const rate = trial.suggestFloat('rate', 0.01, 1, { log: true })
    if (trial.number === 2) throw new TrialPruned()
    return trial.number === 3 ? Number.POSITIVE_INFINITY : rate + trial.suggestInt('depth', 1, 9)
  }
  const inMemory = createStudy({ sampler: new TPESampler({ seed: 1 }), pruner: new NopPruner() })
  await inMemory.optimize(objective, { nTrials: 15 })
  const storage = new TroubledStorage()
  const stored = await opener(storage)({ sampler: new TPESampler({ seed: 1 }) })
  await stored.optimize(objective, { nTrials: 15 })
  const again = await loadStudy({ storage, studyName: 'shared' })
  const withoutTimes = (trials: typeof stored.trials) =>
    trials.map((trial) => ({ ...trial, datetimeStart: null, datetimeComplete: null }))
  assert.deepEqual(withoutTimes(stored.trials), inMemory.trials)
  assert.deepEqual(again.trials, stored.trials)
})

test('goes on where another process stopped', async () => {
  const open = opener(new TroubledStorage())
  await (await open()).optimize(parabola, { nTrials: 3 })
  const later = await open()
  await later.optimize(parabola, { totalTrials: 5 })
  assert.equal(later.trials.length, 5)
})

test('a log longer than one answer is read whole', async () => {
  const storage = new TroubledStorage()
  await (await opener(storage)()).optimize(parabola, { nTrials: 20 })
  storage.page = 7
  assert.equal((await opener(storage)()).trials.length, 20)
})

test('several workers share one study and number their trials apart', async () => {
  const open = opener(new TroubledStorage())
  const studies = await Promise.all([open(), open(), open()])
  const objective = async (trial: Trial) => {
    const value = parabola(trial)
    await new Promise((resolve) => setImmediate(resolve))
    return value
  }
  await Promise.all(studies.map((study) => study.optimize(objective, { totalTrials: 25, nJobs: 2 })))
  await Promise.all(studies.map((study) => study.sync()))
  for (const study of studies) {
    assert.equal(study.trials.length, 25)
    assert.ok(study.trials.every((trial, number) => trial.state === 'COMPLETE' && trial.number === number))
    assert.deepEqual(study.trials, studies[0]!.trials)
  }
})

test('two workers who tell one trial: the first in the log counts, the second is refused', async () => {
  const open = opener(new TroubledStorage())
  const [a, b] = await Promise.all([open(), open()])
  const trial = await a.ask()
  await b.sync()
  const told = await Promise.allSettled([a.tell(trial, 1), b.tell(trial.number, 2)])
  assert.deepEqual(told.map((outcome) => outcome.status).sort(), ['fulfilled', 'rejected'])
  const refused = told.find((outcome) => outcome.status === 'rejected')
  assert.match(String(refused?.reason), /must be RUNNING, got COMPLETE/)
  await Promise.all([a.sync(), b.sync()])
  assert.equal(a.bestValue, b.bestValue)
})

test('a running trial counts for other workers with the values planned for it', async () => {
  const open = opener(new TroubledStorage())
  const [a, b] = await Promise.all([
    open({ sampler: new TPESampler({ seed: 1, nStartupTrials: 2 }) }),
    open(),
  ])
  await a.optimize(parabola, { nTrials: 4 })
  const running = await a.ask()
  running.suggestFloat('x', -1, 1)
  await a.sync()
  await b.sync()
  assert.equal(b.trials[4]!.state, 'RUNNING')
  assert.deepEqual(b.trials[4]!.planned, a.trials[4]!.planned)
  assert.equal(typeof b.trials[4]!.planned['x'], 'number')
})

test('a trial whose worker has gone silent fails and is tried once more', async () => {
  const storage = new TroubledStorage()
  const open = opener(storage)
  const dead = await open({ heartbeatInterval: 3600 })
  const lost = await dead.ask()
  lost.suggestFloat('x', -1, 1)
  await dead.sync()
  storage.now += 29_000
  const alive = await open()
  await alive.optimize(parabola, { nTrials: 1 })
  assert.equal(alive.trials[0]!.state, 'RUNNING', 'given up before the grace period')
  storage.now += 2_000
  await alive.sync()
  await alive.optimize(parabola, { nTrials: 1 })
  assert.deepEqual([alive.trials[0]!.state, alive.trials[0]!.failure], ['FAIL', 'Its worker has gone silent'])
  assert.deepEqual(alive.trials[2]!.params, lost.params)
  assert.deepEqual(alive.trials[2]!.userAttrs, { failed_trial: 0 })
  await assert.rejects(dead.tell(lost, 1), { code: 'STUDY_STATE_INVALID' })
})

test('the last trials of others are waited for, and replaced where their worker dies', async () => {
  const storage = new TroubledStorage()
  const open = opener(storage)
  const dead = await open({ heartbeatInterval: 3600 })
  await dead.ask()
  const alive = await open({ heartbeatInterval: 0.005 })
  const optimized = alive.optimize(parabola, { totalTrials: 3 })
  while (alive.trials.length < 3) await new Promise((resolve) => setTimeout(resolve, 2))
  storage.now += 31_000
  await optimized
  assert.deepEqual(
    alive.trials.map((trial) => trial.state),
    ['FAIL', 'COMPLETE', 'COMPLETE', 'COMPLETE'],
  )
})

test('a live worker keeps its trial by heartbeats', async () => {
  const storage = new TroubledStorage()
  const slow = await opener(storage)({ heartbeatInterval: 0.005 })
  const trial = await slow.ask()
  storage.now += 60_000
  const before = storage.requests
  while (storage.requests < before + 2) await new Promise((resolve) => setTimeout(resolve, 5))
  const other = await opener(storage)()
  await other.optimize(parabola, { nTrials: 1 })
  assert.equal((await slow.tell(trial, 1)).state, 'COMPLETE')
  const after = storage.requests
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(storage.requests, after, 'a heart that beats for nothing')
})

test('a worker taken for dead goes on with its next trial', async () => {
  const storage = new TroubledStorage()
  const open = opener(storage)
  const [slow, other] = await Promise.all([open({ heartbeatInterval: 3600 }), open()])
  const objective = async (trial: Trial) => {
    if (trial.number === 0) {
      storage.now += 60_000
      await other.sync()
      await other.optimize(parabola, { nTrials: 1 })
    }
    return parabola(trial)
  }
  await slow.optimize(objective, { nTrials: 2 })
  assert.deepEqual(
    slow.trials.map((trial) => trial.state),
    ['FAIL', 'COMPLETE', 'COMPLETE'],
  )
})

test('a request or an answer that gets lost costs nothing', async () => {
  for (const trouble of ['lost request', 'lost answer'] as const) {
    const storage = new TroubledStorage()
    const study = await opener(storage)()
    const trial = await study.ask()
    trial.suggestFloat('x', -1, 1)
    await study.sync()
    storage.trouble = trouble
    await assert.rejects(study.tell(trial, 1), /no connection|no answer/)
    await study.sync()
    assert.equal(study.trials[0]!.value, 1)
    storage.trouble = trouble
    await assert.rejects(study.ask(), /no connection|no answer/)
    await study.sync()
    await study.sync()
    assert.equal(study.trials[1]!.failure, 'The storage started it too late')
    assert.deepEqual((await loadStudy({ storage, studyName: 'shared' })).trials, study.trials)
  }
})

test('enqueued and added trials and attributes are shared', async () => {
  const open = opener(new TroubledStorage())
  const [a, b] = await Promise.all([open(), open()])
  await a.enqueueTrial({ x: 0.5 })
  await b.enqueueTrial({ x: 0.5 }, { skipIfExists: true })
  const distributions = { x: floatDistribution({ name: 'x', low: -1, high: 1 }) }
  await a.addTrial({ params: { x: 0.25 }, distributions, value: 0 })
  await assert.rejects(a.addTrial({ params: { x: 7 }, distributions, value: 0 }), {
    code: 'STUDY_STATE_INVALID',
  })
  await b.optimize(parabola, { nTrials: 1 })
  assert.deepEqual(
    b.trials.map((trial) => trial.params['x']),
    [0.5, 0.25],
  )
  assert.equal(await a.setUserAttr('run', 'first', { once: true }), 'first')
  assert.equal(await b.setUserAttr('run', 'second', { once: true }), 'first')
  assert.deepEqual(b.userAttrs, { run: 'first' })
})

test('a name that is taken, a name that nobody has and another direction are refused', async () => {
  const open = opener(new TroubledStorage())
  const refused = { code: 'STUDY_STATE_INVALID' }
  await assert.rejects(loadStudy({ storage: new TroubledStorage(), studyName: 'none' }), refused)
  await open({ direction: 'maximize' })
  await assert.rejects(open({ loadIfExists: false }), refused)
  await assert.rejects(open({ direction: 'minimize' }), { code: 'PARAM_INVALID' })
  assert.equal((await open()).direction, 'maximize')
  await assert.rejects(open({ gracePeriod: 0 }), { code: 'PARAM_INVALID' })
})

test('of many who create one study at once, one does', async () => {
  const open = opener(new TroubledStorage())
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => open({ loadIfExists: false })))
  assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1)
})
