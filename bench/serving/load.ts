import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLoad } from '../http-load.ts'
import { median } from '../medians.ts'
import type { Row } from '../rows.ts'
import { makeHome, payments, type Side, startEcho, startOurs, startPeer, stop } from './sides.ts'

const SECONDS = 4
const CONNECTIONS = 64
const ROUNDS = 3
const BATCH_ROWS = 1000

/**
 * How many decisions a second one process takes, each scored by 300 trees on 30 columns, counted in metrics and synced
 * to the log before its answer; the same without a log; a bare `node:http` echo of the same body; and the
 * specification's own stack. Three rounds in one run, each side in a fresh process, in turning order, medians. The load
 * comes from this process over 64 kept-alive connections, so both share the machine. Latency is measured with arrivals
 * at fixed times, half of the rate that was reached, from the time when a request was due.
 */
export async function benchLoad(): Promise<readonly Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'fds-bench-'))
  try {
    await makeHome(home)
    const sides = {
      echo: { start: startEcho, path: '/' },
      ours: { start: () => startOurs(home), path: '/predict' },
      'ours without a log': { start: () => startOurs(home, '--without-log'), path: '/predict' },
      peer: { start: () => startPeer(home), path: '/predict' },
    }
    const rates = await rounds(sides)
    return [...ratesOf(rates), ...(await latencies(median(rates.ours)))]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** Rows a second in bodies of a thousand, three rounds. */
export async function benchBatch(): Promise<readonly Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'fds-bench-'))
  try {
    await makeHome(home)
    const sides = { ours: { start: () => startOurs(home), path: '/predict/batch' } }
    const body = JSON.stringify(payments(BATCH_ROWS))
    const { ours } = await rounds(sides, { body, connections: 4 })
    return [
      {
        name: 'POST /predict/batch, 1,000 rows a body',
        value: `${Math.round(median(ours) * BATCH_ROWS)} rows/s (${ours.map((rate) => Math.round(rate * BATCH_ROWS)).join(', ')})`,
      },
    ]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

interface SidePlan {
  readonly start: () => Promise<Side>
  readonly path: string
}

async function rounds<Name extends string>(
  sides: Readonly<Record<Name, SidePlan>>,
  load = { body: JSON.stringify(payments(1)[0]), connections: CONNECTIONS },
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[]
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < ROUNDS; round++) {
    const order = [...names.slice(round % names.length), ...names.slice(0, round % names.length)]
    for (const name of order) {
      const side = await sides[name].start()
      try {
        rates[name].push(await saturate({ ...load, address: side.address, path: sides[name].path }))
      } finally {
        await stop(side)
      }
    }
  }
  return rates
}

type Target = Omit<Parameters<typeof openLoad>[0], 'seconds' | 'rate'>

/** Requests a second when every connection asks again as soon as it is answered; the first two seconds warm up. */
async function saturate(target: Target): Promise<number> {
  await openLoad({ ...target, seconds: 2 })
  const { latencies } = await openLoad({ ...target, seconds: SECONDS })
  return latencies.length / SECONDS
}

function ratesOf(rates: Record<'echo' | 'ours' | 'ours without a log' | 'peer', number[]>): Row[] {
  const [echo, ours, bare, peer] = [rates.echo, rates.ours, rates['ours without a log'], rates.peer].map(
    median,
  )
  const perSecond = (rate: number, all: readonly number[]) =>
    `${Math.round(rate)} requests/s (${all.map(Math.round).join(', ')})`
  return [
    { name: 'bare node:http echo', value: perSecond(echo!, rates.echo) },
    { name: 'FastAPI, XGBoost, prometheus_client, SQLite', value: perSecond(peer!, rates.peer) },
    {
      name: 'POST /predict',
      value: `${perSecond(ours!, rates.ours)}: ${Math.round((100 * ours!) / echo!)} % of the echo, ${(ours! / peer!).toFixed(1)} × the peer`,
    },
    {
      name: 'POST /predict without a log',
      value: `${perSecond(bare!, rates['ours without a log'])}: the log costs ${(100 * (1 - ours! / bare!)).toFixed(0)} %`,
    },
  ]
}

/** On a home of its own: the disk is busy for a while with what the rounds before have written. */
async function latencies(rate: number): Promise<Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'fds-bench-'))
  await makeHome(home)
  const side = await startOurs(home)
  try {
    const body = JSON.stringify(payments(1)[0])
    const target = { address: side.address, path: '/predict', body, connections: CONNECTIONS }
    await openLoad({ ...target, seconds: 2 })
    const open = await openLoad({ ...target, seconds: 2 * SECONDS, rate: rate / 2 })
    return [
      { name: `POST /predict at ${Math.round(rate / 2)} requests/s`, value: latencyText(open.latencies) },
    ]
  } finally {
    await stop(side)
    rmSync(home, { recursive: true, force: true })
  }
}

function latencyText(latencies: readonly number[]): string {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number) => `${sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(2)} ms`
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, p99.9 ${at(0.999)}`
}
