// Golden files: models, rows, margins and get_score of XGBoost 3.2.0, 2.1.4 and 1.7.6 (test/fixtures/model/make.py).
// Margins and scores must be equal to the last bit. Probabilities may differ by 1 ulp of float32 (6e-8 below 1):
// XGBoost's expf is not always rounded correctly.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { failsWith, floatsOfBase64, randomRows, readFixture, readJsonFixture } from '../data.fixture.ts'
import type { ImportanceKind } from '../importance.ts'
import { trainBooster } from '../training/train-booster.ts'
import {
  damaged,
  FORMS,
  nameOf,
  REFUSALS,
  readExpected,
  readForm,
  VERSIONS,
} from './xgboost-forms.fixture.ts'
import { loadXgboostModel, MODEL_FORMATS, saveXgboostModel } from './xgboost-model.ts'

interface ExpectedOfModel {
  readonly rows: string
  readonly columnCount: number
  readonly bestIteration: number | null
  readonly margins: string
  readonly probabilities: string
  readonly scores: Readonly<Record<ImportanceKind, Readonly<Record<string, number>>>>
}

function rowsOf(expected: ExpectedOfModel) {
  const values = floatsOfBase64(expected.rows)
  const { columnCount } = expected
  return { rowCount: values.length / columnCount, columnCount, values }
}

for (const version of VERSIONS) {
  const expected = readJsonFixture<ExpectedOfModel>(`expected-${version}.json`)
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

for (const version of VERSIONS) {
  for (const form of FORMS) {
    const expected = readExpected(version, form)

    test(`reads ${nameOf(form)} of XGBoost ${version}: margins and get_score bit for bit, both formats alike`, () => {
      const [json, ubj] = MODEL_FORMATS.map((format) => loadXgboostModel(readForm(version, form, format)))
      for (const booster of [json, ubj]) {
        assert.deepEqual(booster.predictMargin(expected.rows), expected.margins)
        for (const [kind, scores] of Object.entries(expected.scores)) {
          assert.deepEqual(booster.importance(kind as ImportanceKind), scores)
        }
      }
      assert.deepEqual(ubj, json)
      assert.equal(json.attributes['note'], "a 'note', ä")
      assert.equal(json.treeWeights?.length, form.booster === 'dart' ? json.trees.length : undefined)
      assert.equal(
        json.trees.some((tree) => tree.categories !== undefined),
        form.splits === 'categorical',
      )
    })

    test(`writes ${nameOf(form)} of XGBoost ${version} so that it reads back the same`, () => {
      const booster = loadXgboostModel(readForm(version, form, 'ubj'))
      for (const format of MODEL_FORMATS) {
        const bytes = saveXgboostModel(booster, format)
        const again = loadXgboostModel(bytes)
        assert.deepEqual(again, booster)
        assert.deepEqual(saveXgboostModel(again, format), bytes)
        assert.deepEqual(again.predictMargin(expected.rows), expected.margins)
      }
    })
  }
}

test('keeps the names of categories for the file, and refuses numbers that could mean two things', () => {
  const named = { texts: ['shop', 'atm', 'web'], numbers: [0, 1, 2] }
  for (const format of MODEL_FORMATS) {
    for (const [kind, names] of Object.entries(named)) {
      const booster = loadXgboostModel(readFixture(`forms-3.2.0/named-${kind}.${format}`))
      assert.deepEqual(booster.categoryNames, [[], names])
      assert.deepEqual(loadXgboostModel(saveXgboostModel(booster, format)), booster)
    }
    const other = readFixture(`forms-3.2.0/named-other-numbers.${format}`)
    assert.throws(
      () => loadXgboostModel(other),
      failsWith('MODEL_UNSUPPORTED', 'got the whole numbers 10, 20, 30'),
    )
  }
})

test('refuses by name what it does not read or write', () => {
  for (const { what, named, damage } of REFUSALS) {
    assert.throws(() => loadXgboostModel(damaged(damage)), failsWith('MODEL_UNSUPPORTED', named), what)
  }
  const booster = loadXgboostModel(readForm('3.2.0', FORMS[0], 'json'))
  assert.throws(() => saveXgboostModel(booster, 'onnx' as 'json'), failsWith('MODEL_UNSUPPORTED', 'got onnx'))
})

test('reads the base score in both spellings', () => {
  for (const text of ['2.5E-1', '[2.5E-1]', '[0.25]']) {
    const bytes = damaged((m) => (m.learner.learner_model_param.base_score = text))
    assert.equal(loadXgboostModel(bytes).baseScore, 0.25)
  }
})

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
