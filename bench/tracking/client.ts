// The client program of the bench, the same for both servers: node client.ts JOB
// A bare HTTP client over kept-alive connections, in a process of its own, so that it costs little.
import { Agent, request } from 'node:http'
import { type AnswerOf, type Job, KEYS, metricValue, paramValue, SEARCH, type TaskOf } from './jobs.ts'

const WARM_UP = 5
const BATCH = 1000
const START = 1_700_000_000_000
const agent = new Agent({ keepAlive: true })

type Tasks = { readonly [T in keyof TaskOf]: (address: string, task: TaskOf[T]) => Promise<AnswerOf[T]> }
const tasks: Tasks = { logMetric, logBatch, runs, search, history }
process.stdout.write(JSON.stringify(await perform(JSON.parse(process.argv[2]!))))
agent.destroy()

function perform<T extends keyof TaskOf>({ name, address, task }: Job<T>): Promise<AnswerOf[T]> {
  return tasks[name](address, task)
}

async function logMetric(address: string, { calls }: TaskOf['logMetric']): Promise<AnswerOf['logMetric']> {
  const runId = await createRun(address, 0)
  const latencies = await timed(calls, (step) =>
    call(address, 'runs/log-metric', { run_id: runId, ...point('m', step) }),
  )
  return { latencies }
}

async function logBatch(
  address: string,
  { calls, entries }: TaskOf['logBatch'],
): Promise<AnswerOf['logBatch']> {
  const runId = await createRun(address, 0)
  const latencies = await timed(calls, (step) => {
    const metrics = Array.from({ length: entries }, (_, i) => point(`m${i}`, step))
    return call(address, 'runs/log-batch', { run_id: runId, metrics })
  })
  return { latencies }
}

async function runs(address: string, { from, runs, clients }: TaskOf['runs']): Promise<AnswerOf['runs']> {
  const start = performance.now()
  let next = from
  const client = async () => {
    while (next < from + runs) await wholeRun(address, next++)
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { seconds: (performance.now() - start) / 1000 }
}

async function wholeRun(address: string, run: number): Promise<void> {
  const runId = await createRun(address, run)
  const keys = Array.from({ length: KEYS }, (_, key) => key)
  const metrics = keys.map((key) => ({ ...point(`m${key}`, 0), value: metricValue(run, key) }))
  const params = keys.map((key) => ({ key: `p${key}`, value: paramValue(run, key) }))
  await call(address, 'runs/log-batch', { run_id: runId, metrics, params })
  await call(address, 'runs/update', { run_id: runId, status: 'FINISHED', end_time: START + run + 1000 })
}

async function search(address: string, { calls, maxResults }: TaskOf['search']): Promise<AnswerOf['search']> {
  const { filter, orderBy } = SEARCH
  const query = { experiment_ids: ['0'], filter, order_by: [orderBy], max_results: maxResults }
  let hits = 0
  const latencies = await timed(calls, async () => {
    const { runs = [] } = await call<{ runs?: unknown[] }>(address, 'runs/search', query)
    hits = runs.length
  })
  return { latencies, hits }
}

async function history(address: string, { points }: TaskOf['history']): Promise<AnswerOf['history']> {
  const runId = await createRun(address, 0)
  const start = performance.now()
  for (let first = 0; first < points; first += BATCH) {
    const metrics = Array.from({ length: BATCH }, (_, i) => point('m', first + i))
    await call(address, 'runs/log-batch', { run_id: runId, metrics })
  }
  const written = performance.now()
  let read = 0
  let token: string | undefined
  do {
    const query = new URLSearchParams({ run_id: runId, metric_key: 'm', max_results: '25000' })
    if (token) query.set('page_token', token)
    const page = await call<{ metrics: unknown[]; next_page_token?: string }>(
      address,
      `metrics/get-history?${query}`,
    )
    read += page.metrics.length
    token = page.next_page_token
  } while (token)
  const seconds = (from: number, to: number) => (to - from) / 1000
  return {
    writeSeconds: seconds(start, written),
    readSeconds: seconds(written, performance.now()),
    points: read,
  }
}

/** Milliseconds of each call after the first ones. */
async function timed(calls: number, work: (i: number) => Promise<unknown>): Promise<number[]> {
  const latencies: number[] = []
  for (let i = 0; i < calls + WARM_UP; i++) {
    const start = performance.now()
    await work(i)
    if (i >= WARM_UP) latencies.push(performance.now() - start)
  }
  return latencies
}

async function createRun(address: string, run: number): Promise<string> {
  const body = { experiment_id: '0', run_name: `run ${run}`, start_time: START + run }
  const created = await call<{ run: { info: { run_id: string } } }>(address, 'runs/create', body)
  return created.run.info.run_id
}

function point(key: string, step: number) {
  return { key, value: metricValue(step, 0), timestamp: START + step, step }
}

/** Posts, or gets where there is no body; any answer but 200 ends the program. */
function call<T>(address: string, path: string, body?: object): Promise<T> {
  const payload = body && JSON.stringify(body)
  const headers = payload
    ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }
    : {}
  return new Promise((resolve, reject) => {
    const sent = request(
      `${address}/api/2.0/mlflow/${path}`,
      { agent, method: payload ? 'POST' : 'GET', headers },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text))
          else reject(new Error(`${path} was answered ${response.statusCode}: ${text.slice(0, 300)}`))
        })
      },
    )
    sent.on('error', reject)
    sent.end(payload)
  })
}
