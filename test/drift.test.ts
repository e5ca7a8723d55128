// `fds drift` on real files: its answer and exit codes, what becomes of bad input, and the alerts, over real HTTPS.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import type { ColumnDrift, RetrainAdvice } from '../src/monitoring/index.ts'
import { CERTIFICATE, startAlertServer } from '../src/pipeline/alert-server.fixture.ts'
import { type FdsResult, runFds, temporaryFolder } from './fds.ts'

interface DriftJson {
  readonly passed: boolean
  readonly drift_share: number
  readonly metrics: readonly { readonly metric_name: string }[]
  readonly tests: readonly unknown[]
  readonly columns: readonly ColumnDrift[]
  readonly advice: RetrainAdvice
  readonly report_path: string
  readonly notified: readonly string[]
}

type Cell = string | number
type Columns = Readonly<Record<string, (row: number) => Cell>>

const ROWS = 400
const spread = (row: number) => (row * 7919) % 1000
const REFERENCE: Columns = { amount: spread, age: (row) => 18 + (row % 60), card: (row) => `c${row % 3}` }

function csv(columns: Columns, rows = ROWS): string {
  const lines = Array.from({ length: rows }, (_, row) => Object.values(columns).map((cell) => cell(row)))
  return `${[Object.keys(columns), ...lines].map((line) => line.join(',')).join('\n')}\n`
}

/** Compares two files in a folder of their own. */
async function drift(
  t: TestContext,
  files: { reference?: string; current: string; name?: string },
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<FdsResult & { readonly cwd: string }> {
  const { reference = csv(REFERENCE), current, name = 'week.csv' } = files
  const cwd = await temporaryFolder(t)
  await writeFile(join(cwd, 'train.csv'), reference)
  await writeFile(join(cwd, name), current)
  const call = ['drift', '--reference', 'train.csv', '--current', name, '--json', ...args]
  return { ...(await runFds(call, { cwd, environment })), cwd }
}

function answerOf({ stdout, stderr }: FdsResult): DriftJson {
  assert.notEqual(stdout, '', stderr)
  return JSON.parse(stdout) as DriftJson
}

const today = () => new Date().toISOString().slice(0, 10).replaceAll('-', '')

test('data that stayed: exit 0, and a report of the day', async (t) => {
  const result = await drift(t, { current: csv(REFERENCE) })
  const answer = answerOf(result)
  assert.deepEqual([result.status, answer.passed, answer.drift_share], [0, true, 0])
  assert.deepEqual(answer.notified, [])
  assert.equal(answer.report_path, `reports/drift_report_${today()}.html`)
  assert.match(await readFile(join(result.cwd, answer.report_path), 'utf8'), /^<!doctype html>/)
})

test('data that drifted: exit 1, an alert page, Evidently’s keys and ours', async (t) => {
  const result = await drift(t, { current: csv({ ...REFERENCE, amount: (row) => 2 * spread(row) }) })
  const answer = answerOf(result)
  assert.deepEqual([result.status, answer.passed, answer.drift_share], [1, false, 1 / 3])
  assert.equal(answer.report_path, `reports/drift_alert_${today()}.html`)
  assert.deepEqual(readdirSync(join(result.cwd, 'reports')), [`drift_alert_${today()}.html`])
  assert.match(answer.metrics[0]!.metric_name, /^DriftedColumnsCount\(drift_share=0\.5\)/)
  assert.deepEqual([answer.metrics.length, answer.tests.length], [4, 4])
  const [amount] = answer.columns
  for (const key of 'name,type,method,score,threshold,drifted,psi,band,p_value,missing'.split(',')) {
    assert.ok(key in amount!, key)
  }
  assert.deepEqual([amount!.name, amount!.drifted, amount!.band], ['amount', true, 'retrain'])
  assert.deepEqual([answer.advice.retrain, answer.advice.cause], [true, 'input_drift'])
})

test('Evidently’s mode has its choices and numbers, one method its scores', async (t) => {
  const current = csv({ ...REFERENCE, amount: (row) => 2 * spread(row) })
  const result = await drift(t, { current }, ['--mode', 'evidently'])
  const answer = answerOf(result)
  assert.deepEqual([result.status, answer.passed], [1, false])
  const [, amount] = answer.metrics
  assert.equal(amount!.metric_name, 'ValueDrift(column=amount,method=K-S p_value,threshold=0.05)')
  const psi = answerOf(await drift(t, { current }, ['--mode', 'evidently', '--method', 'psi']))
  assert.ok(psi.columns.every(({ method }) => method === 'psi'))
  const unknown = await drift(t, { current }, ['--method', 'guess'])
  assert.equal(unknown.status, 2)
  assert.match(unknown.stderr, /"method" must be one of .*got guess/)
  const nothing = await runFds(['drift', '--current', 'week.csv'], { cwd: result.cwd })
  assert.deepEqual(
    [nothing.status, nothing.stderr],
    [2, 'error: there must be a --reference, or a --model with its profile\n'],
  )
})

test('the page opens in Korean if asked to', async (t) => {
  const { cwd } = await drift(t, { current: csv(REFERENCE) }, ['--lang', 'ko', '--out', 'page.html'])
  assert.match(await readFile(join(cwd, 'page.html'), 'utf8'), /<html lang="ko"/)
})

test('a share of drifted columns may be allowed; a vanished column never is', async (t) => {
  const moved = csv({ ...REFERENCE, amount: (row) => 2 * spread(row) })
  assert.equal((await drift(t, { current: moved }, ['--drift-share', '0.5'])).status, 0)
  assert.equal((await drift(t, { current: moved }, ['--drift-share', '0.3'])).status, 1)
  const { amount: _, ...rest } = REFERENCE
  assert.equal((await drift(t, { current: csv(rest) }, ['--drift-share', '0.9'])).status, 1)
})

test('labels that have not come yet are no fault', async (t) => {
  const reference = csv({ ...REFERENCE, isFraud: (row) => row % 2 })
  const late = await drift(t, { reference, current: csv(REFERENCE) }, ['--target', 'isFraud'])
  assert.equal(late.status, 0)
  assert.equal(late.stderr, 'not compared: isFraud, which the current data do not have yet\n')
  const unnamed = await drift(t, { reference, current: csv(REFERENCE) })
  assert.equal(unnamed.status, 1)
  assert.equal(answerOf(unnamed).columns.find(({ name }) => name === 'isFraud')!.status, 'vanished')
  const come = csv({ ...REFERENCE, isFraud: (row) => Number(row % 20 === 0) })
  const args = ['--target', 'isFraud', '--columns', 'amount']
  const drifted = answerOf(await drift(t, { reference, current: come }, args))
  assert.deepEqual(drifted.columns.map(({ name, drifted }) => [name, drifted]).sort(), [
    ['amount', false],
    ['isFraud', true],
  ])
})

const LINES: readonly {
  name: string
  files: { reference?: string; current: string; name?: string }
  line: RegExp
}[] = [
  {
    name: 'no common columns',
    files: { current: csv({ other: spread }) },
    line: /must share a column; the reference has amount, age, card; the current data have other/,
  },
  {
    name: 'duplicate names',
    files: { current: 'amount,amount\n1,2\n' },
    line: /got "amount" more than once in week\.csv/,
  },
  {
    name: 'no row',
    files: { current: 'amount,age,card\n' },
    line: /must hold a header and at least one row, got week\.csv/,
  },
  {
    name: 'an unreadable file',
    files: { current: 'no Parquet', name: 'week.parquet' },
    line: /Cannot read week\.parquet/,
  },
  {
    name: 'a text far down in a column of numbers',
    files: { current: `${csv(REFERENCE)}many,20,c1\n` },
    line: /week\.csv, row 401, column "amount": must be a number, got "many"/,
  },
]

for (const { name, files, line } of LINES) {
  test(`${name}: exit 2, one line, and no report`, { concurrency: true }, async (t) => {
    const { status, stdout, stderr, cwd } = await drift(t, files)
    assert.equal(status, 2, stderr)
    assert.equal(stdout, '')
    assert.match(stderr, line)
    assert.equal(stderr.trim().split('\n').length, 1)
    assert.ok(!readdirSync(cwd).includes('reports'))
  })
}

test('a reference that is not there, and a column that it lacks', async (t) => {
  const missing = await drift(t, { current: csv(REFERENCE) }, ['--reference', 'gone.csv'])
  assert.deepEqual([missing.status, missing.stderr], [2, 'error: No such file: gone.csv\n'])
  for (const option of ['--columns', '--target', '--prediction']) {
    const { status, stderr } = await drift(t, { current: csv(REFERENCE) }, [option, 'nothing'])
    assert.equal(status, 2)
    assert.match(stderr, /No column "nothing"; the columns are amount, age, card/)
  }
  const gone = await drift(t, { current: csv({ age: REFERENCE['age']! }) }, ['--columns', 'amount,card'])
  assert.equal(gone.status, 2)
  assert.match(gone.stderr, /the reference has amount, card; the current data have none of them/)
  const none = await drift(t, { current: csv(REFERENCE) }, ['--columns', ''])
  assert.deepEqual([none.status, none.stderr], [2, 'error: --columns must name a column\n'])
})

interface Row {
  readonly name: string
  readonly reference?: Columns
  readonly current: Columns
  readonly rows?: number
  readonly args?: readonly string[]
  /** The column to look at, and what must be true of its row. */
  readonly column: string
  readonly is: Partial<ColumnDrift>
  readonly message: RegExp
}

const day = (row: number) => new Date(Date.UTC(2026, 0, 1 + row)).toISOString().slice(0, 10)

const BAD_COLUMNS: readonly Row[] = [
  {
    name: 'a column without any value',
    current: { ...REFERENCE, amount: () => '' },
    column: 'amount',
    is: { drifted: true, missing: { reference: 0, current: 1 } },
    message: /\w/,
  },
  {
    name: 'a constant column',
    reference: { ...REFERENCE, amount: () => 7 },
    current: { ...REFERENCE, amount: () => 7 },
    column: 'amount',
    is: { status: 'compared', drifted: false },
    message: /\w/,
  },
  {
    name: 'a constant that became another',
    reference: { ...REFERENCE, amount: () => 7 },
    current: { ...REFERENCE, amount: () => 8 },
    column: 'amount',
    is: { status: 'compared', drifted: true },
    message: /\w/,
  },
  { name: 'one row', current: REFERENCE, rows: 1, column: 'amount', is: { drifted: false }, message: /\w/ },
  {
    name: 'a type that changed',
    current: { ...REFERENCE, amount: (row) => `much${row % 5}` },
    column: 'amount',
    is: { status: 'type_changed', drifted: true },
    message: /type changed from number to text/i,
  },
  {
    name: 'dates',
    reference: { ...REFERENCE, day },
    current: { ...REFERENCE, day: (row) => day(row + 400) },
    column: 'day',
    is: { type: 'datetime', status: 'not_compared', drifted: false },
    message: /times/i,
  },
  {
    name: 'numbers and texts in one column, read as texts',
    reference: { ...REFERENCE, code: (row) => (row % 2 ? row % 4 : 'none') },
    current: { ...REFERENCE, code: (row) => row % 4 },
    args: ['--text', 'code'],
    column: 'code',
    is: { type: 'cat', status: 'compared', drifted: true },
    message: /\w/,
  },
]

for (const { name, reference = REFERENCE, current, rows, args, column, is, message } of BAD_COLUMNS) {
  test(`${name}: a row that says so, beside the others`, { concurrency: true }, async (t) => {
    const files = { reference: csv(reference), current: csv(current, rows) }
    const result = await drift(t, files, args)
    const { columns } = answerOf(result)
    const row = columns.find((each) => each.name === column)!
    for (const [key, value] of Object.entries(is)) assert.deepEqual(row[key as keyof ColumnDrift], value, key)
    assert.match(row.message, message)
    assert.equal(result.status, row.drifted ? 1 : 0)
    assert.equal(columns.filter(({ status }) => status === 'compared').length >= 2, true)
  })
}

test('100,000 categories: a row, and a page of usual size', async (t) => {
  const categories = { ...REFERENCE, card: (row: number) => `card ${row}` }
  const files = { reference: csv(categories, 100_000), current: csv(categories, 100_000) }
  const result = await drift(t, files, ['--out', 'page.html'])
  assert.equal(result.status, 0, result.stderr)
  assert.equal(answerOf(result).columns.find(({ name }) => name === 'card')!.drifted, false)
  assert.ok((await readFile(join(result.cwd, 'page.html'))).length < 1e6)
})

test('drift is told to Slack and PagerDuty where they are configured, unless told not to', async (t) => {
  const server = await startAlertServer(t)
  const environment = alertsTo(server.url)
  const current = csv({ ...REFERENCE, amount: (row) => 2 * spread(row) })
  const told = await drift(t, { current }, [], environment)
  assert.deepEqual([told.status, answerOf(told).notified, told.stderr], [1, ['slack', 'pagerduty'], ''])
  const slack = JSON.parse(server.received.find(({ path }) => path === '/services/T/B/secret')!.body)
  assert.match(slack.text, /^\*Drift in 1 column \(33\.3 %\)\*\nweek\.csv against train\.csv\n• \*amount\*/)
  assert.match(slack.text, new RegExp(`<https://reports\\.example/fds/drift_alert_${today()}\\.html\\|`))
  const event = JSON.parse(server.received.find(({ path }) => path === '/v2/enqueue')!.body)
  assert.equal(event.event_action, 'trigger')

  const well = await drift(t, { current: csv(REFERENCE) }, [], environment)
  assert.deepEqual([well.status, answerOf(well).notified], [0, ['pagerduty']])
  const resolved = JSON.parse(server.received.at(-1)!.body)
  assert.deepEqual([resolved.event_action, resolved.dedup_key], ['resolve', event.dedup_key])

  const before = server.received.length
  const quiet = await drift(t, { current }, ['--no-notify'], environment)
  assert.deepEqual([quiet.status, server.received.length], [1, before])
})

test('an alert names the broken columns first, and asks for their repair', async (t) => {
  const server = await startAlertServer(t)
  const emptied = (row: number) => (row % 3 === 0 ? 18 + (row % 60) : '')
  const current = csv({ ...REFERENCE, amount: (row) => 9 * spread(row), age: emptied })
  const { status } = await drift(t, { current }, [], alertsTo(server.url))
  assert.equal(status, 1)
  const { text } = JSON.parse(server.received.find(({ path }) => path === '/services/T/B/secret')!.body)
  assert.match(text, /Drift in 2 columns \(66\.7 %\), 1 of them broken/)
  assert.match(text, /• \*age\*.*\n• \*amount\*.*\nRepair the data first: "age" is broken\./)
  const event = JSON.parse(server.received.find(({ path }) => path === '/v2/enqueue')!.body)
  assert.equal(event.payload.severity, 'error')
})

test('an alert that fails is one line without the secret, and changes no verdict', async (t) => {
  const server = await startAlertServer(t, [{ status: 404 }])
  const { FDS_PAGERDUTY_ROUTING_KEY: _, ...environment } = alertsTo(server.url)
  const current = csv({ ...REFERENCE, amount: (row) => 2 * spread(row) })
  const { status, stderr } = await drift(t, { current }, [], environment)
  assert.equal(status, 1)
  assert.equal(stderr, 'The alert must reach slack, got HTTP 404; the verdict stands\n')
})

test('an address that is not secure is refused before anything is read', async (t) => {
  const { status, stderr } = await drift(t, { current: '' }, [], {
    FDS_SLACK_WEBHOOK_URL: 'http://hooks.slack.com/services/T/B/secret',
  })
  assert.deepEqual(
    [status, stderr],
    [2, 'error: Setting FDS_SLACK_WEBHOOK_URL must be an https:// address, got another text\n'],
  )
})

function alertsTo(url: string) {
  return {
    NODE_EXTRA_CA_CERTS: CERTIFICATE,
    FDS_SLACK_WEBHOOK_URL: `${url}/services/T/B/secret`,
    FDS_PAGERDUTY_ROUTING_KEY: 'secret',
    FDS_PAGERDUTY_URL: `${url}/v2/enqueue`,
    FDS_REPORT_URL: 'https://reports.example/fds/',
  }
}
