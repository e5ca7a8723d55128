import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
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
