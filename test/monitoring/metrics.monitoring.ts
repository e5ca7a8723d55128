// What the service exposes, and the queries of docs/metrics.md, judged by Prometheus' own tool.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { stringify } from 'yaml'
import { tableRows } from '../../src/data/table.ts'
import { experimentHealth } from '../../src/serving/experiments/experiment-health.fixture.ts'
import { fixtureApp } from '../../src/serving/http/app.fixture.ts'
import { fixtureModel, fixtureTable } from '../../src/serving/models/model.fixture.ts'
import { joinMetrics, type MetricSnapshot } from '../../src/serving/telemetry/join-metrics.ts'
import { findPrograms } from './programs.ts'

const programs = findPrograms()
const skip = programs === undefined

/** A service with every kind of series, alone and as two workers. */
async function expositions(t: TestContext): Promise<string[]> {
  let snapshot: (() => Promise<MetricSnapshot>) | undefined
  const alone = fixtureApp(t, { experimentHealth: experimentHealth() })
  const worker = fixtureApp(t, {
    experimentHealth: experimentHealth(),
    shareMetrics: (own) => {
      snapshot = own
      return async () => joinMetrics([await own(), await own()])
    },
  })
  const payload = [...tableRows(fixtureTable({ rows: 600, numbers: 4, seed: 3 }))]
  const texts: string[] = []
  for (const { app, models } of [alone, worker]) {
    models.serve(fixtureModel({ rows: 2000 }).files, '1')
    assert.equal((await app.inject({ method: 'POST', url: '/predict/batch', payload })).statusCode, 200)
    texts.push((await app.inject('/metrics')).body)
  }
  assert.ok(snapshot)
  return texts
}

test('promtool finds no fault with what is exposed, of one process and of several', { skip }, async (t) => {
  for (const input of await expositions(t)) {
    assert.match(input, /^fds_drift_psi\{feature="score"\}/m)
    const { stdout, stderr } = spawnSync(programs!.promtool, ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    })
    // the client library's own names are not ours to change
    const found = (stdout + stderr).split('\n').filter((line) => line !== '' && !line.startsWith('nodejs_'))
    assert.deepEqual(found, [])
  }
})

test('promtool can read every query of docs/metrics.md', { skip }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fds-queries-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const page = readFileSync('docs/metrics.md', 'utf8')
  const queries = [...page.matchAll(/^\| [^|`]+ \| `([^`]+)` \|$/gm)].map(([, query]) => query!)
  assert.ok(queries.length > 10)
  const [sum, bins] = [...page.matchAll(/```promql\n([^`]+)```/g)].map(([, query]) => query!)
  const shares = 'max by (feature, bin, version) (fds_drift_reference_share)'
  const psi = sum!.replaceAll(/\bC\b/g, () => `(${bins})`).replaceAll(/\bR\b/g, () => `(${shares})`)
  const rules = [...queries, bins!, psi].map((expr, i) => ({ record: `query:${i}`, expr }))
  const file = join(folder, 'rules.yml')
  writeFileSync(file, stringify({ groups: [{ name: 'docs', rules }] }))
  const { status, stdout, stderr } = spawnSync(programs!.promtool, ['check', 'rules', file], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stdout + stderr)
})
