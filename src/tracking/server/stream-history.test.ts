import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { LIMITS } from '../protocol/limits.ts'
import { type ListeningServer, openListeningServer } from './raw-http.fixture.ts'

const COUNT = 2 * LIMITS.historyPage + 500
let server: ListeningServer
let runId = ''

before(async () => {
  server = await openListeningServer()
  const { client } = server.served
  runId = (await client.createRun({ experimentId: '0' })).info.runId
  for (let from = 0; from < COUNT; from += 1000) {
    const steps = Array.from({ length: Math.min(1000, COUNT - from) }, (_, index) => from + index)
    const metrics = steps.map((step) => ({
      key: 'm',
      value: step === 7 ? Number.NaN : step,
      timestamp: step,
      step,
    }))
    await client.logBatch(runId, { metrics })
  }
})
after(() => server.close())

const history = async (query: string) => {
  const path = `/api/2.0/mlflow/metrics/get-history?run_id=${runId}&metric_key=m${query}`
  const { status, body, headers } = await server.send('GET', path)
  assert.match(headers['content-type'] ?? '', /^application\/json/)
  const json = JSON.parse(body) as { metrics?: { step: number; value: unknown }[]; next_page_token?: string }
  return { status, steps: json.metrics?.map(({ step }) => step), json }
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

test('without a size the whole history is answered, however many pages it takes', async () => {
  const { steps, json } = await history('')
  assert.deepEqual(steps, range(0, COUNT))
  assert.equal(json.next_page_token, undefined)
  assert.deepEqual(json.metrics?.[7], { key: 'm', value: 'NaN', timestamp: 7, step: 7 })
})

test('a size larger than a page is kept to, and the rest follows by its token', async () => {
  const size = LIMITS.historyPage + 300
  const first = await history(`&max_results=${size}`)
  assert.deepEqual(first.steps, range(0, size))
  const rest = await history(
    `&max_results=${COUNT}&page_token=${encodeURIComponent(first.json.next_page_token!)}`,
  )
  assert.deepEqual(rest.steps, range(size, COUNT))
  assert.equal(rest.json.next_page_token, undefined)
})

test('a key without points is an empty answer, an unknown run a refusal', async () => {
  assert.deepEqual((await history('x')).json, {})
  const path = '/api/2.0/mlflow/metrics/get-history?run_id=none&metric_key=m'
  assert.equal((await server.send('GET', path)).status, 404)
})
