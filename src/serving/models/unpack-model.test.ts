// Folders that MLflow's Python client logged (test/fixtures/tracking/make_models.py), and what Python says of them.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { DEFAULT_POLICY } from '../../decision/index.ts'
import { createScorer } from './scorer.ts'
import { unpackModel } from './unpack-model.ts'

interface Expected {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (number | null)[])[]
  readonly margins: readonly number[]
  readonly probabilities: Readonly<Record<string, readonly number[]>>
}

/** By folder: whose probabilities it must give, and the columns that a transaction has. */
const FOLDERS: Readonly<Record<string, readonly [model: string, columns: readonly string[]]>> = {
  'booster-json': ['booster', ['amount', 'hour', 'age']],
  'booster-plain-ubj': ['booster', ['amount', 'hour', 'age']],
  'booster-xgb': ['booster', ['amount', 'hour', 'age']],
  'booster-nameless-ubj': ['booster', ['f0', 'f1', 'f2']],
  'booster-nameless-signature-ubj': ['booster', ['amount', 'hour', 'age']],
  'booster-stopped-json': ['booster-stopped', ['amount', 'hour', 'age']],
  'classifier-ubj': ['classifier', ['amount', 'hour', 'age']],
  'classifier-json': ['classifier', ['amount', 'hour', 'age']],
  'classifier-stopped-ubj': ['classifier-stopped', ['amount', 'hour', 'age']],
}

for (const version of ['3.11.1', '3.17.2']) {
  const root = `test/fixtures/tracking/models-${version}`
  const { rows, margins, probabilities } = JSON.parse(
    readFileSync(`${root}/expected.json`, 'utf8'),
  ) as Expected
  const filesOf = (folder: string) =>
    new Map(readdirSync(`${root}/${folder}`).map((name) => [name, readFileSync(`${root}/${folder}/${name}`)]))

  for (const [folder, [model, columns]] of Object.entries(FOLDERS)) {
    test(`${folder} of MLflow ${version} is served with Python's probabilities`, () => {
      const scorer = createScorer({ name: 'm', version: '1', files: filesOf(folder) })
      const transactions = rows.map((row) => Object.fromEntries(columns.map((name, c) => [name, row[c]!])))
      const scores = scorer.scoreBatch(transactions).map((score) => score.probability)
      const expected = probabilities[model]!
      scores.forEach((score, row) => {
        // XGBoost's exponential and ours may differ in the last digit of a float32
        assert.ok(Math.abs(score - expected[row]!) <= expected[row]! * 2 ** -22, `row ${row}: ${score}`)
      })
      assert.ok(new Set(scores).size > 2, 'the scores must differ')
      assert.deepEqual(scorer.policy, DEFAULT_POLICY)
      assert.deepEqual(
        scorer.inputs,
        columns.map((name) => ({ name, kind: 'number', used: true })),
      )
    })
  }

  test(`a booster of MLflow ${version} gives Python's margins to the last bit`, () => {
    const { booster } = unpackModel(filesOf('booster-json'))
    const x = rows.map((row) => row.map((cell) => cell ?? Number.NaN))
    assert.deepEqual(booster.predictMargin(x), Float32Array.from(margins))
  })

  test(`what MLflow ${version} logged and cannot be served here is refused in one line`, () => {
    const serve = (folder: string) => () => createScorer({ name: 'm', version: '1', files: filesOf(folder) })
    assert.throws(serve('sklearn-pickle'), { code: 'MODEL_UNSUPPORTED', message: /got sklearn/ })
    assert.throws(serve('categories-json'), {
      code: 'MODEL_UNSUPPORTED',
      message: 'A column of a served model must be one of numeric, got "colour" of categories',
    })
    // its trees are read all the same: rows of codes score
    assert.equal(unpackModel(filesOf('categories-json')).booster.featureNames.length, 4)
  })
}

test('a signature with another type than numbers is refused by the name of the column', () => {
  const root = 'test/fixtures/tracking/models-3.17.2/booster-plain-ubj'
  const described = readFileSync(`${root}/MLmodel`, 'utf8')
  const files = new Map([
    ['model.ubj', readFileSync(`${root}/model.ubj`)],
    ['MLmodel', Buffer.from(`${described}signature:\n  inputs: '[{"type": "string", "name": "shop"}]'\n`)],
  ])
  assert.throws(() => createScorer({ name: 'm', version: '1', files }), { message: /"shop" of another type/ })
})

test('a folder of broken trees is refused in one line', () => {
  const described = Buffer.from('flavors: {xgboost: {data: model.ubj}}')
  const trees: [Uint8Array | undefined, RegExp][] = [
    [undefined, /must hold model.ubj, got MLmodel/],
    [new Uint8Array(), /not valid/],
    [Buffer.from('binf\0\0\0\0'), /not valid/],
    [Uint8Array.of(0x80, 0x04, 0x95, 0x0f, 0, 0, 0), /not valid/],
    [Buffer.from('{"learner":{}}'), /not valid|must be/],
  ]
  for (const [bytes, message] of trees) {
    const files = new Map<string, Uint8Array>([
      ['MLmodel', described],
      ...(bytes ? [['model.ubj', bytes] as const] : []),
    ])
    assert.throws(() => unpackModel(files), { name: 'FdsError', message })
  }
})
