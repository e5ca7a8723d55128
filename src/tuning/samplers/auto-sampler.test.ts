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
    const expected = (await paramsOf(new TPESampler({ seed: 3 }), objective, 30)).map(Object.keys)
    const names = (await paramsOf(new AutoSampler({ seed: 3 }), objective, 30)).map(Object.keys)
    assert.equal(names.length, expected.length)
  }
  const study = createStudy({ sampler: new AutoSampler({ seed: 3 }), pruner: new NopPruner() })
  await study.optimize(conditional, { nTrials: 40 })
  assert.ok(study.bestValue < 0.1, `${study.bestValue}`)
})

test('from 250 completed trials on: TPE', () => {
  const planned = (count: number, sampler: Sampler): Params => {
    const study = createStudy({ sampler })
    const distributions = { x: floatDistribution({ name: 'x', low: 0, high: 1 }) }
    for (let i = 0; i < count; i++) {
      const x = (i * 0.618) % 1
      study.addTrial({ params: { x }, distributions, value: (x - 0.3) ** 2 })
    }
    study.ask().suggestFloat('x', 0, 1)
    return study.trials.at(-1)!.planned
  }
  const [auto, gp, tpe] = [AutoSampler, GPSampler, TPESampler].map(
    (Class) => (count: number) => planned(count, new Class()),
  )
  assert.deepEqual(auto!(249), gp!(249))
  assert.deepEqual(auto!(250), tpe!(250))
  assert.notDeepEqual(auto!(250), gp!(250))
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
