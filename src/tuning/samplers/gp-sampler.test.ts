import assert from 'node:assert/strict'
import test from 'node:test'
import {
  createStudy,
  GPSampler,
  NopPruner,
  type Params,
  RandomSampler,
  type Sampler,
  TPESampler,
  type Trial,
} from '../index.ts'
import { samplerContract } from './sampler.contract.ts'

type Objective = (trial: Trial) => number

async function run(sampler: Sampler, objective: Objective, nTrials: number, direction?: 'maximize') {
  const study = createStudy({ sampler, pruner: new NopPruner(), ...(direction && { direction }) })
  await study.optimize(objective, { nTrials })
  return study
}

/** A bowl whose bottom is nowhere special, in five coordinates of different kinds and importance. */
const bowl: Objective = (trial) => {
  const rate = Math.log10(trial.suggestFloat('rate', 1e-4, 1, { log: true })) + 1.3
  const depth = (trial.suggestInt('depth', 2, 12) - 9) / 5
  const trees = Math.log2(trial.suggestInt('trees', 10, 3000, { log: true }) / 700)
  const share = (trial.suggestFloat('share', 0, 1, { step: 0.05 }) - 0.15) * 2
  const idle = trial.suggestFloat('idle', -1, 1)
  return rate ** 2 + depth ** 2 + trees ** 2 + share ** 2 + rate * trees + 0.01 * idle
}

const choices: Objective = (trial) => {
  const kind = trial.suggestCategorical('kind', ['a', 'b', 'c', null])
  const x = trial.suggestFloat('x', -3, 3)
  return (x - 1) ** 2 + (kind === 'c' ? 0 : 1)
}

const paramsOf = async (
  sampler: Sampler,
  objective: Objective,
  nTrials: number,
): Promise<readonly Params[]> => (await run(sampler, objective, nTrials)).trials.map(({ params }) => params)

test('at 40 trials it is far ahead of TPE, which knows no directions, over 10 seeds', async () => {
  const differences: number[] = []
  for (let seed = 0; seed < 10; seed++) {
    const gp = (await run(new GPSampler({ seed }), bowl, 40)).bestValue
    differences.push((await run(new TPESampler({ seed }), bowl, 40)).bestValue - gp)
  }
  const mean = differences.reduce((a, b) => a + b) / 10
  const deviation = Math.sqrt(differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / 9)
  // paired t with 9 degrees of freedom: 2.82 is the one-sided point of 1 %
  assert.ok(mean / (deviation / Math.sqrt(10)) > 2.82, `${differences}`)
})

test('it finds the choice and the number, upwards and downwards', async () => {
  for (const sampler of [
    new GPSampler({ seed: 1 }),
    new GPSampler({ seed: 1, deterministicObjective: true }),
  ]) {
    const study = await run(sampler, choices, 30)
    assert.equal(study.bestParams['kind'], 'c')
    assert.ok(study.bestValue < 1e-3, `${study.bestValue}`)
  }
  const upwards = await run(new GPSampler({ seed: 1 }), (trial) => -choices(trial), 30, 'maximize')
  assert.ok(upwards.bestValue > -1e-3, `${upwards.bestValue}`)
})

test('the same seed gives the same trials, another seed others', async () => {
  const first = await paramsOf(new GPSampler({ seed: 4 }), bowl, 16)
  assert.deepEqual(await paramsOf(new GPSampler({ seed: 4 }), bowl, 16), first)
  assert.notDeepEqual(await paramsOf(new GPSampler({ seed: 5 }), bowl, 16), first)
})

test('a worker with a stream of its own proposes other points', async () => {
  const reseeded = new GPSampler({ seed: 4 })
  reseeded.reseed(2)
  assert.notDeepEqual(
    await paramsOf(reseeded, bowl, 12),
    await paramsOf(new GPSampler({ seed: 4 }), bowl, 12),
  )
})

test('the first trials are the random sampler’s', async () => {
  const gp = await paramsOf(new GPSampler({ seed: 9, nStartupTrials: 12 }), bowl, 13)
  const random = await paramsOf(new RandomSampler({ seed: 9 }), bowl, 13)
  assert.deepEqual(gp.slice(0, 12), random.slice(0, 12))
  assert.notDeepEqual(gp[12], random[12])
})

test('trials that run side by side are kept apart', async () => {
  const study = await run(new GPSampler({ seed: 1 }), bowl, 20)
  const rates = Array.from({ length: 4 }, () => {
    const trial = study.ask()
    trial.suggestFloat('rate', 1e-4, 1, { log: true })
    return trial.params['rate']
  })
  const planned = study.trials.slice(-4).map((trial) => JSON.stringify(trial.planned))
  assert.equal(new Set(planned).size, 4)
  assert.ok(rates.every((rate) => typeof rate === 'number'))
})

samplerContract('GPSampler', () => new GPSampler({ seed: 0 }))

test('a parameter that only some trials have is sampled alone', async () => {
  const conditional: Objective = (trial) => {
    const x = trial.suggestFloat('x', 0, 1)
    return x < 0.5 ? x + trial.suggestFloat('low', 0, 1) : trial.suggestInt('high', 1, 9)
  }
  const study = await run(new GPSampler({ seed: 2 }), conditional, 25)
  assert.ok(study.bestValue < 0.5, `${study.bestValue}`)
})

test('a space of nothing but one point is left alone', async () => {
  const study = await run(new GPSampler(), (trial) => trial.suggestInt('n', 3, 3), 12)
  assert.equal(study.bestValue, 3)
})

test('refuses counts and seeds that cannot be', () => {
  assert.throws(() => new GPSampler({ nStartupTrials: 0 }), { code: 'PARAM_INVALID' })
  assert.throws(() => new GPSampler({ seed: -1 }), { code: 'PARAM_INVALID' })
})
