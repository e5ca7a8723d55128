import assert from 'node:assert/strict'
import test from 'node:test'
import {
  createStudy,
  type FrozenTrial,
  floatDistribution,
  NopPruner,
  RandomSampler,
  TPESampler,
  type Trial,
  TrialPruned,
} from '../index.ts'

const randomStudy = () => createStudy({ sampler: new RandomSampler({ seed: 3 }), pruner: new NopPruner() })
const parabola = (trial: Trial) => (trial.suggestFloat('x', -1, 1) - 0.25) ** 2
const at = (x: number) => ({
  params: { x },
  distributions: { x: floatDistribution({ name: 'x', low: -1, high: 1 }) },
})
const statesOf = (trials: readonly FrozenTrial[]) => trials.map((trial) => trial.state)

test('runs the trials one after another and knows the best one', async () => {
  const study = randomStudy()
  await study.optimize(parabola, { nTrials: 25 })
  assert.equal(study.trials.length, 25)
  assert.equal(study.bestValue, Math.min(...study.trials.map((trial) => trial.value!)))
  assert.equal((Number(study.bestParams['x']) - 0.25) ** 2, study.bestValue)
})

test('awaits an asynchronous objective before the next trial starts', async () => {
  const study = randomStudy()
  const log: string[] = []
  const objective = async (trial: Trial) => {
    log.push(`start ${trial.number}`)
    await new Promise((resolve) => setImmediate(resolve))
    log.push(`end ${trial.number}`)
    return trial.number
  }
  await study.optimize(objective, { nTrials: 2 })
  assert.deepEqual(log, ['start 0', 'end 0', 'start 1', 'end 1'])
})

test('the best of a maximized study is the largest value, the first of equals', () => {
  const study = createStudy({ direction: 'maximize' })
  for (const value of [1, 3, 3, 2]) study.tell(study.ask(), value)
  assert.equal(study.bestTrial.number, 1)
})

test('a NaN objective fails its trial and the study goes on', async () => {
  const study = randomStudy()
  await study.optimize((trial) => (trial.number === 1 ? Number.NaN : 1), { nTrials: 3 })
  assert.deepEqual(statesOf(study.trials), ['COMPLETE', 'FAIL', 'COMPLETE'])
  assert.equal(study.trials[1]!.failure, 'The objective must give a number, got NaN')
})

test('an infinite objective completes and never beats a finite one', async () => {
  const study = randomStudy()
  await study.optimize((trial) => (trial.number === 0 ? Number.POSITIVE_INFINITY : 1), { nTrials: 2 })
  assert.deepEqual(statesOf(study.trials), ['COMPLETE', 'COMPLETE'])
  assert.equal(study.bestTrial.number, 1)
})

test('a throwing objective fails its trial and the error comes out', async () => {
  const study = randomStudy()
  const broken = () => {
    throw new RangeError('no luck')
  }
  await assert.rejects(study.optimize(broken, { nTrials: 3 }), RangeError)
  assert.deepEqual(statesOf(study.trials), ['FAIL'])
  assert.equal(study.trials[0]!.failure, 'RangeError: no luck')
})

test('errors of a class named by `catch` fail their trial only', async () => {
  const study = randomStudy()
  const broken = () => {
    throw new RangeError('no luck')
  }
  await study.optimize(broken, { nTrials: 3, catch: [RangeError] })
  assert.deepEqual(statesOf(study.trials), ['FAIL', 'FAIL', 'FAIL'])
  await assert.rejects(study.optimize(broken, { nTrials: 1, catch: [SyntaxError] }), RangeError)
})

test('a pruned trial keeps its last report as value', async () => {
  const study = randomStudy()
  const objective = (trial: Trial) => {
    trial.report(5, 0)
    trial.report(4, 1)
    throw new TrialPruned()
  }
  await study.optimize(objective, { nTrials: 1 })
  assert.equal(study.trials[0]!.state, 'PRUNED')
  assert.equal(study.trials[0]!.value, 4)
})

test('a study without a completed trial has no best one', async () => {
  const study = randomStudy()
  assert.throws(() => study.bestValue, { code: 'STUDY_EMPTY' })
  study.tell(study.ask(), Number.NaN)
  assert.throws(() => study.bestTrial, { code: 'STUDY_EMPTY' })
})

test('callbacks see every ended trial and may stop the study', async () => {
  const study = randomStudy()
  const seen: number[] = []
  const callbacks = [
    (_: unknown, trial: FrozenTrial) => void seen.push(trial.number),
    (current: typeof study) => {
      if (current.trials.length === 3) current.stop()
    },
  ]
  await study.optimize(parabola, { nTrials: 100, callbacks })
  assert.deepEqual(seen, [0, 1, 2])
  assert.throws(() => study.stop(), { code: 'STUDY_STATE_INVALID' })
})

test('no trial starts after the time is up', async () => {
  const study = randomStudy()
  const slow = () => new Promise<number>((resolve) => setTimeout(resolve, 20, 1))
  await study.optimize(slow, { timeout: 0.1 })
  assert.ok(study.trials.length >= 1 && study.trials.length <= 6, `${study.trials.length} trials`)
  await study.optimize(parabola, { timeout: 0.05 })
  for (const options of [
    { nTrials: -1 },
    { nTrials: Number.NaN },
    { timeout: -1 },
    { timeout: 1e9 },
    { nJobs: 0 },
  ]) {
    await assert.rejects(study.optimize(parabola, options), { code: 'PARAM_INVALID' })
  }
})

test('several jobs run at once, and together as many trials as asked for', async () => {
  const study = randomStudy()
  let running = 0
  let most = 0
  const objective = async (trial: Trial) => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setTimeout(resolve, 2))
    running -= 1
    return trial.number
  }
  await study.optimize(objective, { nTrials: 10, nJobs: 3 })
  assert.equal(most, 3)
  assert.deepEqual(statesOf(study.trials), Array(10).fill('COMPLETE'))
})

test('an error in one job ends the others after the trials under way', async () => {
  const study = randomStudy()
  const objective = async (trial: Trial) => {
    await new Promise((resolve) => setImmediate(resolve))
    if (trial.number === 1) throw new RangeError('no luck')
    return 1
  }
  await assert.rejects(study.optimize(objective, { nTrials: 50, nJobs: 2 }), RangeError)
  assert.ok(study.trials.length <= 4)
  assert.ok(study.trials.every((trial) => trial.state === 'COMPLETE' || trial.state === 'FAIL'))
})

test('the whole number of trials counts those that have not failed, whoever ran them', async () => {
  const study = randomStudy()
  await study.optimize(parabola, { nTrials: 3 })
  study.tell(study.ask(), null, { state: 'FAIL' })
  await study.optimize(parabola, { totalTrials: 5, nJobs: 4 })
  await study.optimize(parabola, { totalTrials: 5 })
  assert.equal(study.trials.length, 6)
})

test('a clock gives trials their times', async () => {
  let clock = 0
  const study = createStudy({ now: () => ++clock })
  await study.optimize(parabola, { nTrials: 1 })
  assert.deepEqual([study.trials[0]!.datetimeStart, study.trials[0]!.datetimeComplete], [1, 2])
  assert.equal(randomStudy().ask().number, 0)
})

test('a study keeps attributes', () => {
  const study = randomStudy()
  study.setUserAttr('data', { rows: 3 })
  assert.deepEqual(study.userAttrs, { data: { rows: 3 } })
})

test('two callers who tell one trial: the second is refused', () => {
  const study = randomStudy()
  const trial = study.ask()
  study.tell(trial, 1)
  assert.throws(() => study.tell(trial, 2), {
    code: 'STUDY_STATE_INVALID',
    message: /must be RUNNING, got COMPLETE/,
  })
  assert.throws(() => study.tell(7, 2), { code: 'STUDY_STATE_INVALID' })
  assert.equal(study.tell(trial, 2, { skipIfFinished: true }).value, 1)
  assert.equal(study.trials[0]!.value, 1)
})

test('a told state and value must fit each other', () => {
  const study = randomStudy()
  const trial = study.ask()
  assert.throws(() => study.tell(trial, Number.NaN, { state: 'COMPLETE' }), { code: 'STUDY_STATE_INVALID' })
  assert.throws(() => study.tell(trial, 1, { state: 'FAIL' }), { code: 'STUDY_STATE_INVALID' })
  assert.equal(study.tell(trial, null, { state: 'PRUNED' }).value, null)
})

test('an enqueued trial takes its values first and samples the rest', async () => {
  const study = randomStudy()
  study.enqueueTrial({ x: 0.5 })
  study.enqueueTrial({ x: 0.5 }, { skipIfExists: true })
  await study.optimize((trial) => trial.suggestFloat('x', -1, 1) + trial.suggestFloat('y', 0, 1), {
    nTrials: 2,
  })
  assert.equal(study.trials.length, 2)
  assert.equal(study.trials[0]!.params['x'], 0.5)
  assert.notEqual(study.trials[1]!.params['x'], 0.5)
})

test('an enqueued value outside the range fails its trial by name', async () => {
  const study = randomStudy()
  study.enqueueTrial({ x: 9 })
  await assert.rejects(study.optimize(parabola, { nTrials: 1 }), {
    code: 'PARAM_INVALID',
    message: 'Parameter "x" must be a number in [-1, 1], got 9',
  })
  assert.deepEqual(statesOf(study.trials), ['FAIL'])
})

test('a trial run elsewhere counts like any other', async () => {
  const study = randomStudy()
  const distributions = { x: floatDistribution({ name: 'x', low: -1, high: 1 }) }
  study.addTrial({ params: { x: 0.25 }, distributions, value: 0 })
  await study.optimize(parabola, { nTrials: 5 })
  assert.equal(study.bestTrial.number, 0)
  const refused = { code: 'STUDY_STATE_INVALID' }
  assert.throws(() => study.addTrial({ params: { x: 0 }, distributions }), refused)
  assert.throws(() => study.addTrial({ params: { x: 2 }, distributions, value: 1 }), refused)
  assert.throws(() => study.addTrial({ params: { x: 0 }, distributions: {}, value: 1 }), refused)
})

test('an ended trial is frozen', () => {
  const study = randomStudy()
  const trial = study.ask()
  study.tell(trial, 1)
  assert.ok(Object.isFrozen(study.trials[0]) && Object.isFrozen(study.trials[0]!.params))
  assert.throws(() => trial.report(1, 0), { code: 'STUDY_STATE_INVALID' })
  assert.throws(() => trial.suggestFloat('x', 0, 1), { code: 'STUDY_STATE_INVALID' })
})

test('an unknown direction is refused', () => {
  // @ts-expect-error a caller without types
  assert.throws(() => createStudy({ direction: 'up' }), { code: 'PARAM_INVALID' })
})

test('a trial whose values are all enqueued takes nothing from the sampler', () => {
  const study = createStudy({ sampler: new TPESampler({ seed: 1, nStartupTrials: 1 }) })
  const twin = createStudy({ sampler: new TPESampler({ seed: 1, nStartupTrials: 1 }) })
  for (const either of [study, twin]) {
    for (const x of [0.1, 0.2]) either.addTrial({ ...at(x), value: x })
  }
  study.enqueueTrial({ x: 0.3 })
  const enqueued = study.ask()
  enqueued.suggestFloat('x', -1, 1)
  study.tell(enqueued, 3)
  twin.addTrial({ ...at(0.3), value: 3 })
  assert.equal(study.ask().suggestFloat('x', -1, 1), twin.ask().suggestFloat('x', -1, 1))
})
