// A million cells scored as a table, in batches over HTTP and row by row over HTTP: equal bits.
import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { tableRows } from '../../data/table.ts'
import { transformTable } from '../../features/index.ts'
import { fixtureApp } from '../http/app.fixture.ts'
import { listen } from '../http/listen.ts'
import { fixtureModel, fixtureTable } from './model.fixture.ts'

const NUMBERS = 32
const ROWS = 25_000
const BATCH_ROWS = 5000
/** Requests for one row that are under way at a time. */
const AT_A_TIME = 100
const model = fixtureModel({ rows: 2000, numbers: NUMBERS, trees: 20 })

interface Answer {
  readonly transaction_id: string
  readonly fraud_probability: number
}

async function serve(t: TestContext) {
  const { app, models } = fixtureApp(t)
  models.serve(model.files, '1')
  const address = await listen(app, { host: '127.0.0.1', port: 0 })
  return async (path: string, body: unknown): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(address + path, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.equal(response.status, 200)
    return response.json()
  }
}

test('a million cells give the same bits as a table, in batches and one by one', async (t) => {
  const post = await serve(t)
  const table = fixtureTable({ rows: ROWS, numbers: NUMBERS, seed: 4 })
  assert.ok(table.rowCount * table.columns.length >= 1_000_000)
  const expected = model.booster.predict(transformTable(model.spec, table))
  assert.ok(new Set(expected).size > 1000, 'the scores must differ')
  const rows = [...tableRows(table)]

  const batched: Answer[] = []
  for (let start = 0; start < ROWS; start += BATCH_ROWS) {
    batched.push(...((await post('/predict/batch', rows.slice(start, start + BATCH_ROWS))) as Answer[]))
  }
  assert.deepEqual(
    batched.map((answer) => answer.transaction_id),
    rows.map((row) => row['transaction_id']),
  )
  assert.deepEqual(
    Float64Array.from(batched, (answer) => answer.fraud_probability),
    Float64Array.from(expected),
  )

  const single: number[] = []
  for (let start = 0; start < ROWS; start += AT_A_TIME) {
    // without their ids, or the stored decisions of the batch would come back
    const payments = rows.slice(start, start + AT_A_TIME).map(({ transaction_id: _, ...payment }) => payment)
    const answers = await Promise.all(payments.map((payment) => post('/predict', payment)))
    single.push(...answers.map((answer) => (answer as Answer).fraud_probability))
  }
  assert.deepEqual(Float64Array.from(single), Float64Array.from(expected))
})
