import assert from 'node:assert/strict'
import test from 'node:test'
import {
  createStudy,
  NopPruner,
  type Params,
  RandomSampler,
  type Sampler,
  TPESampler,
  type Trial,
} from '../index.ts'
import { samplerContract } from './sampler.contract.ts'
import { TEST_FUNCTIONS } from './test-functions.fixture.ts'

const { sphere10: sphere, xgb7 } = TEST_FUNCTIONS

type Objective = (trial: Trial) => number

async function run(sampler: Sampler, objective: Objective, nTrials: number) {
  const study = createStudy({ sampler, pruner: new NopPruner() })
  await study.optimize(objective, { nTrials })
  return study
}

const mixed: Objective = (trial) => {
  const tree = trial.suggestCategorical('tree', ['a', 'b', 'c'])
  const branch = tree === 'a' ? trial.suggestFloat('only_a', 0, 1) : trial.suggestInt('not_a', 1, 9)
  return branch + trial.suggestFloat('grid', 0, 1, { step: 0.1 }) + (tree === 'a' ? 0 : 1)
}

/** The best values of 20 seeds, seed by seed. */
async function bestValues(make: (seed: number) => Sampler, objective: Objective): Promise<number[]> {
  const best: number[] = []
  for (let seed = 0; seed < 20; seed++) best.push((await run(make(seed), objective, 50)).bestValue)
  return best
}

for (const [name, objective] of Object.entries({ sphere, xgb7 })) {
  test(`beats random at 50 trials over 20 seeds: ${name}`, async () => {
    const tpe = await bestValues((seed) => new TPESampler({ seed }), objective)
    const random = await bestValues((seed) => new RandomSampler({ seed }), objective)
    const differences = random.map((value, seed) => value - tpe[seed]!)
    const mean = differences.reduce((a, b) => a + b) / 20
    const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / 19
    // paired t with 19 degrees of freedom: 3.88 is the one-sided point of 0.05 %
    assert.ok(mean / Math.sqrt(variance / 20) > 3.88, `${mean} ± ${Math.sqrt(variance)}`)
  })
}

test('the same seed and the same results give the same trials', async () => {
  const paramsOf = async (seed: number): Promise<readonly Params[]> =>
    (await run(new TPESampler({ seed }), mixed, 30)).trials.map((trial) => trial.params)
  assert.deepEqual(await paramsOf(4), await paramsOf(4))
  assert.notDeepEqual(await paramsOf(4), await paramsOf(5))
})

test('each further worker of a study draws other values, at random and later', async () => {
  const worker = async (stream: number): Promise<readonly Params[]> => {
    const sampler = new TPESampler({ seed: 4 })
    sampler.reseed(stream)
    return (await run(sampler, mixed, 12)).trials.map((trial) => trial.params)
  }
  const [second, third] = [await worker(2), await worker(3)]
  assert.notDeepEqual(second[0], third[0])
  assert.notDeepEqual(second[11], third[11])
})

test('the first trials are the random sampler’s', async () => {
  const tpe = await run(new TPESampler({ seed: 9, nStartupTrials: 12 }), sphere, 13)
  const random = await run(new RandomSampler({ seed: 9 }), sphere, 13)
  assert.deepEqual(
    tpe.trials.slice(0, 12).map((trial) => trial.params),
    random.trials.slice(0, 12).map((trial) => trial.params),
  )
  assert.notDeepEqual(tpe.trials[12]!.params, random.trials[12]!.params)
})

test('finds its way through a conditional space, together and one by one', async () => {
  for (const multivariate of [true, false]) {
    const study = await run(new TPESampler({ seed: 2, multivariate }), mixed, 60)
    assert.equal(study.bestParams['tree'], 'a')
    assert.ok(study.bestValue < 0.6, `${study.bestValue}`)
  }
})

test('trials that run side by side are given different points', async () => {
  const study = await run(new TPESampler({ seed: 1 }), sphere, 20)
  const running = Array.from({ length: 5 }, () => study.ask())
  const planned = running.map((trial) => trial.suggestFloat('x0', -5, 5))
  assert.equal(new Set(planned).size, 5)
})

test('a running trial counts with what it has suggested and with what is planned for it', async () => {
  const next = async (others: number): Promise<number> => {
    const objective: Objective = (trial) => trial.suggestFloat('x', 0, 1) + trial.suggestFloat('y', 0, 1)
    const study = await run(new TPESampler({ seed: 1 }), objective, 15)
    for (let i = 0; i < others; i++) study.ask().suggestFloat('x', 0, 1)
    assert.equal(Object.keys(study.trials.at(-1)!.planned).length, others > 0 ? 2 : 0)
    const [trial, seed] = [study.ask(), new TPESampler({ seed: 2 })]
    return seed.sampleRelative({ study, trial: study.trials[trial.number]! })['y'] as number
  }
  assert.notEqual(await next(3), await next(0))
})

samplerContract('TPESampler', () => new TPESampler({ seed: 0 }))

test('refuses counts that cannot be', () => {
  assert.throws(() => new TPESampler({ nEiCandidates: 0 }), { code: 'PARAM_INVALID' })
  assert.throws(() => new TPESampler({ nStartupTrials: 1.5 }), { code: 'PARAM_INVALID' })
  assert.throws(() => new TPESampler({ group: true, multivariate: false }), { code: 'PARAM_INVALID' })
})
