// The committed rules are what the code gives, ask only for what the service measures, and lead to the runbook.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { parse } from 'yaml'
import { writeAlertmanager } from '../deploy/src/alertmanager.ts'
import { SEVERITIES } from '../deploy/src/rules/alert.ts'
import { GROUPS, ruleFiles, ruleTestFiles } from '../deploy/src/rules.ts'
import { METRICS } from '../src/serving/telemetry/metrics.ts'
import { metricNames } from './dashboard-queries.fixture.ts'

interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
  readonly labels: { readonly severity: string; readonly service: string }
  readonly annotations: {
    readonly summary: string
    readonly description: string
    readonly runbook_url: string
  }
}

interface TestFile {
  readonly tests: readonly {
    readonly name: string
    readonly alert_rule_test: readonly {
      readonly alertname: string
      readonly exp_alerts: readonly unknown[]
    }[]
  }[]
}

function readAll<T>(pattern: string): T[] {
  return globSync(pattern).map((path) => parse(readFileSync(path, 'utf8')) as T)
}

const rules = readAll<{ groups: { rules: Rule[] }[] }>('deploy/prometheus/rules/*.yml').flatMap(
  ({ groups }) => groups.flatMap((group) => group.rules),
)
const alerts = rules.filter(({ alert }) => alert !== undefined)
const names = alerts.map(({ alert }) => alert!)

test('the committed rules, their cases and Alertmanager’s configuration are what the code gives', () => {
  const made: Record<string, string> = {
    ...ruleFiles(),
    ...ruleTestFiles(),
    'alertmanager/alertmanager.yml': writeAlertmanager(),
  }
  const committed = [...globSync('deploy/prometheus/{rules,tests}/*'), 'deploy/alertmanager/alertmanager.yml']
  assert.deepEqual(
    committed.sort(),
    Object.keys(made)
      .map((path) => `deploy/${path}`)
      .sort(),
  )
  for (const path of committed)
    assert.equal(readFileSync(path, 'utf8'), made[path.slice('deploy/'.length)], 'run npm run deploy:build')
})

test('the specification’s three alerts are there, with their bounds', () => {
  const bounds = { FdsLatencyHigh: 'p99_5m > 0.2', FdsErrorRateHigh: '> 0.01', FdsBlockRateHigh: '> 0.05' }
  for (const [name, bound] of Object.entries(bounds))
    assert.ok(alerts.find(({ alert }) => alert === name)?.expr.includes(bound), name)
  assert.equal(new Set(names).size, names.length)
})

test('every rule asks for metrics that exist', () => {
  const known = new Set(['up'])
  for (const [name, { type }] of Object.entries(METRICS)) {
    const ends = type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
    for (const end of ends) known.add(name + end)
  }
  for (const { record } of rules) if (record !== undefined) known.add(record)
  for (const { expr } of rules) {
    const unknown = metricNames(expr).filter((name) => !known.has(name))
    assert.deepEqual(unknown, [], expr)
  }
})

test('every alert says how bad it is, what is wrong and where it says what to do', () => {
  const runbook = readFileSync('docs/runbook.md', 'utf8')
  const anchors = [...runbook.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading!)
  for (const { alert, labels, annotations } of alerts) {
    assert.ok((SEVERITIES as readonly string[]).includes(labels.severity), alert)
    assert.equal(labels.service, 'fds-api')
    assert.match(annotations.summary, /^[A-Z][^{]+[^.]$/)
    assert.match(annotations.description, /\.$/)
    assert.equal(annotations.runbook_url, `docs/runbook.md#${alert!.toLowerCase()}`)
  }
  assert.deepEqual(anchors.toSorted(), names.toSorted(), 'headings of docs/runbook.md')
  for (const [, anchor] of runbook.matchAll(/\]\(#(\w+)\)/g))
    assert.ok(
      anchors.some((heading) => heading.toLowerCase() === anchor),
      anchor,
    )
})

test('every alert has a case in which it fires and one in which it is silent', () => {
  const cases = readAll<TestFile>('deploy/prometheus/tests/*.yml').flatMap(({ tests }) => tests)
  for (const name of names) {
    const mine = cases.flatMap(({ alert_rule_test }) => alert_rule_test).filter((it) => it.alertname === name)
    assert.ok(
      mine.some(({ exp_alerts }) => exp_alerts.length > 0),
      `${name} fires in no case`,
    )
    if (name !== 'Watchdog')
      assert.ok(
        mine.some(({ exp_alerts }) => exp_alerts.length === 0),
        `${name} is silent in no case`,
      )
  }
  assert.equal(names.length, GROUPS.flatMap(({ alerts: own = [] }) => own).length)
})
