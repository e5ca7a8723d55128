import assert from 'node:assert/strict'
import test from 'node:test'
import { tableRows } from '../../data/table.ts'
import { createPolicy, riskLevel } from '../../decision/index.ts'
import { FdsError } from '../../errors.ts'
import { transformTable } from '../../features/index.ts'
import { saveXgboostModel } from '../../model/index.ts'
import { encodeJson, fixtureModel, fixtureTable } from './model.fixture.ts'
import { createScorer } from './scorer.ts'

const model = fixtureModel()
const scorer = createScorer({ name: 'fraud_detector', version: '3', files: model.files })
const [first] = tableRows(fixtureTable({ rows: 1, numbers: 4, seed: 5 }))

const withFile = (file: string, bytes: Uint8Array) => new Map([...model.files, [file, bytes]])
const codeIs = (code: string) => (error: unknown) => error instanceof FdsError && error.code === code

test('scores rows one by one, in batch and as a table with equal bits', () => {
  const table = fixtureTable({ rows: 2000, numbers: 4, seed: 2 })
  const expected = model.booster.predict(transformTable(model.spec, table))
  const rows = [...tableRows(table)]
  assert.deepEqual(
    Float64Array.from(rows, (row) => scorer.score(row).probability),
    Float64Array.from(expected),
  )
  assert.deepEqual(
    Float64Array.from(scorer.scoreBatch(rows), (score) => score.probability),
    Float64Array.from(expected),
  )
  assert.ok(new Set(expected).size > 20, 'the scores must differ')
})

test('takes the risk level from the policy that travels with the model', () => {
  const policy = createPolicy({ thresholds: { verify: 0, hold: 0, block: 0 } })
  const strict = fixtureModel({ policy })
  assert.equal(
    createScorer({ name: 'm', version: '1', files: strict.files }).score(first!).riskLevel,
    'block',
  )
  const { probability, riskLevel: level } = scorer.score(first!)
  assert.equal(level, riskLevel(probability, model.policy))
})

test('reads id, entity and time by the roles of the columns', () => {
  const facts = scorer.factsOf({ transaction_id: 't', customer_id: 'c', event_time: '2025-01-01T00:00:00Z' })
  assert.deepEqual(facts, { id: 't', entity: 'c', eventTime: 1_735_689_600 })
  assert.deepEqual(scorer.factsOf({ event_time: 5 }), { id: null, entity: null, eventTime: 5 })
  for (const event_time of ['soon', 1e300, true, null])
    assert.equal(scorer.factsOf({ event_time }).eventTime, null)
})

test('refuses a column that the model does not know, and takes transaction_id from any caller', () => {
  assert.throws(() => scorer.score({ amount: 1, colour: 'red' }), codeIs('FEATURES_MISMATCH'))
  assert.equal(
    scorer.score({ amount: 5 }).probability,
    scorer.score({ amount: 5, transaction_id: 'x' }).probability,
  )
})

test('takes the trees as UBJSON too, with the same scores', () => {
  const files = new Map([...model.files, ['model.ubj', saveXgboostModel(model.booster, 'ubj')] as const])
  for (const file of ['model.json', 'MLmodel']) files.delete(file)
  const binary = createScorer({ name: 'm', version: '1', files })
  assert.deepEqual(binary.scoreBatch([{}]), scorer.scoreBatch([{}]))
})

test('refuses a folder whose files are missing, broken or of different models, by name', () => {
  const create = (files: ReadonlyMap<string, Uint8Array>) => () =>
    createScorer({ name: 'm', version: '1', files })
  for (const file of ['model.json', 'features.json', 'policy.json']) {
    const files = new Map(model.files)
    files.delete(file)
    assert.throws(create(files), new RegExp(`must hold ${file}`))
    assert.throws(create(withFile(file, encodeJson('text').subarray(1))), FdsError)
  }
  assert.throws(create(withFile('policy.json', encodeJson({ version: 'p-0' }))), codeIs('POLICY_INVALID'))
  assert.throws(
    create(withFile('features.json', encodeJson({ ...model.spec, rows: 1 }))),
    codeIs('FEATURE_SPEC_INVALID'),
  )
  const wider = encodeJson(fixtureModel({ numbers: 5 }).spec)
  assert.throws(
    create(withFile('features.json', wider)),
    /feature 1\d is "none" in the one and "n4" in the other/,
  )
})
