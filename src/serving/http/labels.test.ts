import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { decisionOf } from '../log/log.fixture.ts'
import { fixtureModel } from '../models/model.fixture.ts'
import { fixtureApp, NOW } from './app.fixture.ts'

const { files } = fixtureModel()

function openApp(t: TestContext) {
  const fixture = fixtureApp(t)
  fixture.models.serve(files, '1')
  const post = (url: string, payload: object) => fixture.app.inject({ method: 'POST', url, payload })
  return { ...fixture, post }
}

test('a decision is given with its answer, its facts and its labels, without the payment', async (t) => {
  const { app, post } = openApp(t)
  const payment = {
    transaction_id: 'pay 1/ü',
    customer_id: 'c-1',
    event_time: '2025-06-01T12:00:00Z',
    amount: 5,
  }
  const answer = (await post('/predict', payment)).json()
  const label = { transaction_id: 'pay 1/ü', is_fraud: true, label_time: '2025-07-01', source: 'chargeback' }
  const receipt = await post('/labels', label)
  assert.deepEqual(
    [receipt.statusCode, receipt.json()],
    [200, { accepted: 1, repeated: 0, unknown_transactions: 0 }],
  )
  const response = await app.inject(`/decisions/${encodeURIComponent('pay 1/ü')}`)
  assert.equal(response.statusCode, 200)
  const { latency_ms, ...stored } = response.json()
  assert.ok(latency_ms >= 0)
  assert.deepEqual(stored, {
    ...answer,
    entity: 'c-1',
    event_time: '2025-06-01T12:00:00.000Z',
    experiment: null,
    failed_arm: null,
    shadow: null,
    created_at: '2026-01-01T00:00:00.000Z',
    labels: [
      {
        is_fraud: true,
        label_time: '2025-07-01T00:00:00.000Z',
        source: 'chargeback',
        received_at: '2026-01-01T00:00:00.000Z',
      },
    ],
  })
})

test('takes labels as an array, with 0 and 1, seconds and defaults, and keeps those of unknown transactions', async (t) => {
  const { app, log, post } = openApp(t)
  await post('/predict', { transaction_id: 'a' })
  const labels = [
    { transaction_id: 'a', is_fraud: 0 },
    { transaction_id: 'a', is_fraud: 1, label_time: 1_736_000_000.5, source: 'review' },
    { transaction_id: 'b', is_fraud: false, label_time: '2025-01-01T09:00:00+09:00', source: 'customer' },
  ]
  assert.deepEqual((await post('/labels', labels)).json(), {
    accepted: 3,
    repeated: 0,
    unknown_transactions: 1,
  })
  assert.deepEqual((await post('/labels', labels)).json(), {
    accepted: 3,
    repeated: 3,
    unknown_transactions: 0,
  })
  assert.deepEqual(
    (await log.getDecision('a')).labels.map(({ isFraud, labelTime, source }) => [isFraud, labelTime, source]),
    [
      [false, NOW / 1000, 'other'],
      [true, 1_736_000_000.5, 'review'],
    ],
  )
  await post('/predict', { transaction_id: 'b' })
  assert.equal((await log.getDecision('b')).labels[0]!.labelTime, 1_735_689_600)
  const { body } = await app.inject('/metrics')
  assert.match(body, /^fds_labels_total\{source="review",is_fraud="true"\} 1$/m)
  assert.match(body, /^fds_labels_total\{source="chargeback",is_fraud="true"\} 0$/m)
  assert.match(body, /^fds_labels_unknown_total 1$/m)
  assert.match(body, /^fds_label_delay_seconds_count 2$/m, 'of those that have a decision')
})

test('refuses a label that is not one, by field, and an array with a bad row by its number', async (t) => {
  const { post } = openApp(t)
  const good = { transaction_id: 'a', is_fraud: true }
  const bad: [object, RegExp][] = [
    [{ ...good, is_fraud: 'yes' }, /"is_fraud" must be true, false, 1 or 0, got a text/],
    [{ ...good, is_fraud: null }, /"is_fraud" .* got null/],
    [{ ...good, is_fraud: 2 }, /"is_fraud"/],
    [{ is_fraud: true }, /"transaction_id" must be a text of 1 to 128 printable characters, got nothing/],
    [{ ...good, transaction_id: 'a\u0000' }, /printable/],
    [{ ...good, transaction_id: 'x'.repeat(129) }, /printable/],
    [{ ...good, label_time: 'yesterday' }, /"label_time" must be ISO 8601/],
    [{ ...good, label_time: '2025-13-45' }, /"label_time"/],
    [{ ...good, label_time: 1e300 }, /"label_time"/],
    [{ ...good, source: 'rumour' }, /"source" must be one of chargeback, review, customer, other/],
    [{ ...good, colour: 'red' }, /no field "colour"/],
  ]
  for (const [payload, message] of bad) {
    const response = await post('/labels', payload)
    assert.equal(response.statusCode, 400)
    assert.match(response.json().error.message, message)
    const { error } = (await post('/labels', [good, payload])).json()
    assert.deepEqual([error.code, error.details.row], ['BATCH_ROW_INVALID', 1])
  }
  assert.equal((await post('/labels', Array(10_001).fill(good))).statusCode, 413)
})

test('an unknown decision is 404', async (t) => {
  const { app } = openApp(t)
  const response = await app.inject('/decisions/nothing')
  assert.deepEqual([response.statusCode, response.json().error.code], [404, 'DECISION_NOT_FOUND'])
})

function csvPoster(t: TestContext) {
  const { app, log } = openApp(t)
  const post = (payload: string | Buffer) =>
    app.inject({ method: 'POST', url: '/labels', payload, headers: { 'content-type': 'text/csv' } })
  return { post, log, app }
}

test('takes labels as CSV, as chargeback files come: quotes, CRLF, empty cells, columns in any order', async (t) => {
  const { post, log } = csvPoster(t)
  const rows = [
    'source,is_fraud,transaction_id,label_time',
    'chargeback,1,a,2025-07-01',
    ',FALSE,"b,""ü""",',
    'review,true,a,1736000000.5',
    '',
    'customer,0,"c",2025-01-01T09:00:00+09:00',
  ]
  const response = await post(`\uFEFF${rows.join('\r\n')}\r\n`)
  assert.deepEqual(response.json(), { accepted: 4, repeated: 0, unknown_transactions: 4 })
  assert.deepEqual((await post(rows.join('\n'))).json(), {
    accepted: 4,
    repeated: 4,
    unknown_transactions: 0,
  })
  await log.record([decisionOf('a'), decisionOf('b,"ü"'), decisionOf('c')])
  const labels = await Promise.all(['a', 'b,"ü"', 'c'].map(async (id) => (await log.getDecision(id)).labels))
  assert.deepEqual(
    labels.flat().map(({ isFraud, labelTime, source }) => [isFraud, labelTime, source]),
    [
      [true, Date.UTC(2025, 6, 1) / 1000, 'chargeback'],
      [true, 1_736_000_000.5, 'review'],
      [false, NOW / 1000, 'other'],
      [false, Date.UTC(2025, 0, 1) / 1000, 'customer'],
    ],
  )
})

test('refuses CSV with a bad header, row or encoding, and nothing of it is kept', async (t) => {
  const { post, log, app } = csvPoster(t)
  const refused: [string, string, RegExp][] = [
    ['colour', 'REQUEST_INVALID', /first line/],
    ['transaction_id\na', 'REQUEST_INVALID', /first line/],
    ['transaction_id,is_fraud,colour\na,1,red', 'REQUEST_INVALID', /first line/],
    ['transaction_id,is_fraud,is_fraud\na,1,1', 'REQUEST_INVALID', /first line/],
    ['transaction_id,is_fraud\na,1\nb,yes', 'BATCH_ROW_INVALID', /row 1.*"is_fraud"/i],
    ['transaction_id,is_fraud\na,1\nb,', 'BATCH_ROW_INVALID', /row 1.*"is_fraud"/i],
    ['transaction_id,is_fraud\na,1\nb,1,1', 'BATCH_ROW_INVALID', /row 1.*2 cells/i],
    ['transaction_id,is_fraud\na,1\n"b,1', 'BATCH_ROW_INVALID', /row 1/i],
    ['transaction_id,is_fraud,label_time\na,1,soon', 'BATCH_ROW_INVALID', /row 0.*"label_time"/i],
  ]
  for (const [payload, code, message] of refused) {
    const response = await post(payload)
    const { error } = response.json()
    assert.deepEqual([response.statusCode, error.code], [400, code], payload)
    assert.match(error.message, message)
  }
  assert.equal((await post(Buffer.from([0x61, 0xff]))).statusCode, 400)
  const long = `transaction_id,is_fraud\n${'a,1\n'.repeat(100_001)}`
  assert.equal((await post(long)).statusCode, 413)
  await log.record([decisionOf('a')])
  assert.deepEqual((await log.getDecision('a')).labels, [])
  const headers = { 'content-type': 'text/csv' }
  const elsewhere = await app.inject({ method: 'POST', url: '/predict', payload: 'a,1', headers })
  assert.equal(elsewhere.statusCode, 415)
})

test('takes a hundred thousand rows in one call', async (t) => {
  const { post } = csvPoster(t)
  const rows = Array.from({ length: 100_000 }, (_, i) => `tx-${i},${i % 2},2025-07-01,chargeback`)
  const response = await post(`transaction_id,is_fraud,label_time,source\n${rows.join('\n')}`)
  assert.deepEqual(response.json(), { accepted: 100_000, repeated: 0, unknown_transactions: 100_000 })
})
