// Optuna 5.0.0 itself judges the trajectories, with more seeds than the golden files hold.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import {
  type Case,
  compare,
  type Trajectory,
  trajectoryOf,
} from '../../../src/tuning/samplers/trajectories.fixture.ts'
import { progress, pythonOf } from '../python.ts'
import { OPTUNA } from './environments.ts'

const FUNCTIONS = ['branin', 'hartmann6', 'rosenbrock10', 'sphere10', 'ackley5', 'xgb7'] as const

test('30 seeds of six functions, 50 trials each: every parameter of every trial', async () => {
  const cases = FUNCTIONS.flatMap((name) => casesOf(name, { seeds: 30, trials: 50 }))
  assert.deepEqual(await partings(cases), [])
})

test('integers, steps, pruned, odd and moving ranges, trials side by side', async () => {
  const cases = [
    ...(['specification', 'stepped', 'pruned', 'odd', 'dynamic'] as const).flatMap((name) =>
      casesOf(name, { seeds: 6, trials: 60 }),
    ),
    ...casesOf('stepped', { seeds: 4, trials: 60, side_by_side: 4 }),
    ...casesOf('xgb7', { seeds: 4, trials: 60, direction: 'maximize', options: { multivariate: false } }),
    ...casesOf('specification', { seeds: 2, trials: 250 }),
  ]
  assert.deepEqual(await partings(cases), [])
})

// Choices that tie are decided by the last bit of NumPy's exponential function, which depends on the processor.
test('categorical and conditional spaces: no more than a quarter of the trajectories part, at ties', async () => {
  const cases = [
    ...casesOf('choices', { seeds: 10, trials: 60 }),
    ...casesOf('conditional', { seeds: 10, trials: 60 }),
    ...casesOf('conditional', { seeds: 10, trials: 60, options: { group: true } }),
  ]
  const parted = await partings(cases)
  assert.ok(parted.length <= cases.length / 4, parted.join('\n'))
})

function casesOf(
  name: Case['function'],
  given: Omit<Case, 'function' | 'sampler' | 'seed'> & { seeds: number },
): Case[] {
  const { seeds, ...rest } = given
  return Array.from({ length: seeds }, (_, i) => ({
    function: name,
    sampler: 'tpe',
    seed: 1000 + i,
    ...rest,
  }))
}

/** Where trajectories part from Optuna's, in words. */
async function partings(cases: readonly Case[]): Promise<string[]> {
  const theirs = await optunas(cases)
  const parted: string[] = []
  let worst = 0
  for (const [i, given] of cases.entries()) {
    const found = compare(await trajectoryOf(given), theirs[i]!)
    worst = Math.max(worst, found.worst)
    if (found.partAt >= 0) parted.push(`${JSON.stringify(given)} at trial ${found.partAt}`)
  }
  progress(
    `${cases.length} trajectories, ${parted.length} part; elsewhere at most ${worst.toExponential(1)} apart`,
  )
  return parted
}

async function optunas(cases: readonly Case[]): Promise<readonly Trajectory[]> {
  const program = 'test/fixtures/tuning/make_trajectories.py'
  const options = { input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 2 ** 28 } as const
  const { status, stdout, stderr } = spawnSync(await pythonOf(OPTUNA), [program, '-'], options)
  if (status !== 0) throw new Error(`Optuna ended with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}
