// Golden trajectories: Optuna 5.0.0, made by test/fixtures/tuning/make_trajectories.py. Every parameter of every trial
// must agree to a relative 1e-9; the largest difference is 5e-13, near zero in a range of ±5.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { type Case, compare, type Trajectory, trajectoryOf } from './trajectories.fixture.ts'

const cases: (Case & { params: Trajectory })[] = JSON.parse(
  readFileSync('test/fixtures/tuning/trajectories.json', 'utf8'),
)

for (const { params, ...given } of cases) {
  const { function: name, sampler, seed, trials, ...rest } = given
  test(`${trials} trials of ${name} as Optuna's: ${sampler}, seed ${seed} ${JSON.stringify(rest)}`, async () => {
    const { partAt } = compare(await trajectoryOf(given), params)
    assert.equal(partAt, -1)
  })
}
