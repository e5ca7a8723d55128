import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableRows } from '../../src/data/table.ts'
import { fixtureModel, fixtureTable } from '../../src/serving/models/model.fixture.ts'
import { openFixtureRegistry } from '../../src/serving/models/registry.fixture.ts'
import { freePort } from '../../test/interop/postgres.ts'
import { pythonOf } from '../../test/interop/python.ts'

/** As `fds serve` sets them for itself, in src/cli/main.js. */
const SMALL_HEAP = ['--max-semi-space-size=16', '--heap-growing-percent=50']
export const NUMBERS = 22
const TREES = 300
const PEER = {
  name: 'fastapi-0.121.3',
  packages: [
    'fastapi==0.121.3',
    'uvicorn[standard]==0.38.0',
    'prometheus-client==0.23.1',
    'xgboost==3.2.0',
    'numpy==2.4.6',
  ],
}

/** A service under load. */
export interface Side {
  readonly address: string
  readonly child: ChildProcess
}

/** A home with a champion of 300 trees on 30 columns, and what the peer needs of the same model. */
export async function makeHome(home: string): Promise<void> {
  const registry = await openFixtureRegistry(home, { now: Date.now })
  const { files, spec } = fixtureModel({ rows: 4000, numbers: NUMBERS, trees: TREES })
  await registry.setAlias('champion', await registry.register(files))
  await registry.server.close()
  writeFileSync(join(home, 'model.json'), files.get('model.json')!)
  writeFileSync(join(home, 'columns.json'), JSON.stringify(spec.features.map(({ input }) => input)))
}

/** Bodies without an id, so that each request is a decision of its own. */
export function payments(rows: number): object[] {
  return [...tableRows(fixtureTable({ rows, numbers: NUMBERS, seed: 2 }))].map(
    ({ transaction_id: _, ...payment }) => payment,
  )
}

export function startOurs(home: string, ...args: string[]): Promise<Side> {
  return start(process.execPath, [...SMALL_HEAP, join(import.meta.dirname, 'service.ts'), home, ...args])
}

/** The same with a module preloaded that takes something out of it. */
export function startOursWithout(home: string, module: string): Promise<Side> {
  const preload = `--import=${join(import.meta.dirname, module)}`
  return start(process.execPath, [...SMALL_HEAP, preload, join(import.meta.dirname, 'service.ts'), home])
}

export function startEcho(): Promise<Side> {
  return start(process.execPath, [join(import.meta.dirname, 'echo.ts')])
}

/** The specification's stack; see peer.py. */
export async function startPeer(home: string): Promise<Side> {
  const python = await pythonOf(PEER)
  const port = await freePort()
  const files = ['model.json', 'columns.json', `peer-${port}.db`].map((file) => join(home, file))
  const args = [join(import.meta.dirname, 'peer.py'), ...files, String(port)]
  const child = spawn(python, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const address = `http://127.0.0.1:${port}`
  for (let look = 0; look < 300; look++) {
    if (
      await fetch(`${address}/docs`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return { address, child }
    await sleep(100)
  }
  throw new Error('the peer did not start within 30 s')
}

export async function stop({ child }: Side): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

async function start(program: string, args: readonly string[]): Promise<Side> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [address] = await once(child.stdout, 'data')
  return { child, address: String(address) }
}
