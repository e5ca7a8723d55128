import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Transaction } from '../../src/data/transaction.ts'
import { servedModel, servedModels } from '../../src/serving/experiments/served-models.fixture.ts'
import type { Decision } from '../../src/serving/log/decision.ts'
import type { DecisionLog } from '../../src/serving/log/decision-log.ts'
import { fixtureModel } from '../../src/serving/models/model.fixture.ts'
import { createTelemetry } from '../../src/serving/telemetry/telemetry.ts'
import { openLoad } from '../http-load.ts'
import { median } from '../medians.ts'
import type { Row } from '../rows.ts'
import { timed } from '../timed.ts'
import { makeHome, NUMBERS, payments, type Side, startOurs, startOursWithout, stop } from './sides.ts'

const CONNECTIONS = 64
const WARM_UP_SECONDS = 2
const SECONDS = 3
const ROUNDS = 6
const SCRAPES = 50
const COUNTED = 300_000
/** Linux counts a process's time in hundredths of a second. */
const TICK_SECONDS = 0.01

interface Taken {
  readonly rate: number
  /** Of the whole process, its threads included. */
  readonly cpuMicroseconds: number
}

/**
 * What the counts cost: decisions a second, and CPU time a decision, with all telemetry and with none, fresh processes
 * in turn, the first one of each pair changing; medians of six pairs. Then how long one scrape of such a process takes,
 * over HTTP, median and worst of fifty.
 */
export async function benchTelemetry(): Promise<readonly Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'fds-bench-'))
  try {
    await makeHome(home)
    const pairs: { readonly on: Taken; readonly off: Taken }[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const takeOn = () => taken(() => startOurs(home))
      const takeOff = () => taken(() => startOursWithout(home, 'without-telemetry.ts'))
      const isFirst = round % 2 === 0
      const first = await (isFirst ? takeOn : takeOff)()
      const second = await (isFirst ? takeOff : takeOn)()
      pairs.push(isFirst ? { on: first, off: second } : { on: second, off: first })
    }
    return [...costRows(pairs), ...countingRows(), await scrapeRow(home)]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function costRows(pairs: readonly { readonly on: Taken; readonly off: Taken }[]): Row[] {
  const [on, off] = (['on', 'off'] as const).map((side) => pairs.map((pair) => pair[side]))
  const row = (name: string, read: (taken: Taken) => number, unit: string): Row => {
    const [withCounts, without] = [median(on!.map(read)), median(off!.map(read))]
    const change = median(pairs.map((pair) => read(pair.on) / read(pair.off) - 1))
    const percent = `${change > 0 ? '+' : ''}${(100 * change).toFixed(1)} %`
    return {
      name,
      value: `${withCounts.toFixed(0)} ${unit} with telemetry, ${without.toFixed(0)} without: ${percent}`,
    }
  }
  return [
    row('POST /predict', ({ rate }) => rate, 'requests/s'),
    row('CPU of one decision', ({ cpuMicroseconds }) => cpuMicroseconds, 'µs'),
  ]
}

/**
 * The same cost alone, least of seven runs, which no other program on the machine changes: everything that is counted
 * of one request, and of it what counting 30 columns against the champion's profile takes.
 */
function countingRows(): Row[] {
  const { files } = fixtureModel({ rows: 4000, numbers: NUMBERS })
  const champion = servedModel('champion', '1', files)
  const { drift, score } = champion.scorer
  const log = { depth: 0, durability: 'group', onCommit: () => {} } as unknown as DecisionLog
  const telemetry = createTelemetry({
    models: servedModels({ champion }),
    log,
    now: Date.now,
    shadowsWaiting: () => 0,
  })
  const decision = { riskLevel: 'approve', arm: 'champion', probability: 0.01 } as Decision
  const request = { endpoint: '/predict', status: 200, arm: 'champion', seconds: 0.002 } as const
  score(payments(1)[0] as Transaction)
  const microseconds = (count: (i: number) => void) => {
    const { least } = timed(() => {
      for (let i = 0; i < COUNTED; i++) count(i)
      return telemetry
    })
    return `${((1000 * least) / COUNTED).toFixed(2)} µs a decision`
  }
  const all = (i: number) => {
    telemetry.requestStarted()
    drift!.count((i % 100) / 100, i)
    telemetry.decided(decision)
    telemetry.requestEnded(request)
  }
  return [
    { name: 'all counts of a request', value: microseconds(all) },
    {
      name: `live PSI of ${drift!.features.length - 1} columns and the score`,
      value: microseconds((i) => drift!.count((i % 100) / 100, i)),
    },
  ]
}

async function taken(start: () => Promise<Side>): Promise<Taken> {
  const side = await start()
  try {
    const target = {
      address: side.address,
      path: '/predict',
      body: JSON.stringify(payments(1)[0]),
      connections: CONNECTIONS,
    }
    await openLoad({ ...target, seconds: WARM_UP_SECONDS })
    const before = cpuSecondsOf(side)
    const { latencies } = await openLoad({ ...target, seconds: SECONDS })
    const cpu = cpuSecondsOf(side) - before
    return { rate: latencies.length / SECONDS, cpuMicroseconds: (1e6 * cpu) / latencies.length }
  } finally {
    await stop(side)
  }
}

function cpuSecondsOf({ child }: Side): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS
}

async function scrapeRow(home: string): Promise<Row> {
  const side = await startOurs(home)
  try {
    const body = JSON.stringify(payments(600))
    const headers = { 'content-type': 'application/json' }
    await fetch(`${side.address}/predict/batch`, { method: 'POST', body, headers })
    let text = ''
    const times: number[] = []
    for (let scrape = 0; scrape < SCRAPES; scrape++) {
      const start = performance.now()
      text = await (await fetch(`${side.address}/metrics`)).text()
      times.push(performance.now() - start)
    }
    const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
    return {
      name: `GET /metrics, ${series} series`,
      value: `${median(times).toFixed(2)} ms (worst ${Math.max(...times).toFixed(1)} ms)`,
    }
  } finally {
    await stop(side)
  }
}
