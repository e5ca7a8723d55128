import assert from 'node:assert/strict'
import test from 'node:test'
import { failsWith } from './data.fixture.ts'
import { FIXED_PARAMS, PARAMS } from './params.ts'
import { completeParams, paramsToXgboost, parseParams } from './parse-params.ts'

test('gives the defaults of XGBoost 3.2 where nothing is given', () => {
  assert.deepEqual(parseParams({}), {
    objective: 'binary:logistic',
    nEstimators: 100,
    maxDepth: 6,
    maxLeaves: 0,
    growPolicy: 'depthwise',
    learningRate: 0.3,
    minChildWeight: 1,
    gamma: 0,
    regLambda: 1,
    regAlpha: 0,
    maxDeltaStep: 0,
    subsample: 1,
    colsampleBytree: 1,
    colsampleBylevel: 1,
    colsampleBynode: 1,
    scalePosWeight: 1,
    maxBin: 256,
    seed: 0,
    evalMetric: 'logloss',
    monotoneConstraints: [],
    nJobs: 0,
  })
})

test('reads every name and every alias', () => {
  for (const [field, spec] of Object.entries(PARAMS)) {
    const value = spec.default ?? (field === 'baseScore' ? 0.5 : 7)
    for (const name of [spec.name, ...(spec.aliases ?? [])]) {
      assert.deepEqual(parseParams({ [name]: value })[field as keyof typeof PARAMS], value, name)
    }
  }
})

test('reads numbers and lists given as text, as from a command line', () => {
  const params = parseParams({
    eta: '0.1',
    max_depth: '4',
    monotone_constraints: '(1, 0,-1)',
    eval_metric: 'auc,logloss',
    base_score: '2e-1',
  })
  assert.equal(params.learningRate, 0.1)
  assert.equal(params.maxDepth, 4)
  assert.deepEqual(params.monotoneConstraints, [1, 0, -1])
  assert.deepEqual(params.evalMetric, ['auc', 'logloss'])
  assert.equal(params.baseScore, 0.2)
})

test('refuses an unknown name and lists the known ones', () => {
  assert.throws(() => parseParams({ max_dept: 3 }), failsWith('PARAM_UNKNOWN', 'max_depth'))
  assert.throws(() => parseParams({ interaction_constraints: [] }), failsWith('PARAM_UNKNOWN', 'interaction'))
  assert.throws(() => parseParams({ __proto__x: 1, toString: 1 }), failsWith('PARAM_UNKNOWN', ''))
  assert.throws(() => completeParams({ depth: 3 } as object), failsWith('PARAM_UNKNOWN', 'depth'))
})

test('refuses values out of range and says the range', () => {
  const wrong: [string, unknown, string][] = [
    ['subsample', 0, 'above 0 and at most 1'],
    ['subsample', 1.01, 'at most 1'],
    ['max_depth', 2.5, 'an integer'],
    ['max_depth', -1, 'at least 0'],
    ['n_estimators', 0, 'at least 1'],
    ['n_estimators', 1e9, 'at most 100000'],
    ['max_bin', 1, 'at least 2'],
    ['max_bin', 70_000, 'at most 65535'],
    ['base_score', 0, 'above 0'],
    ['base_score', 1, 'below 1'],
    ['eta', 'fast', 'a number'],
    ['eta', '', 'a number'],
    ['eta', Number.NaN, 'a number'],
    ['gamma', Infinity, 'a number'],
    ['gamma', true, 'a number'],
    ['eval_metric', 'ndcg', 'auc or aucpr or logloss or error'],
    ['eval_metric', [], 'auc'],
    ['monotone_constraints', '(2)', '-1, 0 or 1'],
    ['monotone_constraints', { amount: 1 }, '-1, 0 or 1'],
    ['grow_policy', 'widthwise', 'depthwise or lossguide'],
  ]
  for (const [name, value, text] of wrong) {
    assert.throws(() => parseParams({ [name]: value }), failsWith('PARAM_INVALID', text), `${name} ${value}`)
  }
})

test('refuses what XGBoost knows and this trainer does not do', () => {
  const wrong: [string, unknown][] = [
    ['objective', 'multi:softprob'],
    ['tree_method', 'exact'],
    ['booster', 'dart'],
    ['device', 'cuda'],
    ['num_parallel_tree', 4],
    ['sampling_method', 'gradient_based'],
  ]
  for (const [name, value] of wrong) {
    assert.throws(() => parseParams({ [name]: value }), failsWith('PARAM_INVALID', name))
  }
})

test('accepts the values of fixed parameters that change nothing', () => {
  for (const [name, values] of Object.entries(FIXED_PARAMS)) {
    for (const value of values) assert.deepEqual(parseParams({ [name]: value }), parseParams({}))
  }
  assert.deepEqual(
    parseParams({ num_parallel_tree: 1, random_state: null, gamma: undefined }),
    parseParams({}),
  )
})

test('refuses one parameter under two names', () => {
  assert.throws(() => parseParams({ eta: 0.1, learning_rate: 0.2 }), failsWith('PARAM_INVALID', 'given once'))
})

test('writes parameters under the names it reads', () => {
  const params = parseParams({
    eta: 0.1,
    monotone_constraints: [1, -1],
    eval_metric: ['auc', 'error'],
    seed: 3,
  })
  const written = paramsToXgboost(params)
  assert.equal(written['monotone_constraints'], '(1,-1)')
  assert.equal(written['eval_metric'], 'auc,error')
  assert.equal('base_score' in written, false)
  assert.deepEqual(parseParams(written), params)
  assert.equal('monotone_constraints' in paramsToXgboost(parseParams({})), false)
})

test('completes parameters given under our own names and checks them', () => {
  assert.deepEqual(completeParams({ maxDepth: 3 }), parseParams({ max_depth: 3 }))
  assert.throws(() => completeParams({ subsample: 2 }), failsWith('PARAM_INVALID', 'subsample'))
})
