import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import type { Column } from '../../data/table.ts'
import { createRandom } from '../../math/index.ts'
import {
  buildProfile,
  countAgainst,
  DataDriftPreset,
  DataSummaryPreset,
  Report,
  runDriftMonitoring,
  ValueDrift,
} from '../index.ts'
import { numberColumn, tableOf, textColumn } from '../profile/table.fixture.ts'

const random = createRandom(3)
const normal = (shift: number) => Array.from({ length: 1500 }, () => random.normal() + shift)
const countries = (share: number) =>
  Array.from({ length: 1500 }, () => (random.next() < share ? 'KR' : '<b>US</b>'))
const tableWith = (shift: number, share = 0.5) =>
  tableOf(
    numberColumn('amount', normal(shift)),
    numberColumn('hour', normal(0)),
    textColumn('country', countries(share)),
  )
const [reference, calm, drifted] = [tableWith(0), tableWith(0), tableWith(1)]
const run = (current = drifted, includeTests = true) =>
  new Report([new DataDriftPreset()], { includeTests }).run({ reference, current })

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fds-report-'))
  await work(folder).finally(() => rm(folder, { recursive: true }))
}

test('the dictionary has Evidently’s shape: a count, then a score a column', () => {
  const { metrics } = run().dict()
  assert.deepEqual(
    metrics.map(({ metric_name }) => metric_name),
    [
      'DriftedColumnsCount(drift_share=0.5)',
      'ValueDrift(column=amount,method=psi,threshold=0.1)',
      'ValueDrift(column=hour,method=psi,threshold=0.1)',
      'ValueDrift(column=country,method=psi,threshold=0.1)',
    ],
  )
  assert.deepEqual(metrics[0]!.value, { count: 1, share: 1 / 3 })
  assert.ok((metrics[1]!.value as number) > 0.25)
  assert.match(metrics[0]!.id, /^[0-9a-f]{32}$/)
})

test('the tests are one on the share and one a column, and only where asked for', () => {
  const { tests } = run().dict()
  assert.deepEqual(
    tests.map(({ id, status }) => [id, status]),
    [
      ['lt', 'SUCCESS'],
      ['drift', 'FAIL'],
      ['drift', 'SUCCESS'],
      ['drift', 'SUCCESS'],
    ],
  )
  assert.equal(tests[1]!.name, 'Value Drift for column amount')
  assert.deepEqual(run(drifted, false).dict().tests, [])
})

test('our own keys stand beside them', () => {
  const dict = JSON.parse(run().json())
  assert.equal(dict.passed, false)
  assert.equal(dict.drift_share, 1 / 3)
  assert.deepEqual(
    dict.columns.map((column: { name: string; drifted: boolean; band: string }) => [
      column.name,
      column.drifted,
      column.band,
    ]),
    [
      ['amount', true, 'retrain'],
      ['hour', false, 'stable'],
      ['country', false, 'stable'],
    ],
  )
  assert.ok(run(calm).dict().passed)
})

test('a vanished column is an error test, a new one is skipped', () => {
  const current = tableOf(reference.columns[0]!, numberColumn('new', normal(0)))
  const { tests, passed, drift_share } = run(current).dict()
  assert.deepEqual(
    tests.map(({ status }) => status),
    ['FAIL', 'SUCCESS', 'ERROR', 'ERROR', 'SKIPPED'],
  )
  assert.equal(passed, false)
  assert.equal(drift_share, 2 / 3)
})

test('a saved profile stands in for the reference table', () => {
  const profile = JSON.parse(JSON.stringify(buildProfile(reference)))
  const fromProfile = new Report([new DataDriftPreset()], { includeTests: true }).run({
    reference: profile,
    current: drifted,
  })
  assert.deepEqual(fromProfile.dict(), run().dict())
})

test('only the chosen columns are compared', () => {
  const preset = new DataDriftPreset({ columns: ['hour'] })
  const names = (table = reference) =>
    new Report([preset]).run({ reference: table, current: drifted }).columns.map(({ name }) => name)
  assert.deepEqual(names(), ['hour'])
  assert.throws(() => names(tableOf(numberColumn('amount', [1]))), { code: 'COLUMN_MISSING' })
})

test('what cannot be reported is refused', () => {
  assert.throws(() => new Report([]), { code: 'PARAM_INVALID' })
  assert.throws(() => new DataDriftPreset({ driftShare: 2 }), { code: 'PARAM_INVALID' })
})

test('saves the page into a folder that does not exist yet, and says where it cannot', () =>
  inFolder(async (folder) => {
    await run().saveHtml(join(folder, 'a', 'b', 'report.html'))
    assert.match(await readFile(join(folder, 'a', 'b', 'report.html'), 'utf8'), /^<!doctype html>/)
    await writeFile(join(folder, 'file'), '')
    await assert.rejects(run().saveHtml(join(folder, 'file', 'report.html')), { code: 'STORAGE_FAILED' })
  }))

test('the drift check passes, or alarms, by the share of drifted columns', () =>
  inFolder(async (reportDir) => {
    const now = () => Date.UTC(2026, 10, 2, 23, 59)
    const options = { reportDir, now }
    const good = await runDriftMonitoring(reference, calm, options)
    assert.deepEqual(good, {
      passed: true,
      driftShare: 0,
      reportPath: join(reportDir, 'drift_report_20261102.html'),
    })
    const bad = await runDriftMonitoring(reference, drifted, options)
    assert.deepEqual(bad, {
      passed: false,
      driftShare: 1 / 3,
      reportPath: join(reportDir, 'drift_alert_20261102.html'),
    })
    assert.ok((await runDriftMonitoring(reference, drifted, { ...options, driftThreshold: 0.5 })).passed)
    assert.ok(
      (await runDriftMonitoring(reference, calm, { reportDir })).reportPath.endsWith('drift_report.html'),
    )
    assert.equal((await readdir(reportDir)).length, 3)
  }))

test('the drift check never passes where a column vanished', () =>
  inFolder(async (reportDir) => {
    const current = tableOf(...calm.columns.slice(1))
    assert.ok(!(await runDriftMonitoring(reference, current, { reportDir, driftThreshold: 0.9 })).passed)
  }))

test('several metrics in one report, each in its place, and none twice', () => {
  const report = new Report(
    [
      new ValueDrift({ column: 'hour' }),
      new DataDriftPreset({ columns: ['amount', 'hour'] }),
      new DataSummaryPreset({ columns: ['amount'] }),
    ],
    { includeTests: true },
  )
  const { metrics, tests } = report.run({ reference, current: drifted }).dict()
  const names = metrics.map(({ metric_name }) => metric_name)
  assert.deepEqual(names.slice(0, 4), [
    'ValueDrift(column=hour,method=psi,threshold=0.1)',
    'DriftedColumnsCount(drift_share=0.5)',
    'ValueDrift(column=amount,method=psi,threshold=0.1)',
    'RowCount()',
  ])
  assert.deepEqual(metrics[1]!.value, { count: 1, share: 0.5 })
  assert.deepEqual(
    names.slice(-8).map((name) => name.replace(/\(.*/, '')),
    [
      ...['MissingValueCount', 'MinValue', 'MaxValue', 'MeanValue', 'StdValue'],
      ...Array(3).fill('QuantileValue'),
    ],
  )
  assert.deepEqual(
    tests.slice(0, 4).map(({ id, status }) => [id, status]),
    [
      ['drift', 'SUCCESS'],
      ['lt', 'FAIL'],
      ['drift', 'FAIL'],
      ['eq', 'SUCCESS'],
    ],
  )
})

test('a summary alone has no rows and passes, and a profile has no cells to test it against', () => {
  const summary = new Report([new DataSummaryPreset()], { includeTests: true })
  const result = summary.run({ reference: buildProfile(reference), current: drifted })
  assert.deepEqual([result.passed, result.columns, result.dict().tests], [true, [], []])
  assert.ok(result.dict().metrics.length > 20)
})

test('target and prediction are reported on their own, and a target that the current data lack yet is left out', () => {
  const roles = { target: 'country', prediction: 'amount', includeTests: true }
  const report = new Report([new DataDriftPreset({ columns: ['hour'] })], roles)
  const columnsOf = (current = drifted) => report.run({ reference, current }).columns.map(({ name }) => name)
  assert.deepEqual(columnsOf(), ['hour', 'country', 'amount'])
  assert.deepEqual(columnsOf(tableOf(...drifted.columns.slice(0, 2))), ['hour', 'amount'])
  const all = new Report([new DataDriftPreset()], roles)
  assert.ok(all.run({ reference, current: tableOf(...calm.columns.slice(0, 2)) }).passed)
})

test('Evidently’s mode takes its verdict and keeps our shares and bands beside it', () => {
  const result = new Report([new DataDriftPreset()], { mode: 'evidently' }).run({
    reference,
    current: drifted,
  })
  const [amount, , country] = result.columns
  assert.equal(amount?.method, 'wasserstein')
  assert.ok(amount.drifted && amount.score! > 0.1 && amount.band === 'retrain')
  assert.equal(country?.method, 'jensenshannon')
  assert.equal(result.driftShare, 1 / 3)
  assert.ok(result.html().startsWith('<!doctype html>'))
})

test('in Evidently’s mode a column that it cannot score fails the report, one that it leaves out does not', () => {
  const run = (extra: Column) =>
    new Report([new DataDriftPreset()], { mode: 'evidently' }).run({
      reference: tableOf(reference.columns[1]!, extra),
      current: tableOf(calm.columns[1]!, extra),
    })
  assert.ok(!run(numberColumn('empty', Array(1500).fill(null))).passed)
  const withText = run(textColumn('note', normal(0).map(String)))
  assert.ok(withText.passed)
  assert.equal(withText.columns[1]?.status, 'not_compared')
})

test('our own mode takes methods and thresholds too, a column’s own first', () => {
  const preset = new DataDriftPreset({ numMethod: 'wasserstein', catMethod: 'jensenshannon', threshold: 0.2 })
  const hour = new ValueDrift({ column: 'hour', method: 'ks', threshold: 0.01 })
  const result = new Report([preset, hour]).run({ reference, current: drifted })
  assert.deepEqual(
    result.columns.map(({ name, method, threshold }) => [name, method, threshold]),
    [
      ['amount', 'wasserstein', 0.2],
      ['hour', 'ks', 0.01],
      ['country', 'jensenshannon', 0.2],
    ],
  )
})

test('methods, thresholds and profiles are refused where they have no use', () => {
  const run = (metric: DataDriftPreset | ValueDrift, mode: 'fds' | 'evidently', from = reference) =>
    new Report([metric], { mode }).run({ reference: from, current: calm })
  assert.throws(() => run(new DataDriftPreset({ catMethod: 'ks' }), 'fds'), { code: 'PARAM_INVALID' })
  const tvd = { perColumnMethod: { hour: 'TVD' } } as const
  assert.equal(run(new DataDriftPreset(tvd), 'fds').columns[1]?.method, 'TVD')
  assert.throws(() => run(new DataDriftPreset(tvd), 'evidently'), { code: 'PARAM_INVALID' })
  const alone = new ValueDrift({ column: 'hour', method: 'TVD' })
  assert.throws(() => run(alone, 'evidently'), { code: 'PARAM_INVALID' })
  const profile = buildProfile(reference) as never
  assert.throws(() => run(new DataDriftPreset(), 'evidently', profile), { code: 'PARAM_INVALID' })
  const unknown = 'anderson' as 'ks'
  assert.throws(() => new ValueDrift({ column: 'hour', method: unknown }), { code: 'PARAM_INVALID' })
  assert.throws(() => new DataDriftPreset({ perColumnThreshold: { hour: -1 } }), { code: 'PARAM_INVALID' })
  assert.throws(() => new Report([new DataDriftPreset(), new DataDriftPreset()]), { code: 'PARAM_INVALID' })
})

test('counts that were made elsewhere stand for the current data, where no cell is needed', () => {
  const profile = buildProfile(reference)
  const counted = countAgainst(profile, drifted)
  const report = new Report([new DataDriftPreset()])
  assert.deepEqual(report.run({ reference: profile, current: counted }).dict(), run(drifted, false).dict())
  for (const refused of [
    new Report([new DataDriftPreset()], { mode: 'evidently' }),
    new Report([new DataSummaryPreset()]),
  ]) {
    assert.throws(
      () => refused.run({ reference, current: counted }),
      /"current" must be a table .*, got a profile/,
    )
  }
})
