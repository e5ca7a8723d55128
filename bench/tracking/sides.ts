import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MLFLOW_VERSIONS, mlflowEnvironment } from '../../test/interop/mlflow/environments.ts'
import {
  mlflowDatabase,
  type RunningServer,
  startMlflow,
  startOurs,
} from '../../test/interop/mlflow/servers.ts'
import { type Postgres, startPostgres } from '../../test/interop/postgres.ts'
import { pythonOf } from '../../test/interop/python.ts'
import { runProgram } from '../run-program.ts'
import { type AnswerOf, KEYS, type TaskOf } from './jobs.ts'

export const STORES = ['SQLite', 'PostgreSQL'] as const
export type StoreKind = (typeof STORES)[number]

/** A server that has just started on an empty store. */
export interface Served {
  readonly server: RunningServer
  /** A task of the client program, in a process of its own. */
  ask<T extends keyof TaskOf>(name: T, task: TaskOf[T]): Promise<AnswerOf[T]>
  /** Writes finished runs, the first of them with the number `from`. */
  fill(from: number, runs: number): Promise<void>
}

/** Our server, or MLflow's. */
export interface Side {
  readonly name: string
  /** Starts a server on a new store, hands it over and removes both. */
  serve<T>(store: StoreKind, work: (served: Served) => Promise<T>): Promise<T>
}

export interface Sides {
  readonly ours: Side
  readonly peer: Side
  close(): Promise<void>
}

const CLIENT = join(import.meta.dirname, 'client.ts')
const FILL = join(import.meta.dirname, 'fill_mlflow.py')
const FILL_CLIENTS = 8

/** Both sides, and the PostgreSQL that holds their databases. MLflow lies in the cache of the interop suites. */
export async function openSides(): Promise<Sides> {
  const [version] = MLFLOW_VERSIONS
  const python = await pythonOf(mlflowEnvironment(version))
  const postgres = await startPostgres()
  return {
    ours: sideOf('ours', postgres, async (options) => {
      const server = await startOurs(options)
      const ask = askOf(server)
      const fill = async (from: number, runs: number) => {
        await ask('runs', { from, runs, clients: FILL_CLIENTS })
      }
      return { server, ask, fill }
    }),
    peer: sideOf(`MLflow ${version}`, postgres, async (options) => {
      const server = await startMlflow(python, options)
      const fill = async (from: number, runs: number) => {
        await runProgram([python, FILL, mlflowDatabase(options), String(from), String(runs), String(KEYS)])
      }
      return { server, ask: askOf(server), fill }
    }),
    close: () => postgres.stop(),
  }
}

interface Place {
  readonly folder: string
  readonly databaseUrl: string | undefined
}

function sideOf(name: string, postgres: Postgres, start: (place: Place) => Promise<Served>): Side {
  const side = name.replaceAll(/\W/g, '_')
  let count = 0
  return {
    name,
    serve: async (store, work) => {
      const folder = mkdtempSync(join(tmpdir(), 'fds-bench-'))
      const isSqlite = store === 'SQLite'
      const databaseUrl = isSqlite ? undefined : await postgres.createDatabase(`${side}_${count++}`)
      const served = await start({ folder, databaseUrl })
      try {
        return await work(served)
      } finally {
        await served.server.stop()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

function askOf({ address }: RunningServer): Served['ask'] {
  return async (name, task) =>
    JSON.parse(await runProgram([process.execPath, CLIENT, JSON.stringify({ name, task, address })]))
}
