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

type Objective = (trial: Trial) => number

async function run(sampler: Sampler, objective: Objective, nTrials: number) {
  const study = createStudy({ sampler, pruner: new NopPruner() })
  await study.optimize(objective, { nTrials })
  return study
}

const sphere: Objective = (trial) =>
  Array.from({ length: 10 }, (_, i) => trial.suggestFloat(`x${i}`, -5, 5) ** 2).reduce((a, b) => a + b)

/** Seven XGBoost parameters with a coupling between learning rate and trees; the least value is 0. */
const xgboostLike: Objective = (trial) => {
  const rate = Math.log(trial.suggestFloat('learning_rate', 0.005, 0.3, { log: true }) / 0.05) / Math.log(6)
  const trees = Math.log(trial.suggestInt('n_estimators', 50, 2000, { log: true }) / 600) / Math.log(4)
  const depth = (trial.suggestInt('max_depth', 3, 12) - 7) / 4
  const rows = (trial.suggestFloat('subsample', 0.5, 1) - 0.8) / 0.2
  const columns = (trial.suggestFloat('colsample_bytree', 0.3, 1) - 0.7) / 0.2
  const lambda = Math.log10(trial.suggestFloat('reg_lambda', 1e-3, 100, { log: true })) / 2
  const weight = Math.log10(trial.suggestFloat('min_child_weight', 0.1, 100, { log: true })) - 0.7
  const boosting = rate ** 2 + trees ** 2 + 1.6 * rate * trees + depth ** 2
  return boosting + 0.5 * rows ** 2 + 0.5 * columns ** 2 + lambda ** 2 + weight ** 2 + 0.8 * depth * weight
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

for (const [name, objective] of Object.entries({ sphere, xgboostLike })) {
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

test('failed, pruned, infinite and equal values do not disturb it', async () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 1]
  const study = createStudy({ sampler: new TPESampler({ seed: 0 }) })
  for (let i = 0; i < 60; i++) {
    const trial = study.ask()
    const x = trial.suggestFloat('x', 0, 1)
    assert.ok(x >= 0 && x <= 1)
    if (i % 6 === 5) {
      trial.report(odd[i % 5]!, i)
      study.tell(trial, null, { state: 'PRUNED' })
    } else study.tell(trial, odd[i % 5]!)
  }
})

test('a range that changes between trials is followed', async () => {
  const study = createStudy({ sampler: new TPESampler({ seed: 0 }) })
  for (let i = 0; i < 30; i++) {
    const trial = study.ask()
    const high = i < 20 ? 10 : 2
    const x = trial.suggestFloat('x', 1, high, { log: true })
    assert.ok(x >= 1 && x <= high)
    study.tell(trial, (x - 1.5) ** 2)
  }
})

test('refuses counts that cannot be', () => {
  assert.throws(() => new TPESampler({ nEiCandidates: 0 }), { code: 'PARAM_INVALID' })
  assert.throws(() => new TPESampler({ nStartupTrials: 1.5 }), { code: 'PARAM_INVALID' })
  assert.throws(() => new TPESampler({ group: true, multivariate: false }), { code: 'PARAM_INVALID' })
})
