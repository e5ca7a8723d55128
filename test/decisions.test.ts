// `fds decisions`: days of the log as files that drift and training read, and the end of old days.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { columnOf, readTable, type Table, tableRows, writeTable } from '../src/data/index.ts'
import { createLogger } from '../src/log.ts'
import { openDecisionLog } from '../src/serving/index.ts'
import { decisionOf, labelOf, shadowOf } from '../src/serving/log/log.fixture.ts'
import { runFds, temporaryFolder } from './fds.ts'

const ROWS = 400
const FIRST = Date.UTC(2026, 0, 1) / 1000
const DAY = 86_400
const spread = (row: number) => (row * 7919) % 1000
const payment = (row: number, shift: number) => ({
  amount: spread(row) + shift,
  age: 18 + (row % 60),
  channel: ['app', 'web', 'shop'][row % 3],
  online: row % 2 === 0,
})

/** A log of two days, the second of which holds larger amounts, and the data that its model saw. */
async function prepare(t: TestContext) {
  const cwd = await temporaryFolder(t)
  const home = join(cwd, 'home')
  const log = await openDecisionLog({ home, now: Date.now, logger: createLogger('silent') })
  const rows = Array.from({ length: 2 * ROWS }, (_, i) => i)
  const decisions = rows.map((row) => {
    const day = row < ROWS ? 0 : 1
    return decisionOf(`tx-${row}`, {
      transactionJson: JSON.stringify(payment(row, 3000 * day)),
      createdAt: FIRST + day * DAY + (row % ROWS) * 200,
      eventTime: row === 1 ? null : FIRST + row,
      experiment: row === 2 ? 'e-1' : null,
    })
  })
  await log.record(decisions)
  await log.addShadows([shadowOf('tx-2')])
  await log.addLabels([
    labelOf('tx-3', { labelTime: FIRST + 20 }),
    labelOf('tx-3', { isFraud: false, labelTime: FIRST + 10, source: 'review' }),
    labelOf('tx-nobody'),
  ])
  await log.close()
  await writeTable(join(cwd, 'train.parquet'), trainTable())
  const fds = (...args: string[]) => runFds([...args, '--json'], { cwd, environment: { FDS_HOME: home } })
  return { cwd, fds }
}

function trainTable(): Table {
  const rows = Array.from({ length: ROWS }, (_, row) => payment(row, 0))
  const channels = ['app', 'web', 'shop']
  return {
    rowCount: ROWS,
    columns: [
      { name: 'amount', kind: 'number', values: Float64Array.from(rows, (row) => row.amount) },
      { name: 'age', kind: 'number', values: Float64Array.from(rows, (row) => row.age) },
      {
        name: 'channel',
        kind: 'text',
        codes: Int32Array.from(rows, (row) => channels.indexOf(row.channel!)),
        categories: channels,
      },
      { name: 'online', kind: 'boolean', values: Float64Array.from(rows, (row) => Number(row.online)) },
    ],
  }
}

test('a day is a file that drift reads like any other, however many columns stand beside', async (t) => {
  const { cwd, fds } = await prepare(t)
  const exported = JSON.parse((await fds('decisions', 'export', '--out', 'days')).stdout)
  assert.deepEqual(exported.days, [
    { day: '2026-01-01', file: join('days', 'decisions_2026-01-01.parquet'), decisions: ROWS },
    { day: '2026-01-02', file: join('days', 'decisions_2026-01-02.parquet'), decisions: ROWS },
  ])
  const drift = async (day: string) => {
    const current = join('days', `decisions_${day}.parquet`)
    const { status, stdout } = await fds('drift', '--reference', 'train.parquet', '--current', current)
    const { columns } = JSON.parse(stdout) as { columns: { name: string; drifted: boolean }[] }
    return [status, columns.filter((column) => column.drifted).map((column) => column.name)]
  }
  assert.deepEqual(await drift('2026-01-01'), [0, []])
  assert.deepEqual(await drift('2026-01-02'), [1, ['amount']])
  const table = await readTable(join(cwd, 'days', 'decisions_2026-01-01.parquet'))
  assert.deepEqual(columnOf(table, 'amount'), columnOf(trainTable(), 'amount'))
})

test('beside the payment stand the decision, its shadow and the label that counts now', async (t) => {
  const { cwd, fds } = await prepare(t)
  const { status } = await fds('decisions', 'export', '--out', 'days', '--to', '2026-01-01')
  assert.equal(status, 0)
  const table = await readTable(join(cwd, 'days', 'decisions_2026-01-01.parquet'))
  const [, bare, shadowed, labelled] = [...tableRows(table)]
  assert.deepEqual(shadowed, {
    fds_transaction_id: 'tx-2',
    fds_entity: 'customer-1',
    fds_event_time: '2026-01-01T00:00:02.000Z',
    fds_decided_at: '2026-01-01T00:06:40.000Z',
    fds_experiment: 'e-1',
    fds_arm: 'champion',
    fds_failed_arm: null,
    fds_model_name: 'fraud_detector',
    fds_model_version: '1',
    fds_policy_version: 'p-12345678',
    fds_probability: 0.1234567890123,
    fds_risk_level: 'approve',
    fds_latency_ms: 1.5,
    fds_shadow_arm: 'challenger',
    fds_shadow_version: '2',
    fds_shadow_probability: 0.75,
    fds_shadow_risk_level: 'block',
    fds_is_fraud: null,
    fds_label_time: null,
    fds_label_source: null,
    ...payment(2, 0),
  })
  assert.deepEqual([bare!['fds_event_time'], bare!['fds_shadow_arm']], [null, null])
  assert.deepEqual(
    [labelled!['fds_is_fraud'], labelled!['fds_label_time'], labelled!['fds_label_source']],
    [1, '2026-01-01T00:00:20.000Z', 'chargeback'],
  )
})

test('prune deletes exported days alone, and only when told', async (t) => {
  const { cwd, fds } = await prepare(t)
  const prune = async (...args: string[]) => {
    const { status, stdout, stderr } = await fds('decisions', 'prune', '--older-than', '1d', ...args)
    return status === 0 ? JSON.parse(stdout) : stderr
  }
  assert.match(await prune('--yes'), /400 decisions of 2026-01-01 must be exported/)
  await fds('decisions', 'export', '--out', 'days', '--to', '2026-01-01')
  assert.match(await prune('--yes'), /400 decisions of 2026-01-02 must be exported/)
  const days = [
    { day: '2026-01-01', decisions: ROWS },
    { day: '2026-01-02', decisions: ROWS },
  ]
  assert.deepEqual(await prune('--unexported'), { days, deleted: false })
  assert.deepEqual(await prune('--unexported', '--yes'), { days, deleted: true })
  assert.deepEqual(await prune('--yes'), { days: [], deleted: true })
  const log = await openDecisionLog({
    home: join(cwd, 'home'),
    now: Date.now,
    logger: createLogger('silent'),
  })
  t.after(() => log.close())
  assert.equal(await log.find('tx-3'), undefined)
  await log.record([decisionOf('tx-3'), decisionOf('tx-nobody')])
  const { labels, shadow } = await log.getDecision('tx-3')
  assert.deepEqual([labels, shadow], [[], null])
  assert.equal((await log.getDecision('tx-nobody')).labels.length, 1)
})

test('days and ages that are none are refused', async (t) => {
  const { fds } = await prepare(t)
  const refused = [
    ['export', '--out', 'days', '--from', '2026-02-30'],
    ['export', '--out', 'days', '--to', 'today'],
    ['prune', '--older-than', '400'],
  ]
  for (const args of refused) {
    const { status, stderr } = await fds('decisions', ...args)
    assert.equal(status, 2)
    assert.match(stderr, /must be a/)
  }
})
