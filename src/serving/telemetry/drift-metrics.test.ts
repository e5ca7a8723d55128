import assert from 'node:assert/strict'
import test from 'node:test'
import { Registry } from '@prometheus-io/client'
import { type Table, tableRows } from '../../data/table.ts'
import { psiTest } from '../../monitoring/drift/psi.ts'
import { type FixtureModels, fixtureModels } from '../http/app.fixture.ts'
import { BINS } from '../models/drift-layout.ts'
import { fixtureModel, fixtureTable } from '../models/model.fixture.ts'
import { exposeDrift } from './drift-metrics.ts'
import { joinMetrics, type MetricSnapshot, takeSnapshot } from './join-metrics.ts'
import { createMetricsHub } from './metrics-hub.ts'

const NUMBERS = 6
const { files } = fixtureModel({ rows: 4000, numbers: NUMBERS })
const SECONDS = 1_767_225_600

interface Process {
  readonly models: FixtureModels
  decide(rows: number, changes?: object): void
  text(): Promise<string>
  snapshot(): Promise<MetricSnapshot>
}

function openProcess(seed: number, version = '1'): Process {
  const models = fixtureModels()
  models.serve(files, version)
  const registry = new Registry()
  const drift = exposeDrift(registry, { models, now: () => SECONDS * 1000 })
  const table: Table = fixtureTable({ rows: 4000, numbers: NUMBERS, seed })
  return {
    models,
    decide: (rows, changes = {}) => {
      const { scorer } = models.served('champion')!
      let row = 0
      for (const transaction of tableRows(table)) {
        if (row++ === rows) break
        const { probability } = scorer.score({ ...transaction, ...changes } as never)
        scorer.drift!.count(probability, SECONDS)
      }
    },
    text: () => registry.metrics(),
    snapshot: async () => structuredClone([...(await takeSnapshot(registry)), drift.window()]),
  }
}

function psiIn(text: string, feature: string): number | undefined {
  const found = new RegExp(`^fds_drift_psi\\{feature="${feature}"\\} (.*)$`, 'm').exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

test('the index is that of the drift report, and calm on data of the same kind', async () => {
  const process = openProcess(5)
  process.decide(2000)
  const text = await process.text()
  const drift = process.models.served('champion')!.scorer.drift!
  const totals = drift.totals()
  for (const [f, { name, reference }] of drift.features.entries()) {
    const { psi } = psiTest({ reference, current: totals.slice(f * BINS, (f + 1) * BINS) })
    const live = psiIn(text, name)!
    assert.ok(Math.abs(live - psi) < 1e-4, `${name}: ${live} for ${psi}`)
    assert.ok(live < 0.05, `${name}: ${live}`)
  }
})

test('a column that moved is told from those that did not', async () => {
  const process = openProcess(6)
  process.decide(2000, { amount: 900, n1: null })
  const text = await process.text()
  assert.ok(psiIn(text, 'amount')! > 0.25)
  assert.ok(psiIn(text, 'n1')! > 0.25, 'went missing')
  assert.ok(psiIn(text, 'n2')! < 0.05)
  assert.ok(psiIn(text, 'score')! > 0.1, 'scores follow the amount')
})

test('after a start nothing is told until five hundred were decided', async () => {
  const process = openProcess(7)
  process.decide(499, { amount: 900 })
  assert.equal(psiIn(await process.text(), 'amount'), undefined)
  process.decide(1)
  assert.ok(psiIn(await process.text(), 'amount')! > 0.25)
})

test('a new champion starts anew, under bins of its own', async () => {
  const process = openProcess(8)
  process.decide(800, { amount: 900 })
  process.models.serve(files, '2')
  const text = await process.text()
  assert.equal(psiIn(text, 'amount'), undefined)
  assert.doesNotMatch(text, /version="1"/)
  assert.match(text, /^fds_drift_bin_total\{feature="amount",bin="0",version="2"\} 0$/m)
})

test('several processes give the index of their joined counts, not a mean of indices', async () => {
  const [low, high, all] = [openProcess(9), openProcess(9), openProcess(9)]
  low.decide(400, { n2: -1000 })
  high.decide(400, { n2: 1000 })
  all.decide(400, { n2: -1000 })
  all.decide(400, { n2: 1000 })
  const joined = await joinMetrics([await low.snapshot(), await high.snapshot()])
  const alone = await all.text()
  assert.equal(psiIn(await low.text(), 'n2'), undefined, 'too few for one process')
  for (const feature of ['n2', 'amount', 'score']) {
    assert.ok(Math.abs(psiIn(joined, feature)! - psiIn(alone, feature)!) < 1e-12, feature)
  }
  const bins = (text: string) => text.split('\n').filter((line) => line.startsWith('fds_drift_bin_total'))
  assert.deepEqual(bins(joined).toSorted(), bins(alone).toSorted())
  assert.doesNotMatch(joined, /fds_drift_window/)
})

test('a worker that ended leaves its counts, but not those of versions that nobody serves any more', async () => {
  const hub = createMetricsHub()
  const join = (id: number, process: Process) =>
    hub.joined({ id, ask: () => void process.snapshot().then((snapshot) => hub.answered(id, snapshot)) })
  const countOf = async (version: string) =>
    [
      ...(await hub.exposition()).matchAll(
        new RegExp(`^fds_drift_bin_total\\{feature="score".*version="${version}"\\} (\\d+)$`, 'gm'),
      ),
    ]
      .map(([, count]) => Number(count))
      .reduce((sum, count) => sum + count, 0)
  const [first, second] = [openProcess(10), openProcess(11)]
  first.decide(30)
  second.decide(20)
  join(1, first)
  join(2, second)
  assert.equal(await countOf('1'), 50)
  hub.left(1)
  assert.equal(await countOf('1'), 50)
  second.models.serve(files, '2')
  second.decide(5)
  assert.deepEqual([await countOf('1'), await countOf('2')], [0, 5])
})

test('a champion without a profile has no series of drift', async () => {
  const process = openProcess(12)
  process.models.serve(new Map([...files].filter(([path]) => path !== 'profile.json')), '2')
  assert.doesNotMatch(await process.text(), /^fds_drift/m)
})
