import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AutoSampler,
  createStudy,
  floatDistribution,
  GPSampler,
  NopPruner,
  type Params,
  type Sampler,
  TPESampler,
  type Trial,
} from '../index.ts'
import { samplerContract } from './sampler.contract.ts'

type Objective = (trial: Trial) => number

async function paramsOf(sampler: Sampler, objective: Objective, nTrials: number): Promise<readonly Params[]> {
  const study = createStudy({ sampler, pruner: new NopPruner() })
  await study.optimize(objective, { nTrials })
  return study.trials.map(({ params }) => params)
}

const numbers: Objective = (trial) => trial.suggestFloat('x', -1, 2) ** 2 + trial.suggestInt('n', 1, 9)
const choices: Objective = (trial) => (trial.suggestCategorical('c', ['a', 'b']) === 'a' ? 0 : numbers(trial))
const conditional: Objective = (trial) =>
  trial.suggestFloat('x', 0, 1) < 0.5 ? trial.suggestFloat('y', 0, 1) : trial.suggestFloat('z', 0, 1)

test('numbers only: the Gaussian process, a single choice notwithstanding', async () => {
  const single: Objective = (trial) => {
    trial.suggestCategorical('only', ['one'])
    return numbers(trial)
  }
  for (const objective of [numbers, single]) {
    const expected = await paramsOf(new GPSampler({ seed: 3 }), objective, 14)
    assert.deepEqual(await paramsOf(new AutoSampler({ seed: 3 }), objective, 14), expected)
  }
})

test('choices and conditions: TPE', async () => {
  for (const objective of [choices, conditional]) {
    const study = createStudy({ sampler: new TPESampler({ seed: 3 }), pruner: new NopPruner() })
    await study.optimize(objective, { nTrials: 30 })
    // the same history, asked of a fresh sampler of each kind
    const next = (sampler: Sampler): number => {
      const other = createStudy({ sampler, pruner: new NopPruner() })
      for (const trial of study.trials) other.addTrial({ ...trial, state: 'COMPLETE' })
      return objective(other.ask())
    }
    assert.equal(next(new AutoSampler({ seed: 3 })), next(new TPESampler({ seed: 3 })))
  }
})

test('from 250 completed trials on: TPE', () => {
  const next = (count: number, sampler: Sampler): number => {
    const study = createStudy({ sampler })
    const distributions = { x: floatDistribution({ name: 'x', low: 0, high: 1 }) }
    for (let i = 0; i < count; i++) {
      const x = (i * 0.618) % 1
      study.addTrial({ params: { x }, distributions, value: (x - 0.3) ** 2 })
    }
    return study.ask().suggestFloat('x', 0, 1)
  }
  assert.equal(next(249, new AutoSampler()), next(249, new GPSampler()))
  assert.equal(next(250, new AutoSampler()), next(250, new TPESampler()))
  assert.notEqual(next(250, new AutoSampler()), next(250, new GPSampler()))
})

test('failed trials with half of their parameters change nothing', async () => {
  const failing: Objective = (trial) => {
    const x = trial.suggestFloat('x', -1, 2)
    return trial.number === 4 ? Number.NaN : x ** 2 + trial.suggestInt('n', 1, 9)
  }
  const expected = await paramsOf(new GPSampler({ seed: 3 }), failing, 14)
  assert.deepEqual(await paramsOf(new AutoSampler({ seed: 3 }), failing, 14), expected)
})

test('refuses a seed that cannot be', () => {
  assert.throws(() => new AutoSampler({ seed: 0.5 }), { code: 'PARAM_INVALID' })
})

samplerContract('AutoSampler', () => new AutoSampler({ seed: 0 }))
