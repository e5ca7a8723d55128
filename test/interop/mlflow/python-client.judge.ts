// MLflow's own Python client drives our server: one program, `scenarios/run.py`, runs against MLflow's server and
// against ours, on SQLite and PostgreSQL. What it sees of both must be the same but for the known differences.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { runProgram } from '../../../bench/run-program.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { progress, pythonOf } from '../python.ts'
import { assertSame } from './assert-same.ts'
import { MLFLOW_VERSIONS, type MlflowVersion, mlflowEnvironment } from './environments.ts'
import { type RunningServer, startMlflow, startOurs } from './servers.ts'
import type { Transcript } from './transcript.ts'

const PROGRAM = join(import.meta.dirname, 'scenarios/run.py')

let folder = ''
let postgres: Postgres
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fds-interop-'))
  postgres = await startPostgres()
})
after(async () => {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('the Python client drives our server', { concurrency: true }, () => {
  for (const version of MLFLOW_VERSIONS) {
    describe(`MLflow ${version}`, () => judge(version))
  }
})

function judge(version: MlflowVersion): void {
  const seen = new Map<string, Transcript>()
  before(async () => {
    const python = await pythonOf(mlflowEnvironment(version))
    const place = (name: string) => join(folder, `${name}-${version}`)
    const databaseUrl = await postgres.createDatabase(version)
    const servers: Record<string, () => Promise<RunningServer>> = {
      MLflow: () => startMlflow(python, { folder: place('mlflow'), workers: 1 }),
      SQLite: () => startOurs({ folder: place('sqlite') }),
      PostgreSQL: () => startOurs({ folder: place('postgres'), databaseUrl }),
    }
    for (const [name, start] of Object.entries(servers)) seen.set(name, await transcript(python, name, start))
  })
  for (const store of ['SQLite', 'PostgreSQL']) {
    test(`on ${store} it sees what it sees of MLflow's server`, async (context) => {
      const [theirs, ours] = [seen.get('MLflow')!, seen.get(store)!]
      for (const scenario of Object.keys(theirs)) {
        await context.test(scenario, () =>
          assertSame(version, scenario, { ours: ours[scenario]!, theirs: theirs[scenario]! }),
        )
      }
    })
  }
}

async function transcript(
  python: string,
  name: string,
  start: () => Promise<RunningServer>,
): Promise<Transcript> {
  const server = await start()
  try {
    progress(`the Python client asks ${name} at ${server.address}`)
    return JSON.parse(await runProgram([python, PROGRAM, server.address]))
  } finally {
    await server.stop()
  }
}
