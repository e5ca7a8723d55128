// The specification's acceptance tests of the HTTP interface (sections 2-5 and 2-6), over a real socket.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readTable, SIMULATED_ROLES, type Transaction, tableRows } from '../src/data/index.ts'
import { type Service, startService } from '../src/pipeline/start-service.ts'
import { temporarySettings, trainChampion } from './champion.ts'

describe('the HTTP interface', () => {
  const settings = temporarySettings()
  let service: Service
  let transactions: Transaction[]

  before(async () => {
    const { file } = await trainChampion(settings)
    const rows = tableRows(await readTable(file, { text: [SIMULATED_ROLES.id] }))
    transactions = [...rows].slice(0, 50).map(({ isFraud: _, ...transaction }) => transaction)
    service = await startService({ ...settings, host: '127.0.0.1', port: 0, modelName: 'fraud_detector' })
  })
  after(() => service.close())

  const get = (path: string) => fetch(new URL(path, service.address))
  const post = (path: string, body: unknown) =>
    fetch(new URL(path, service.address), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('decides about a transaction by the contract', async () => {
    const response = await post('/predict', transactions[0])
    assert.equal(response.status, 200)
    const answer = (await response.json()) as Record<string, unknown>
    assert.equal(answer['transaction_id'], transactions[0]![SIMULATED_ROLES.id])
    assert.ok((answer['fraud_probability'] as number) >= 0 && (answer['fraud_probability'] as number) <= 1)
    assert.ok(['approve', 'verify', 'hold', 'block'].includes(answer['risk_level'] as string))
    assert.equal(answer['model_version'], 'champion')
    assert.deepEqual(answer['model'], { name: 'fraud_detector', version: '1' })
    assert.match(answer['policy_version'] as string, /^p-[0-9a-f]{8}$/)
  })

  test('gives the stored decision when the same transaction comes again', async () => {
    const first = await (await post('/predict', transactions[1])).json()
    const changed = { ...transactions[1], amount: 9_999 }
    assert.deepEqual(await (await post('/predict', changed)).json(), first)
  })

  test('decides about a batch in order', async () => {
    const batch = transactions.slice(2, 12)
    const answers = (await (await post('/predict/batch', batch)).json()) as { transaction_id: string }[]
    assert.deepEqual(
      answers.map((answer) => answer.transaction_id),
      batch.map((transaction) => transaction[SIMULATED_ROLES.id]),
    )
  })

  test('keeps labels beside their decision', async () => {
    const id = transactions[0]![SIMULATED_ROLES.id]
    await post('/predict', transactions[0])
    for (const repeated of [0, 1]) {
      const answer = await post('/labels', { transaction_id: id, is_fraud: true, source: 'chargeback' })
      assert.equal(answer.status, 200)
      assert.equal(((await answer.json()) as { repeated: number }).repeated, repeated)
    }
    const decision = (await (await get(`/decisions/${id}`)).json()) as { labels: { is_fraud: boolean }[] }
    assert.equal(decision.labels[0]!.is_fraud, true)
    assert.equal((await get('/decisions/unknown')).status, 404)
  })

  test('answers bad bodies with 4xx and the error shape', async () => {
    for (const body of [{ amount: 'a lot' }, { colour: 'red' }, [], 7, { transaction_id: 5 }]) {
      const response = await post('/predict', body)
      assert.ok(
        response.status >= 400 && response.status < 500,
        `${JSON.stringify(body)} gave ${response.status}`,
      )
      const { error } = (await response.json()) as {
        error: { code: string; message: string; details: unknown }
      }
      assert.match(error.code, /^[A-Z_]+$/)
      assert.ok(error.message.length > 0)
      assert.ok('details' in error)
    }
  })

  test('shows the six metrics of the specification', async () => {
    await post('/predict', transactions[20])
    const response = await get('/metrics')
    assert.equal(response.status, 200)
    const text = await response.text()
    assert.match(
      text,
      /^fds_requests_total\{endpoint="\/predict",status="200",model_version="champion"\} \d+/m,
    )
    assert.match(text, /^fds_latency_seconds_bucket\{.*le="0\.05".*\} \d+/m)
    assert.match(text, /^fds_predictions_total\{risk_level="approve",model_version="champion"\} \d+/m)
    assert.match(text, /^fds_fraud_probability_bucket\{le="0\.1"\} \d+/m)
    assert.match(text, /^fds_model_load_time_seconds\{model_name="fraud_detector"\} [\d.e-]+/m)
    assert.match(text, /^fds_active_requests \d+/m)
  })

  test('serves health, readiness, the start page, its description and tracking', async () => {
    for (const path of ['/health', '/ready', '/', '/docs', '/openapi.json', '/version']) {
      assert.equal((await get(path)).status, 200, path)
    }
    const found = await get('/api/2.0/mlflow/registered-models/alias?name=fraud_detector&alias=champion')
    assert.equal(((await found.json()) as { model_version: { version: string } }).model_version.version, '1')
  })
})
