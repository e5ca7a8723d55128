import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableRows } from '../src/data/table.ts'
import { fixtureModel, fixtureTable } from '../src/serving/models/model.fixture.ts'
import { openFixtureRegistry } from '../src/serving/models/registry.fixture.ts'
import { openLoad } from './http-load.ts'

const SECONDS = 5
const CONNECTIONS = 64
const NUMBERS = 22
const TREES = 300
const BATCH_ROWS = 1000
const SERVE = join(import.meta.dirname, '../test/fixtures/serving/serve.ts')
const ECHO = `const { createServer } = require('node:http')
const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString())
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ transaction_id: 'x', amount: body.amount, model: { name: 'echo', version: '1' } }))
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write('http://127.0.0.1:' + server.address().port))`

/**
 * How many decisions a second one process takes, each scored by 300 trees on 30 columns, counted in metrics and
 * synced to the log before its answer, beside a bare `node:http` echo of the same body in the same run. The load
 * comes from this process over ${CONNECTIONS} kept-alive connections, so both share the machine. Latency is measured
 * with arrivals at fixed times (half of the rate that was reached), from the time when a request was due.
 */
export async function benchServing(): Promise<readonly { name: string; value: string }[]> {
  const home = mkdtempSync(join(tmpdir(), 'fds-bench-'))
  const service = await startService(home)
  const echo = await start(process.execPath, ['-e', ECHO])
  try {
    const payment = JSON.stringify(payments(1)[0])
    const bare = await saturate(echo.address, '/', payment)
    const rate = await saturate(service.address, '/predict', payment)
    const open = await openLoad({ ...target(service.address, '/predict', payment), rate: rate / 2 })
    const batches = await saturate(service.address, '/predict/batch', JSON.stringify(payments(BATCH_ROWS)), 4)
    return [
      { name: 'bare node:http echo', value: perSecond(bare) },
      {
        name: 'POST /predict',
        value: `${perSecond(rate)}, ${Math.round((100 * rate) / bare)} % of the echo`,
      },
      { name: `POST /predict at ${Math.round(rate / 2)} requests/s`, value: latencyText(open.latencies) },
      { name: 'POST /predict/batch, 1,000 rows a body', value: `${Math.round(batches * BATCH_ROWS)} rows/s` },
    ]
  } finally {
    service.child.kill('SIGKILL')
    echo.child.kill('SIGKILL')
    rmSync(home, { recursive: true, force: true })
  }
}

async function startService(home: string) {
  const registry = await openFixtureRegistry(home, { now: Date.now })
  const { files } = fixtureModel({ rows: 4000, numbers: NUMBERS, trees: TREES })
  await registry.setAlias('champion', await registry.register(files))
  await registry.server.close()
  return start(process.execPath, [SERVE, home])
}

async function start(program: string, args: readonly string[]) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [address] = await once(child.stdout, 'data')
  return { child, address: String(address) }
}

/** Bodies without an id, so that each request is a decision of its own. */
function payments(rows: number) {
  return [...tableRows(fixtureTable({ rows, numbers: NUMBERS, seed: 2 }))].map(
    ({ transaction_id: _, ...payment }) => payment,
  )
}

function target(address: string, path: string, body: string) {
  return { address, path, body, connections: CONNECTIONS, seconds: SECONDS }
}

/** Requests a second when every connection asks again as soon as it is answered; the first second warms up. */
async function saturate(
  address: string,
  path: string,
  body: string,
  connections = CONNECTIONS,
): Promise<number> {
  await openLoad({ ...target(address, path, body), connections, seconds: 1 })
  const { latencies } = await openLoad({ ...target(address, path, body), connections })
  return latencies.length / SECONDS
}

function perSecond(rate: number): string {
  return `${Math.round(rate)} requests/s`
}

function latencyText(latencies: readonly number[]): string {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number) => `${sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(2)} ms`
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, p99.9 ${at(0.999)}`
}
