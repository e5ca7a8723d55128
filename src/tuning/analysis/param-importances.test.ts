import assert from 'node:assert/strict'
import test from 'node:test'
import { createStudy, getParamImportances, type ParamImportancesOptions, RandomSampler } from '../index.ts'
import { floatDistribution, intDistribution } from '../study/distribution.ts'
import { type GoldenStudy, readGolden, studyOf, trialOf } from './golden-study.fixture.ts'
import { pearsonDivergence } from './pearson-divergence.ts'

interface Case extends GoldenStudy {
  readonly cases: readonly {
    readonly options: ParamImportancesOptions
    readonly normalized: Readonly<Record<string, number>>
    readonly raw: Readonly<Record<string, number>>
  }[]
}

const golden = readGolden<Case>('analysis-importances')

function assertClose(
  got: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): void {
  assert.deepEqual(Object.keys(got).sort(), Object.keys(expected).sort())
  for (const [name, value] of Object.entries(got)) {
    assert.ok(Math.abs(value - expected[name]!) < 1e-10, `${name}: ${value}, Optuna ${expected[name]}`)
  }
}

test('gives what Optuna gives, for every kind of space and number of trials', () => {
  let compared = 0
  for (const item of golden) {
    const study = studyOf(item)
    for (const { options, normalized, raw } of item.cases) {
      assertClose(getParamImportances(study, options), normalized)
      assertClose(getParamImportances(study, { ...options, normalize: false }), raw)
      compared += Object.keys(raw).length
    }
  }
  assert.ok(compared > 200)
})

test('puts the largest first and equal ones in the order of their names', () => {
  for (const item of golden) {
    const entries = Object.entries(getParamImportances(studyOf(item)))
    const sorted = entries.toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    assert.deepEqual(entries, sorted)
  }
})

test('takes only the wanted parameters, and refuses one that no completed trial has', async () => {
  const study = createStudy({ sampler: new RandomSampler({ seed: 3 }) })
  await study.optimize((trial) => trial.suggestFloat('x', 0, 1) + trial.suggestInt('n', 0, 5), {
    nTrials: 20,
  })
  assert.deepEqual(getParamImportances(study, { params: ['n'] }), { n: 1 })
  assert.throws(() => getParamImportances(study, { params: ['m'] }), { code: 'PARAM_UNKNOWN' })
  assert.throws(() => getParamImportances(study, { targetQuantile: 0.5, regionQuantile: 0.5 }), {
    code: 'PARAM_INVALID',
  })
})

test('has nothing to say about a study without completed trials', () => {
  assert.deepEqual(getParamImportances(createStudy()), {})
})

test('a value midway between two cells counts in the lower one', () => {
  const cellsOfTwo = intDistribution({ name: 'n', low: 0, high: 98 })
  const divergence = (value: number) => pearsonDivergence(cellsOfTwo, [value], null)
  assert.equal(divergence(1), divergence(0))
  assert.notEqual(divergence(1), divergence(2))
})

test('a range that one trial alone has says nothing', () => {
  const narrow = floatDistribution({ name: 'x', low: 0, high: 1 })
  const wide = floatDistribution({ name: 'x', low: 0, high: 2 })
  const trials = [0, 1, 2, 3].map((value) =>
    trialOf({ number: value, value, params: { x: 0.5 }, distributions: { x: value === 0 ? wide : narrow } }),
  )
  const study = { direction: 'minimize', studyName: 's', trials } as const
  assert.deepEqual(getParamImportances(study, { normalize: false, evaluateOnLocal: false }), { x: 0 })
})
