import assert from 'node:assert/strict'
import test from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { tableRows } from '../../data/table.ts'
import { ENDPOINTS, pathsOf } from '../../tracking/protocol/endpoints.ts'
import { experimentHealth } from '../experiments/experiment-health.fixture.ts'
import { fixtureApp, temporaryFolder } from '../http/app.fixture.ts'
import { fixtureModel, fixtureTable } from '../models/model.fixture.ts'
import { openFixtureRegistry } from '../models/registry.fixture.ts'
import { LABEL_BOUNDS, type LabelName } from './label-bounds.ts'
import { METRICS, type MetricDefinition } from './metrics.ts'

const NUMBERS = 30
const MOST_SERIES = 2000
const MARK = 'who-wrote-this'

test('every label of every metric has a bound', () => {
  for (const [name, { labels }] of Object.entries<MetricDefinition>(METRICS)) {
    for (const label of labels) assert.ok(LABEL_BOUNDS[label as LabelName].atMost <= 40, `${name}{${label}}`)
  }
})

test('names, units and words are as Prometheus has them', () => {
  for (const [name, { type, help, buckets }] of Object.entries<MetricDefinition>(METRICS)) {
    assert.match(name, /^fds_[a-z_]+[a-z]$/)
    assert.equal(name.endsWith('_total'), type === 'counter', name)
    assert.equal(buckets !== undefined, type === 'histogram', name)
    assert.match(help, /^[^\n]+[^.\n]$/, name)
  }
})

test('with everything on, whatever callers write: labels keep their bounds, and few series are there', async (t) => {
  const registry = await openFixtureRegistry(temporaryFolder(t), { now: Date.now })
  t.after(() => registry.server.close())
  const { app, models } = fixtureApp(t, { tracking: registry.server, experimentHealth: experimentHealth() })
  models.serve(fixtureModel({ rows: 2000, numbers: NUMBERS, trees: 30 }).files, '1')
  const rows = [...tableRows(fixtureTable({ rows: 600, numbers: NUMBERS, seed: 3 }))]
  await post(app, '/predict/batch', rows)
  // a column that was full goes missing, and a category that nobody knows comes
  await post(app, '/predict', { category: MARK })
  await writeEverywhere(app)
  const series = await seriesOf(app)
  assert.ok(series.some(({ name }) => name === 'fds_drift_psi'))
  for (const { name, text, labels } of series.filter((one) => one.name.startsWith('fds_'))) {
    for (const label of labels.keys())
      if (label !== 'le') assert.ok(label in LABEL_BOUNDS, `${name}{${label}}`)
    assert.ok(!text.includes(MARK), text)
  }
  for (const [label, { values, atMost }] of Object.entries(LABEL_BOUNDS)) {
    const found = new Set(series.filter(isOurs).flatMap(({ labels }) => labels.get(label) ?? []))
    assert.ok(found.size <= atMost, `${label}: ${[...found].join(', ')}`)
    // the state of a verdict is a status too
    if (values)
      assert.deepEqual(
        [...found].filter((value) => !values.includes(value)),
        [],
        label,
      )
  }
  assert.ok(series.length < MOST_SERIES, `${series.length} series`)
  t.diagnostic(`${series.length} series`)
})

/** Calls every route there is, of MLflow's under both prefixes, in ways that are refused and with texts of its own. */
async function writeEverywhere(app: FastifyInstance): Promise<void> {
  const calls: InjectOptions[] = [
    { method: 'GET', url: `/${MARK}` },
    { method: 'GET', url: `/decisions/${MARK}` },
    { method: 'PUT', url: '/predict' },
    { method: 'POST', url: '/predict', payload: { [MARK]: 1 } },
    { method: 'POST', url: '/predict', payload: { merchant: MARK, customer_id: MARK, transaction_id: MARK } },
    { method: 'POST', url: '/labels', payload: { transaction_id: MARK, is_fraud: true, source: MARK } },
    { method: 'POST', url: '/labels', payload: { transaction_id: MARK, is_fraud: true, source: 'review' } },
    ...['/', '/docs', '/health', '/ready', '/openapi.json', '/ab-test/status', '/ab-test/report'].map(
      (url) => ({ method: 'GET', url }) as const,
    ),
  ]
  for (const endpoint of Object.values(ENDPOINTS)) {
    for (const path of pathsOf(endpoint)) {
      const [method] = endpoint.methods
      calls.push({ method, url: path, ...(method !== 'GET' && { payload: {} }) })
      calls.push({ method, url: path, headers: { 'content-type': 'text/plain' }, payload: MARK })
    }
  }
  for (const call of calls) await app.inject(call)
}

async function post(app: FastifyInstance, url: string, payload: object): Promise<void> {
  const { statusCode, body } = await app.inject({ method: 'POST', url, payload })
  assert.equal(statusCode, 200, body)
}

interface Series {
  readonly name: string
  readonly text: string
  readonly labels: ReadonlyMap<string, string>
}

async function seriesOf(app: FastifyInstance): Promise<Series[]> {
  const { body } = await app.inject('/metrics')
  return body.split('\n').flatMap((text) => {
    const [, name, labels = ''] = /^([a-z_]+)(?:\{(.*)\})? /.exec(text) ?? []
    if (name === undefined) return []
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
      ([, key, value]) => [key!, value!] as const,
    )
    return [{ name, text, labels: new Map(pairs) }]
  })
}

function isOurs({ name }: Series): boolean {
  return name.startsWith('fds_')
}
