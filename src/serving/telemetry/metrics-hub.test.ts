import assert from 'node:assert/strict'
import test from 'node:test'
import { Counter, Gauge, Histogram, Registry, Summary } from '@prometheus-io/client'
import { type MetricSnapshot, takeSnapshot } from './join-metrics.ts'
import { createMetricsHub, type MetricsHub } from './metrics-hub.ts'

/** The metrics of one worker process. */
function openWorker() {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({ name: 'requests_total', help: 'r', labelNames: ['status'], registers })
  const active = new Gauge({ name: 'active', help: 'a', registers })
  const load = new Gauge({ name: 'load_seconds', help: 'l', registers, aggregator: 'max' })
  const latency = new Histogram({
    name: 'latency',
    help: 's',
    buckets: [0.1, 1],
    labelNames: ['endpoint'],
    registers,
  })
  const share = new Summary({ name: 'share', help: 's', percentiles: [0.5], registers })
  return {
    work: (count: number, loadSeconds: number) => {
      requests.inc({ status: 200 }, count)
      active.set(count)
      load.set(loadSeconds)
      share.observe(0.6)
      latency.observe({ endpoint: '/predict' }, 0.05)
    },
    // as a message between processes leaves it
    snapshot: async (): Promise<MetricSnapshot> => structuredClone(await takeSnapshot(registry)),
  }
}

type Worker = ReturnType<typeof openWorker>

function join(hub: MetricsHub, id: number, worker: Worker): void {
  hub.joined({ id, ask: () => void worker.snapshot().then((snapshot) => hub.answered(id, snapshot)) })
}

async function read(hub: MetricsHub, series: string): Promise<number | undefined> {
  const line = (await hub.exposition()).split('\n').find((text) => text.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length))
}

test('one scrape shows the sum of all workers, or what a metric says instead', async () => {
  const hub = createMetricsHub()
  const [a, b] = [openWorker(), openWorker()]
  a.work(3, 0.5)
  b.work(4, 0.25)
  join(hub, 1, a)
  join(hub, 2, b)
  assert.equal(await read(hub, 'requests_total{status="200"}'), 7)
  assert.equal(await read(hub, 'active'), 7)
  assert.equal(await read(hub, 'load_seconds'), 0.5)
  assert.equal(await read(hub, 'latency_bucket{le="0.1",endpoint="/predict"}'), 2)
  assert.equal(await read(hub, 'latency_count{endpoint="/predict"}'), 2)
  assert.equal(await read(hub, 'share_count'), 2)
  assert.doesNotMatch(await hub.exposition(), /quantile/, 'quantiles have no sum')
  assert.equal(await read(hub, 'fds_workers{state="answering"}'), 2)
})

test('the counts of a worker that ended stay, its gauges go, and no sum ever falls', async () => {
  const hub = createMetricsHub()
  let last = 0
  for (let id = 1; id <= 5; id++) {
    const worker = openWorker()
    worker.work(10, 1)
    join(hub, id, worker)
    const sum = (await read(hub, 'requests_total{status="200"}'))!
    assert.equal(sum, last + 10)
    last = sum
    hub.left(id)
    hub.restarted()
  }
  assert.equal(await read(hub, 'requests_total{status="200"}'), 50)
  assert.equal(await read(hub, 'latency_count{endpoint="/predict"}'), 5)
  assert.equal(await read(hub, 'active'), undefined)
  assert.equal(await read(hub, 'fds_worker_restarts_total'), 5)
})

test('a worker that does not answer is shown as it was, and said to be late', async () => {
  const hub = createMetricsHub({ patienceMs: 20 })
  const [a, b] = [openWorker(), openWorker()]
  a.work(1, 1)
  b.work(5, 1)
  join(hub, 1, a)
  hub.joined({ id: 2, ask: () => {} })
  hub.answered(2, await b.snapshot())
  a.work(1, 1)
  assert.equal(await read(hub, 'requests_total{status="200"}'), 7)
  assert.equal(await read(hub, 'fds_workers{state="late"}'), 1)
})

test('a worker that dies while it is asked neither holds nor breaks the scrape', async () => {
  const hub = createMetricsHub({ patienceMs: 60_000 })
  const a = openWorker()
  a.work(2, 1)
  join(hub, 1, a)
  hub.joined({ id: 2, ask: () => setImmediate(() => hub.left(2)) })
  assert.equal(await read(hub, 'requests_total{status="200"}'), 2)
  hub.answered(2, await a.snapshot())
  assert.equal(await read(hub, 'requests_total{status="200"}'), 2, 'an answer from beyond counts nothing')
})

test('scrapes at the same moment share one round', async () => {
  const hub = createMetricsHub()
  const a = openWorker()
  let asked = 0
  hub.joined({
    id: 1,
    ask: () => {
      asked++
      void a.snapshot().then((snapshot) => hub.answered(1, snapshot))
    },
  })
  await Promise.all([hub.exposition(), hub.exposition()])
  assert.equal(asked, 1)
})
