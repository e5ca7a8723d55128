// Golden values: Optuna 5.0.0's RegretBoundEvaluator, made by test/fixtures/tuning/make_terminator.py with
// Optuna's own climb in place of its best of 2,048 points. Its fit stops early, hence the tolerance.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import {
  categoricalDistribution,
  createStudy,
  crossValidationError,
  floatDistribution,
  GPSampler,
  improvementBound,
  intDistribution,
  isFurtherGainUnlikely,
  NopPruner,
  type Params,
  type Trial,
} from '../index.ts'

const golden: {
  bounds: {
    objective: 'bowl' | 'mixed'
    direction: 'minimize' | 'maximize'
    trials: { params: Params; value: number }[]
    bound: number
  }[]
  errors: { scores: number[]; error: number }[]
} = JSON.parse(readFileSync('test/fixtures/tuning/terminator.json', 'utf8'))

const SPACES = {
  bowl: {
    x: floatDistribution({ name: 'x', low: -5, high: 5 }),
    y: floatDistribution({ name: 'y', low: -5, high: 5 }),
  },
  mixed: {
    rate: floatDistribution({ name: 'rate', low: 1e-4, high: 1, log: true }),
    depth: intDistribution({ name: 'depth', low: 2, high: 12 }),
    kind: categoricalDistribution({ name: 'kind', choices: ['a', 'b', 'c'] }),
  },
}

const bowl = (trial: Trial) =>
  (trial.suggestFloat('x', -5, 5) - 1) ** 2 + 2 * (trial.suggestFloat('y', -5, 5) + 2) ** 2

async function runBowl(nTrials: number) {
  const study = createStudy({ sampler: new GPSampler({ seed: 1 }), pruner: new NopPruner() })
  await study.optimize(bowl, { nTrials })
  return study
}

test('the bound is Optuna’s', () => {
  for (const { objective, direction, trials, bound } of golden.bounds) {
    const study = createStudy({ direction })
    for (const trial of trials) study.addTrial({ ...trial, distributions: SPACES[objective] })
    const ratio = improvementBound(study) / bound
    assert.ok(Math.abs(ratio - 1) < 0.02, `${objective}, ${trials.length} trials: ${ratio} of ${bound}`)
  }
})

test('the error of a cross-validation is Optuna’s', () => {
  for (const { scores, error } of golden.errors) {
    assert.ok(Math.abs(crossValidationError(scores) - error) < 1e-15)
  }
  assert.equal(crossValidationError([0.5]), 0)
})

test('the bound shrinks below the error as a study comes to its end, and not before', async () => {
  const early = await runBowl(20)
  assert.equal(isFurtherGainUnlikely(early, { error: 0.01 }), false)
  const late = await runBowl(45)
  assert.ok(improvementBound(late) < improvementBound(early))
  assert.equal(isFurtherGainUnlikely(late, { error: 0.5 }), true)
  assert.equal(isFurtherGainUnlikely(late, { error: 0 }), false)
})

test('without an error a hundredth of the best value counts', async () => {
  const study = createStudy({ sampler: new GPSampler({ seed: 1 }), pruner: new NopPruner() })
  await study.optimize((trial) => 1000 + bowl(trial), { nTrials: 40 })
  assert.equal(isFurtherGainUnlikely(study), true)
  assert.equal(isFurtherGainUnlikely(await runBowl(40)), false)
})

test('nothing is said before 20 trials, and where they share nothing', async () => {
  assert.equal(improvementBound(await runBowl(19)), Number.POSITIVE_INFINITY)
  const study = createStudy()
  await study.optimize((trial) => trial.suggestInt(`n${trial.number % 2}`, 0, 3), { nTrials: 22 })
  assert.equal(improvementBound(study), Number.POSITIVE_INFINITY)
  assert.equal(isFurtherGainUnlikely(study, { error: 1e9 }), false)
})

test('infinite and equal values give a bound too', () => {
  const study = createStudy()
  for (let i = 0; i < 24; i++) {
    const params = { x: (i % 5) - 2, y: (i % 7) - 3 }
    study.addTrial({ params, distributions: SPACES.bowl, value: i === 3 ? Number.POSITIVE_INFINITY : 1 })
  }
  assert.ok(improvementBound(study) < 1e-8)
})
