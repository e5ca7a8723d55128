// The committed dashboards are what the code gives, and ask only for what the service measures.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import test from 'node:test'
import { collectDefaultMetrics, Registry } from '@prometheus-io/client'
import { parse } from 'yaml'
import { dashboardFiles } from '../deploy/src/dashboards/files.ts'
import { GROUPS } from '../deploy/src/rules.ts'
import { METRICS } from '../src/serving/telemetry/metrics.ts'
import { createRequestMetrics } from '../src/tracking/server/metrics.ts'
import { type DashboardFile, metricNames, type PanelFile } from './dashboard-queries.fixture.ts'

const paths = globSync('deploy/grafana/dashboards/*.json').sort()
const texts = new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]))
const files = [...texts.values()].map((text) => JSON.parse(text) as DashboardFile)
const panelsOf = (file: DashboardFile) => file.panels.filter(({ type }) => type !== 'row')
const queriesOf = (file: DashboardFile) => [
  ...panelsOf(file).flatMap(({ targets }) => targets ?? []),
  ...file.annotations.list.map(({ target }) => target),
]

/** What Prometheus itself adds. */
const OF_PROMETHEUS = ['up', 'scrape_samples_scraped', 'ALERTS']
const recorded = GROUPS.flatMap(({ recordings = [] }) => recordings.map(({ record }) => record))

test('the committed dashboards are what the code gives', () => {
  const made = Object.fromEntries(
    Object.entries(dashboardFiles()).map(([path, text]) => [`deploy/${path}`, text]),
  )
  assert.deepEqual(Object.fromEntries(texts), made, 'run npm run deploy:build')
})

test('the specification’s dashboard has its rows and panels', () => {
  const { panels } = files.find(({ uid }) => uid === 'fds-monitoring')!
  const rows: Record<string, string[]> = {}
  for (const { type, title } of panels) {
    if (type === 'row') rows[title] = []
    else Object.values(rows).at(-1)!.push(`${type}: ${title}`)
  }
  const asked = {
    Overview: ['stat.*Total Requests', 'stat.*Avg Latency', 'stat.*Error Rate', 'stat.*Active Requests'],
    'Risk Distribution': ['piechart.*Approve/Verify/Hold/Block', 'bargauge.*Fraud Probability'],
    Latency: ['timeseries.*p50/p95/p99', 'heatmap.*Latency Heatmap'],
    Alerts: ['stat.*p99 > 200 ms', 'stat.*Error Rate', 'stat.*Block Rate', 'alertlist'],
  }
  Object.entries(asked).forEach(([row, kinds], i) => {
    const [title, has] = Object.entries(rows)[i]!
    assert.match(title, new RegExp(row))
    for (const kind of kinds)
      assert.ok(
        has.some((panel) => new RegExp(kind).test(panel)),
        `${title}: ${kind}`,
      )
  })
})

test('every query asks for metrics that exist', async () => {
  const known = new Set([...OF_PROMETHEUS, ...recorded, ...(await exposedNames())])
  for (const file of files) {
    for (const { expr } of queriesOf(file)) {
      const names = metricNames(expr)
      assert.ok(names.length > 0, expr)
      assert.deepEqual(
        names.filter((name) => !known.has(name)),
        [],
        expr,
      )
    }
  }
})

test('every query names the service and replicas that were chosen', () => {
  for (const { expr } of files.flatMap(queriesOf)) {
    const measured = expr.match(/\b(fds_|process_|nodejs_|mlflow_|up|scrape_)\w*(\{[^}]*\})?/g) ?? []
    for (const selector of measured) assert.match(selector, /\{job=~"\$job",instance=~"\$instance"/)
    // the rules add up the instances
    for (const selector of expr.match(/\bfds:[\w:]+(\{[^}]*\})?/g) ?? [])
      assert.match(selector, /\{job=~"\$job"/)
  }
})

test('every panel says what it shows, in which unit, and asks a query', () => {
  for (const panel of files.flatMap(panelsOf)) {
    assert.match(panel.title, /\p{Script=Hangul}/u)
    assert.match(panel.description ?? '', /\p{Script=Hangul}.*\.$/u, panel.title)
    if (panel.type === 'alertlist') continue
    assert.ok(panel.fieldConfig?.defaults.unit, panel.title)
    assert.ok(panel.targets?.length, panel.title)
    for (const { legendFormat, refId } of panel.targets) assert.ok(legendFormat && refId, panel.title)
  }
})

test('ids and addresses are unique, and no panel lies on another', () => {
  const uids = files.map(({ uid }) => uid)
  assert.equal(new Set(uids).size, uids.length)
  assert.deepEqual(
    paths.map((path) => basename(path, '.json')),
    uids,
  )
  for (const { panels } of files) {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
    assert.deepEqual(
      panels.flatMap((a, i) => panels.slice(i + 1).filter((b) => overlap(a, b))),
      [],
    )
    assert.ok(panels.every(({ gridPos: { x, w } }) => x >= 0 && x + w <= 24))
  }
})

test('no dashboard names a data source of its own', () => {
  for (const text of texts.values()) {
    const uids = [...text.matchAll(/"datasource": \{\s*"type": "(\w+)",\s*"uid": "([^"]+)"/g)]
    assert.ok(uids.length > 5)
    for (const [, type, uid] of uids) assert.deepEqual([type, uid], ['prometheus', '$datasource'])
  }
})

test('Grafana finds its data sources and dashboards where compose has them', () => {
  const read = (path: string) => parse(readFileSync(`deploy/${path}`, 'utf8'))
  const { services } = read('compose.yaml')
  const [prometheus, alertmanager] = read('grafana/provisioning/datasources/fds.yml').datasources
  const [{ options }] = read('grafana/provisioning/dashboards/fds.yml').providers
  for (const { url } of [prometheus, alertmanager]) assert.ok(services[new URL(url).hostname], url)
  assert.deepEqual([prometheus.type, prometheus.isDefault], ['prometheus', true])
  assert.equal(prometheus.jsonData.alertmanagerUid, alertmanager.uid)
  assert.equal(prometheus.jsonData.timeInterval, read('prometheus/prometheus.yml').global.scrape_interval)
  const { volumes, environment } = services.grafana
  assert.ok(volumes.includes('./grafana/provisioning:/etc/grafana/provisioning:ro'))
  assert.ok(volumes.includes(`./grafana/dashboards:${options.path}:ro`))
  const home = environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH
  assert.equal(home, `${options.path}/fds-monitoring.json`)
})

/** Names as Prometheus stores them: a histogram is three of them. */
async function exposedNames(): Promise<string[]> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const others = [...(await registry.getMetricsAsJSON()), ...(await createRequestMetrics().snapshot())]
  const ours = Object.entries(METRICS).map(([name, { type }]) => ({ name, type }))
  return [...ours, ...others].flatMap(({ name, type }) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
  )
}

function overlap({ gridPos: a }: PanelFile, { gridPos: b }: PanelFile): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}
