import assert from 'node:assert/strict'
import test from 'node:test'
import { Registry } from '@prometheus-io/client'
import { createRandom } from '../../math/random.ts'
import { hotCounter, hotHistogram } from './hot-metrics.ts'
import { counter, histogram } from './metrics.ts'

const ENDPOINTS = ['/predict', '/labels', 'a "quoted"\\ one']
const STATUSES = ['200', '503']
const ARMS = ['champion', 'challenger', 'none']

test('tells what the client library tells of the same events', async () => {
  const [hot, plain] = [new Registry(), new Registry()]
  const hotRequests = hotCounter(hot, 'fds_requests_total')
  const hotLatency = hotHistogram(hot, 'fds_latency_seconds')
  const hotProbability = hotHistogram(hot, 'fds_fraud_probability').child()
  const requests = counter(plain, 'fds_requests_total')
  const latency = histogram(plain, 'fds_latency_seconds')
  const probability = histogram(plain, 'fds_fraud_probability')
  const random = createRandom(3)
  for (let i = 0; i < 500; i++) {
    const [endpoint, status, arm] = [ENDPOINTS, STATUSES, ARMS].map(
      (values) => values[random.int(values.length)]!,
    )
    // quarters lie on edges, and a sum of them is exact in any order
    const seconds = random.int(8) / 4
    hotRequests.child(endpoint!, status!, arm!).count++
    hotLatency.child(endpoint!).observe(seconds)
    hotProbability.observe(seconds / 2)
    requests.inc({ endpoint: endpoint!, status: status!, model_version: arm! })
    latency.observe({ endpoint: endpoint! }, seconds)
    probability.observe(seconds / 2)
  }
  assert.deepEqual(linesOf(await hot.metrics()), linesOf(await plain.metrics()))
  assert.deepEqual(
    (await hot.getMetricsAsJSON()).map(({ name, type, values }) => [name, type, values.length]),
    (await plain.getMetricsAsJSON()).map(({ name, type, values }) => [name, type, values.length]),
  )
})

test('a child that was asked for exists at zero', async () => {
  const registry = new Registry()
  hotCounter(registry, 'fds_requests_total').child('/predict', '200', 'champion')
  assert.match(
    await registry.metrics(),
    /^fds_requests_total\{endpoint="\/predict",status="200",model_version="champion"\} 0$/m,
  )
})

function linesOf(text: string): string[] {
  return text.split('\n').toSorted()
}
