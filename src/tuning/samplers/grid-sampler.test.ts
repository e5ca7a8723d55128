// Golden orders: Optuna 5.0.0, GridSampler({"a": [1, 2, 3], "b": ["x", "y"]}, seed=seed), trials 0 to 5.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createStudy, NopPruner, type Trial } from '../index.ts'
import { GridSampler } from './grid-sampler.ts'

const grid = { b: ['x', 'y'], a: [1, 2, 3] }
const objective = (trial: Trial): number =>
  trial.suggestInt('a', 0, 9) + (trial.suggestCategorical('b', ['x', 'y']) === 'x' ? 0 : 10)
const studyOf = (seed: number) =>
  createStudy({ sampler: new GridSampler(grid, { seed }), pruner: new NopPruner() })

for (const [seed, expected] of [
  [0, ['3y', '2x', '1y', '2y', '1x', '3x']],
  [7, ['2y', '3y', '1x', '2x', '1y', '3x']],
] as const) {
  test(`tries every combination once in Optuna's order and stops, seed ${seed}`, async () => {
    const study = studyOf(seed)
    await study.optimize(objective)
    assert.deepEqual(
      study.trials.map(({ params }) => `${params['a']}${params['b']}`),
      expected,
    )
  })
}

test('a failed trial counts as tried, an enqueued one does not', async () => {
  const study = studyOf(0)
  study.enqueueTrial({ a: 3, b: 'y' })
  await study.optimize((trial) => (trial.number === 2 ? Number.NaN : objective(trial)))
  assert.equal(study.trials.length, 7)
  assert.equal(new Set(study.trials.slice(1).map(({ params }) => JSON.stringify(params))).size, 6)
})

test('workers beyond the grid repeat what nobody has finished', () => {
  const study = studyOf(0)
  const running = Array.from({ length: 6 }, () => study.ask())
  for (const trial of running) objective(trial)
  for (const trial of running.slice(1)) study.tell(trial, 1)
  const repeated = study.ask()
  objective(repeated)
  assert.deepEqual(repeated.params, running[0]!.params)
})

test('trials of another sampler do not count as tried', async () => {
  const study = studyOf(0)
  const random = createStudy({ pruner: new NopPruner() })
  const trial = random.ask()
  trial.suggestFloat('a', 0, 1)
  const { params, distributions, value } = random.tell(trial, 1)
  study.addTrial({ params: { c: params['a']! }, distributions: { c: distributions['a']! }, value })
  await study.optimize(objective)
  assert.equal(study.trials.length, 7)
  assert.equal(new Set(study.trials.slice(1).map(({ params }) => JSON.stringify(params))).size, 6)
})

test('what the grid cannot give is refused by name', async () => {
  const fails = (run: (trial: Trial) => unknown, message: RegExp) => {
    const study = studyOf(0)
    return assert.throws(() => run(study.ask()), { code: 'PARAM_INVALID', message })
  }
  fails((trial) => trial.suggestFloat('c', 0, 1), /"searchSpace" must be given values for c/)
  fails((trial) => trial.suggestInt('a', 10, 20), /"a" must be .*\[10, 20\]/)
  const study = studyOf(0)
  study.enqueueTrial({ a: 1 })
  assert.throws(() => objective(study.ask()), { code: 'PARAM_INVALID', message: /"b" must be given/ })
  assert.throws(() => new GridSampler({ a: [] }), { code: 'PARAM_INVALID' })
  assert.throws(() => new GridSampler({ a: [1, 1] }), { code: 'PARAM_INVALID' })
})
