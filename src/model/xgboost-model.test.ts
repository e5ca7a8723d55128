// Golden files: models, rows, margins and get_score of XGBoost 3.2.0, 2.1.4 and 1.7.6 (test/fixtures/model/make.py).
// Margins and scores must be equal to the last bit. Probabilities may differ by 1 ulp of float32 (6e-8 below 1):
// XGBoost's expf is not always rounded correctly.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import { failsWith, floatsOfBase64, randomRows, readFixture, readJsonFixture } from './data.fixture.ts'
import type { ImportanceKind } from './importance.ts'
import { trainBooster } from './train-booster.ts'
import { loadXgboostModel, saveXgboostModel } from './xgboost-model.ts'

const VERSIONS = ['3.2.0', '2.1.4', '1.7.6']

interface Expected {
  readonly rows: string
  readonly columnCount: number
  readonly bestIteration: number | null
  readonly margins: string
  readonly probabilities: string
  readonly scores: Readonly<Record<ImportanceKind, Readonly<Record<string, number>>>>
}

function rowsOf(expected: Expected) {
  const values = floatsOfBase64(expected.rows)
  const { columnCount } = expected
  return { rowCount: values.length / columnCount, columnCount, values }
}

for (const version of VERSIONS) {
  const expected = readJsonFixture<Expected>(`expected-${version}.json`)
  const booster = loadXgboostModel(readFixture(`xgboost-${version}.json`))

  test(`computes the margins of XGBoost ${version} from its file, bit for bit`, () => {
    assert.deepEqual(booster.predictMargin(rowsOf(expected)), floatsOfBase64(expected.margins))
    const theirs = floatsOfBase64(expected.probabilities)
    const ours = booster.predict(rowsOf(expected))
    ours.forEach((probability, row) => {
      assert.ok(Math.abs(probability - theirs[row]) <= 6e-8)
    })
    if (expected.bestIteration !== null) assert.equal(booster.bestIteration, expected.bestIteration)
  })

  test(`equals get_score of XGBoost ${version} in all kinds`, () => {
    for (const [kind, scores] of Object.entries(expected.scores)) {
      assert.deepEqual(booster.importance(kind as ImportanceKind), scores)
    }
  })

  test(`writes the model of XGBoost ${version} so that it reads back the same`, () => {
    const bytes = saveXgboostModel(booster, 'json')
    const again = loadXgboostModel(bytes)
    assert.deepEqual(again, booster)
    assert.deepEqual(again.predictMargin(rowsOf(expected)), floatsOfBase64(expected.margins))
    assert.deepEqual(saveXgboostModel(again, 'json'), bytes)
  })
}

test('writes and reads our own models, names and best iteration included', () => {
  const { x, y } = randomRows(createRandom(1), { rows: 300, columns: 3, missing: 0.1 })
  const featureNames = ['amount', 'ä "quoted"', '__proto__']
  const booster = trainBooster(
    { nEstimators: 30, earlyStoppingRounds: 2, evalMetric: 'auc' },
    { x, y, featureNames, evalSets: [{ name: 'same', x, y }] },
  )
  const again = loadXgboostModel(saveXgboostModel(booster, 'json'))
  assert.deepEqual(again.predict(x), booster.predict(x))
  assert.deepEqual(again.trees, booster.trees)
  assert.deepEqual(again.featureNames, featureNames)
  assert.deepEqual(again.featureTypes, ['float', 'float', 'float'])
  assert.equal(again.bestIteration, booster.bestIteration)
  assert.equal(again.bestScore, booster.bestScore)
  assert.deepEqual(again.importance('weight'), booster.importance('weight'))
})

test('leaves out made-up names and makes them up again', () => {
  const { x, y } = randomRows(createRandom(2), { rows: 50, columns: 2 })
  const bytes = saveXgboostModel(trainBooster({ nEstimators: 2 }, { x, y }), 'json')
  assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes)).learner.feature_names, [])
  assert.deepEqual(loadXgboostModel(bytes).featureNames, ['f0', 'f1'])
})

// biome-ignore lint/suspicious/noExplicitAny: the tests damage the parsed file at will
type Damage = (model: any) => void

function damaged(damage: Damage): Uint8Array {
  const model = readJsonFixture<unknown>('xgboost-3.2.0.json')
  damage(model)
  return new TextEncoder().encode(JSON.stringify(model))
}

// biome-ignore lint/suspicious/noExplicitAny: as above
const forestOf = (model: any) => model.learner.gradient_booster.model

test('refuses by name what it does not implement', () => {
  const cases: [Damage, string][] = [
    [(m) => (m.learner.objective.name = 'multi:softprob'), 'got multi:softprob'],
    [(m) => (m.learner.objective.name = 'reg:logistic'), 'got reg:logistic'],
    [(m) => (m.learner.gradient_booster.name = 'gblinear'), 'got gblinear'],
    [(m) => (m.learner.learner_model_param.num_class = '3'), 'got 3'],
    [(m) => (m.learner.learner_model_param.num_target = '2'), 'got 2'],
    [(m) => (m.version = [4, 0, 0]), 'got 4'],
    [(m) => (forestOf(m).trees[0].tree_param.size_leaf_vector = '3'), 'got 3'],
  ]
  for (const [damage, text] of cases) {
    assert.throws(() => loadXgboostModel(damaged(damage)), failsWith('MODEL_UNSUPPORTED', text), text)
  }
  const booster = loadXgboostModel(readFixture('xgboost-3.2.0.json'))
  assert.throws(() => saveXgboostModel(booster, 'onnx' as 'json'), failsWith('MODEL_UNSUPPORTED', 'onnx'))
})

test('refuses files that contradict themselves and says where', () => {
  const cases: [Damage, string][] = [
    [(m) => (forestOf(m).trees[0].left_children[1] = 0), 'node 0 must have one parent'],
    [(m) => (forestOf(m).trees[0].right_children[0] = 1), 'node 1 must have one parent'],
    [(m) => (forestOf(m).trees[2].left_children[0] = 9999), 'got 9999'],
    [(m) => (forestOf(m).trees[2].left_children[0] = -1), 'got -1'],
    [(m) => (forestOf(m).trees[2].left_children[0] = -2), 'integer from -1 up'],
    [(m) => (forestOf(m).trees[2].left_children[0] = 1.5), 'integer'],
    [(m) => (forestOf(m).trees[0].split_indices[0] = 6), 'one of 6 features, got 6'],
    [(m) => (forestOf(m).trees[0].split_indices[0] = -1), 'got -1'],
    [(m) => forestOf(m).trees[0].split_conditions.pop(), 'split_conditions must have'],
    [(m) => forestOf(m).trees[0].base_weights.push(1), 'base_weights must have'],
    [(m) => (forestOf(m).trees[0].split_conditions[0] = null), 'finite float32, got NaN'],
    [(m) => (forestOf(m).trees[0].split_conditions[0] = 'NaN'), 'finite float32'],
    [(m) => (forestOf(m).trees[0].split_conditions[0] = 1e39), 'finite float32'],
    [(m) => (forestOf(m).trees[0].tree_param.num_nodes = '-3'), 'must be a count'],
    [(m) => (forestOf(m).trees[0].tree_param.num_nodes = '0'), 'at least one node'],
    [(m) => (forestOf(m).trees[0].tree_param.num_nodes = '999999999999'), 'items'],
    [(m) => (forestOf(m).trees[3] = null), 'trees[3] must be an object'],
    [(m) => (forestOf(m).gbtree_model_param.num_trees = '-1'), 'num_trees must be a count'],
    [(m) => (forestOf(m).gbtree_model_param.num_trees = '13'), 'num_trees must be the 12'],
    [(m) => (forestOf(m).tree_info[4] = 1), 'tree_info'],
    [(m) => (m.learner.learner_model_param.base_score = '[5E-1,2E-1]'), 'base_score'],
    [(m) => (m.learner.learner_model_param.base_score = 'NaN'), 'base_score'],
    [(m) => (m.learner.learner_model_param.base_score = '7'), 'base_score'],
    [(m) => (m.learner.learner_model_param.num_feature = '7'), 'feature_names must be num_feature = 7'],
    [(m) => (m.learner.feature_names = 'abc'), 'feature_names must be a list'],
    [(m) => (m.learner.attributes.best_iteration = '99'), 'best_iteration must be below 12'],
    [(m) => (m.learner.attributes.best_iteration = 3), 'must be a text'],
    [(m) => delete m.learner.gradient_booster.model, 'gradient_booster.model must be an object'],
    [(m) => delete m.version, 'version must be a list'],
    [(m) => delete m.learner, 'learner must be an object'],
  ]
  for (const [damage, text] of cases) {
    assert.throws(() => loadXgboostModel(damaged(damage)), failsWith('MODEL_FILE_INVALID', text), text)
  }
})

test('refuses what is not JSON, truncated at any place', () => {
  const whole = readFixture('xgboost-1.7.6.json')
  for (let end = 0; end < whole.length - 1; end += 997) {
    assert.throws(() => loadXgboostModel(whole.subarray(0, end)), failsWith('MODEL_FILE_INVALID', 'JSON'))
  }
  for (const text of ['[]', 'null', '3', '"x"']) {
    assert.throws(() => loadXgboostModel(Buffer.from(text)), failsWith('MODEL_FILE_INVALID', 'an object'))
  }
  assert.throws(() => loadXgboostModel(Uint8Array.of(0xff, 0xfe)), failsWith('MODEL_FILE_INVALID', 'JSON'))
})

test('survives a million brackets, and a hundred thousand nodes in one line', () => {
  const bomb = Buffer.from('['.repeat(1_000_000) + ']'.repeat(1_000_000))
  assert.throws(() => loadXgboostModel(bomb), failsWith('MODEL_FILE_INVALID', 'an object'))
  const count = 100_001
  const deep = damaged((model) => {
    const each = (value: (i: number) => number) => Array.from({ length: count }, (_, i) => value(i))
    // even nodes split: a leaf beside the next split
    const isSplit = (i: number): boolean => i % 2 === 0 && i < count - 1
    Object.assign(forestOf(model).trees[0], {
      left_children: each((i) => (isSplit(i) ? i + 1 : -1)),
      right_children: each((i) => (isSplit(i) ? i + 2 : -1)),
      ...Object.fromEntries(
        [
          'split_indices',
          'split_conditions',
          'default_left',
          'loss_changes',
          'sum_hessian',
          'base_weights',
        ].map((name) => [name, each(() => 0)]),
      ),
      split_type: [],
      tree_param: { num_nodes: String(count) },
    })
  })
  assert.ok(Number.isFinite(loadXgboostModel(deep).predictRow([1, 1, 1, 1, 1, 1])))
})

test('does not let a file reach the prototype of objects', () => {
  const text = new TextDecoder()
    .decode(readFixture('xgboost-3.2.0.json'))
    .replace('"attributes":{', '"__proto__":{"polluted":1},"attributes":{"__proto__":"x","constructor":"y",')
  const booster = loadXgboostModel(new TextEncoder().encode(text))
  assert.equal(Object.getPrototypeOf(booster.attributes), Object.prototype)
  assert.equal('polluted' in {}, false)
})
