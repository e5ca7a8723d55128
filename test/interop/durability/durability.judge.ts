// Acknowledged means durable: eight writers log to a tracking server that is killed again and again.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MlflowClient } from '../../../src/tracking/index.ts'
import { type RunningServer, startOurs } from '../mlflow/servers.ts'
import { freePort, startPostgres } from '../postgres.ts'
import { progress } from '../python.ts'
import { missingWrites } from './check-writes.ts'
import type { Acknowledged } from './writes.ts'

const SECONDS = 60
const WRITERS = 8
const KILLS = 5
const WRITER = join(import.meta.dirname, 'writer.ts')

describe('eight writers lose nothing that was acknowledged when the server is killed', {
  concurrency: true,
}, () => {
  test('on SQLite', () => inFolder((folder) => survive('SQLite', { folder })))
  test('on PostgreSQL', () =>
    inFolder(async (folder) => {
      const postgres = await startPostgres()
      try {
        await survive('PostgreSQL', { folder, databaseUrl: await postgres.createDatabase('durability') })
      } finally {
        await postgres.stop()
      }
    }))
})

interface Place {
  readonly folder: string
  readonly databaseUrl?: string
}

async function survive(store: string, place: Place): Promise<void> {
  const options = { ...place, port: await freePort() }
  let server = await startOurs(options)
  const writers = Array.from({ length: WRITERS }, () => startWriter(server))
  const logs: string[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep((1000 * SECONDS) / (KILLS + 1))
    await server.stop('SIGKILL')
    logs.push(server.log())
    server = await startOurs(options)
    progress(`${store}: killed ${kill + 1} of ${KILLS} times`)
  }
  const lines = (await Promise.all(writers)).flat()
  await check(store, server, lines)
  await server.stop()
  assert.doesNotMatch([...logs, server.log()].join(''), /locked|deadlock/i)
}

async function check(store: string, { address }: RunningServer, lines: readonly Line[]): Promise<void> {
  const faults = lines.flatMap((line) => ('fault' in line ? [line.fault] : []))
  assert.deepEqual(faults, [])
  const writes = lines.filter((line) => 'kind' in line)
  const kinds = Map.groupBy(writes, ({ kind }) => kind)
  const counts = [...kinds].map(([kind, those]) => `${those.length} × ${kind}`).join(', ')
  progress(`${store}: ${writes.length} writes were acknowledged: ${counts}`)
  assert.equal(kinds.size, 6)
  assert.deepEqual(await missingWrites(new MlflowClient({ uri: address, now: Date.now }), writes), [])
}

type Line = Acknowledged | { readonly fault: string }

/** A writer in a process of its own; what it printed when it ended by itself. */
async function startWriter({ address }: RunningServer): Promise<readonly Line[]> {
  const args = [WRITER, address, String(SECONDS)]
  const writer: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed, [status]] = await Promise.all([text(writer.stdout!), once(writer, 'close')])
  assert.equal(status, 0)
  return printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fds-durability-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
