import assert from 'node:assert/strict'
import test from 'node:test'
import { tableRows } from '../../data/table.ts'
import { transformTable } from '../../features/index.ts'
import { fixtureModel, fixtureTable } from '../models/model.fixture.ts'
import { fixtureApp, NOW } from './app.fixture.ts'

const model = fixtureModel()
const other = fixtureModel({ seed: 9, numbers: 2 })
const table = fixtureTable({ rows: 20, numbers: 4, seed: 3 })
const rows = [...tableRows(table)]

test('answers a transaction with its decision, stored before the answer left', async (t) => {
  const { app, log, models } = fixtureApp(t)
  models.serve(model.files, '7')
  const response = await app.inject({ method: 'POST', url: '/predict', payload: rows[0]! })
  assert.equal(response.statusCode, 200)
  assert.equal(response.headers['x-fds-durability'], 'group')
  const [probability] = model.booster.predict(transformTable(model.spec, table))
  assert.deepEqual(response.json(), {
    transaction_id: 'tx-3-0',
    fraud_probability: probability,
    risk_level: 'approve',
    model_version: 'champion',
    model: { name: 'fraud_detector', version: '7' },
    policy_version: model.policy.version,
  })
  const stored = await log.getDecision('tx-3-0')
  assert.deepEqual(JSON.parse(stored.transactionJson), rows[0])
  assert.equal(stored.entity, rows[0]!['customer_id'])
  assert.equal(stored.eventTime, 1_735_689_600)
  assert.equal(stored.createdAt, NOW / 1000)
  assert.ok(stored.latencyMs >= 0)
})

test('makes an id for a transaction without one', async (t) => {
  const { app, log, models } = fixtureApp(t)
  models.serve(model.files, '7')
  const { transaction_id: _, ...payload } = rows[0]!
  const { transaction_id } = (await app.inject({ method: 'POST', url: '/predict', payload })).json()
  assert.match(transaction_id, /^made-\d+$/)
  assert.equal((await log.getDecision(transaction_id)).transactionId, transaction_id)
})

test('gives the stored decision again: together, later, after a swap, to a model with other columns, with no model', async (t) => {
  const { app, models } = fixtureApp(t)
  models.serve(model.files, '7')
  const post = async (payload: object) => {
    const response = await app.inject({ method: 'POST', url: '/predict', payload })
    return { status: response.statusCode, ...response.json() }
  }
  const together = await Promise.all([post(rows[0]!), post({ ...rows[0]!, amount: 9999 }), post(rows[0]!)])
  models.serve(other.files, '8')
  const swapped = await post({ transaction_id: 'tx-3-0', amount: 3 })
  const otherColumns = await post(rows[0]!)
  models.retire()
  const none = await post(rows[0]!)
  for (const answer of [...together, swapped, otherColumns, none]) assert.deepEqual(answer, together[0])
  assert.equal(together[0]!.status, 200)
  assert.equal((await post(rows[1]!)).error.code, 'NO_CHAMPION')
})

test('counts decisions once each, by risk level and arm', async (t) => {
  const { app, models } = fixtureApp(t)
  models.serve(model.files, '7')
  for (const payload of [rows[0]!, rows[0]!, rows[1]!])
    await app.inject({ method: 'POST', url: '/predict', payload })
  const { body } = await app.inject('/metrics')
  assert.match(body, /^fds_requests_total\{endpoint="\/predict",status="200",model_version="champion"\} 3$/m)
  assert.match(body, /^fds_fraud_probability_count 2$/m)
  const made = [...body.matchAll(/^fds_predictions_total\{.*model_version="champion"\} (\d+)$/gm)]
  assert.equal(
    made.reduce((sum, [, count]) => sum + Number(count), 0),
    2,
  )
})

test('scores a batch row by row, in order, as an array or as lines', async (t) => {
  const { app, models } = fixtureApp(t)
  models.serve(model.files, '7')
  const url = '/predict/batch'
  const array = await app.inject({ method: 'POST', url, payload: rows })
  assert.equal(array.statusCode, 200)
  const answers = array.json()
  assert.deepEqual(
    answers.map((answer: { transaction_id: string }) => answer.transaction_id),
    rows.map((row) => row['transaction_id']),
  )
  const expected = model.booster.predict(transformTable(model.spec, table))
  assert.deepEqual(
    answers.map((answer: { fraud_probability: number }) => answer.fraud_probability),
    [...expected],
  )
  const lines = await app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-ndjson' },
    payload: `${rows.map((row) => JSON.stringify(row)).join('\r\n\n')}\n`,
  })
  assert.equal(lines.headers['content-type'], 'application/x-ndjson; charset=utf-8')
  assert.deepEqual(
    lines.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    answers,
  )
  assert.deepEqual((await app.inject({ method: 'POST', url, payload: [] })).json(), [])
})

test('decides a transaction that comes twice in a batch once', async (t) => {
  const { app, models } = fixtureApp(t)
  models.serve(model.files, '7')
  const payload = [
    { transaction_id: 'a', amount: 1 },
    { transaction_id: 'a', amount: 9000 },
    { transaction_id: 'b' },
  ]
  const answers = (await app.inject({ method: 'POST', url: '/predict/batch', payload })).json()
  assert.deepEqual(answers[0], answers[1])
  assert.equal(answers.length, 3)
})

test('refuses a batch with a bad row by its number and stores nothing of it', async (t) => {
  const { app, log, models } = fixtureApp(t)
  models.serve(model.files, '7')
  const cases: [unknown, number, string][] = [
    [[rows[0], 5], 1, 'REQUEST_INVALID'],
    [[rows[0], rows[1], { amount: [1] }], 2, 'TRANSACTION_INVALID'],
    [[rows[0], { colour: 'red' }], 1, 'FEATURES_MISMATCH'],
    [[rows[0], { transaction_id: 5 }], 1, 'TRANSACTION_INVALID'],
  ]
  for (const [payload, row, code] of cases) {
    const response = await app.inject({ method: 'POST', url: '/predict/batch', payload: payload as object })
    assert.equal(response.statusCode, 400)
    const { error } = response.json()
    assert.equal(error.code, 'BATCH_ROW_INVALID')
    assert.deepEqual([error.details.row, error.details.code], [row, code])
  }
  assert.equal(await log.find('tx-3-0'), undefined)
})

test('refuses a batch that is no array, not JSON in a line, or too long', async (t) => {
  const { app, models } = fixtureApp(t)
  models.serve(model.files, '7')
  const post = async (payload: string, type = 'application/json') => {
    const headers = { 'content-type': type }
    const response = await app.inject({ method: 'POST', url: '/predict/batch', headers, payload })
    return [response.statusCode, response.json().error.code]
  }
  assert.deepEqual(await post('{}'), [400, 'REQUEST_INVALID'])
  assert.deepEqual(await post('{}\n{', 'application/x-ndjson'), [400, 'BATCH_ROW_INVALID'])
  assert.deepEqual(await post('{}\n\xff', 'application/x-ndjson; charset=latin1'), [400, 'BATCH_ROW_INVALID'])
  assert.deepEqual(await post('a,b', 'text/csv'), [415, 'CONTENT_TYPE_UNSUPPORTED'])
  assert.deepEqual(await post(JSON.stringify(Array(10_001).fill({}))), [413, 'BATCH_TOO_LONG'])
  assert.deepEqual(await post(`[${' '.repeat(17_000_000)}]`), [413, 'REQUEST_TOO_LARGE'])
})
