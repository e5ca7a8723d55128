// Several worker processes are one service: one port, one log, one scrape.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporarySettings, trainChampion } from './champion.ts'
import { runFds, startFds, temporaryFolder } from './fds.ts'

const PAYMENT = { amount: 12.5, customer_id: 'c1' }

function workersOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
  return lines.map(Number)
}

async function predict(address: string, id: string): Promise<unknown> {
  const body = JSON.stringify({ ...PAYMENT, transaction_id: id })
  const headers = { 'content-type': 'application/json', connection: 'close' }
  const response = await fetch(`${address}/predict`, { method: 'POST', headers, body })
  assert.equal(response.status, 200)
  return response.json()
}

async function predictMany(address: string, count: number): Promise<void> {
  const body = JSON.stringify(Array.from({ length: count }, () => PAYMENT))
  const headers = { 'content-type': 'application/json', connection: 'close' }
  const response = await fetch(`${address}/predict/batch`, { method: 'POST', headers, body })
  assert.equal(response.status, 200)
}

/** The sum of the series whose lines start so; NaN where there is none. */
async function read(address: string, series: string): Promise<number> {
  const text = await (await fetch(`${address}/metrics`, { headers: { connection: 'close' } })).text()
  const lines = text.split('\n').filter((candidate) => candidate.startsWith(series))
  return lines.length === 0
    ? Number.NaN
    : lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

const PREDICTIONS = 'fds_requests_total{endpoint="/predict",status="200"'

/**
 * Waits until a series has its value: an answer's end is counted a moment after it came, and a connection may meet a
 * worker that dies.
 */
async function untilReads(address: string, series: string, value: number): Promise<void> {
  let last: number | undefined
  for (let i = 0; i < 200 && last !== value; i++) {
    if (i > 0) await sleep(50)
    last = await read(address, series).catch(() => undefined)
  }
  assert.equal(last, value, series)
}

test('workers answer as one service, a dead one is replaced, and no count falls', async (t) => {
  const settings = temporarySettings()
  await trainChampion(settings)
  const { home } = settings
  const service = await startFds(['serve', '--workers', '2', '--port', '0', '--home', home])
  const { address } = service
  const pid = service.process.pid!
  t.after(() => service.process.kill('SIGKILL'))

  const first = await Promise.all(Array.from({ length: 40 }, (_, i) => predict(address, `tx-${i}`)))
  await untilReads(address, PREDICTIONS, 40)
  await untilReads(address, 'fds_workers{state="answering"}', 2)

  await Promise.all(Array.from({ length: 6 }, () => predictMany(address, 100)))
  await untilReads(address, 'fds_drift_bin_total{feature="score"', 640)
  assert.ok((await read(address, 'fds_drift_psi{feature="amount"}')) > 0.25, 'all of one amount')

  const [killed, other] = workersOf(pid)
  process.kill(killed!, 'SIGKILL')
  await untilReads(address, 'fds_worker_restarts_total', 1)
  await untilReads(address, 'fds_workers{state="answering"}', 2)
  assert.ok(workersOf(pid).includes(other!) && !workersOf(pid).includes(killed!))
  assert.equal(await read(address, PREDICTIONS), 40, 'the counts of the dead worker stay')
  assert.equal(await read(address, 'fds_drift_bin_total{feature="score"'), 640)

  const again = await Promise.all(Array.from({ length: 40 }, (_, i) => predict(address, `tx-${i}`)))
  assert.deepEqual(again, first, 'whichever worker is asked, a decision stands')
  await untilReads(address, PREDICTIONS, 80)

  const second = await runFds(['serve', '--workers', '2', '--port', '0', '--home', home])
  assert.equal(second.status, 2)
  assert.match(second.stderr, /Another server already runs/)

  assert.equal(await service.stop(), 0)
  assert.throws(() => process.kill(other!, 0), { code: 'ESRCH' }, 'no worker outlives the service')
})

test('workers that cannot start end the command with their reason, in one line', async (t) => {
  const home = await temporaryFolder(t)
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const { status, stdout, stderr } = await runFds([
    ...['serve', '--workers', '2', '--port', String(port), '--home', home],
  ])
  assert.deepEqual([status, stdout], [2, ''])
  assert.match(stderr, /^error: Port \d+ on 127\.0\.0\.1 is taken/)
  assert.equal(stderr.trimEnd().split('\n').length, 1)
})

test('one worker serves in the process itself until it is stopped', async (t) => {
  const home = await temporaryFolder(t)
  const service = await startFds(['serve', '--port', '0', '--home', home])
  assert.equal((await fetch(`${service.address}/health`)).status, 200)
  assert.equal(service.process.exitCode, null)
  assert.equal(await service.stop(), 0)
})
