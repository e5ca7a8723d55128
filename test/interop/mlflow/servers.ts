import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { MAIN } from '../../fds.ts'
import { freePort } from '../postgres.ts'

export interface RunningServer {
  readonly address: string
  readonly pid: number
  /** From the start of the process to the first answer of `/health`. */
  readonly startSeconds: number
  /** The end of what it wrote to stderr. */
  log(): string
  /** Ends all its processes; `SIGKILL` does so without asking. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

export interface ServerOptions {
  /** Holds the artifacts, and the database where no address of one is given. */
  readonly folder: string
  /** `postgresql://…`; SQLite in the folder without it. */
  readonly databaseUrl?: string | undefined
  readonly port?: number
  /** Processes that answer; what the server starts with by default when absent. MLflow's alone has several. */
  readonly workers?: number
}

const START_TIMEOUT_MS = 180_000
const POLL_MS = 5

/** `fds tracking`. */
export async function startOurs({ folder, databaseUrl, port }: ServerOptions): Promise<RunningServer> {
  const chosen = port ?? (await freePort())
  const command = [process.execPath, MAIN, 'tracking', '--home', folder, '--port', String(chosen)]
  return start(command, chosen, databaseUrl === undefined ? {} : { FDS_DATABASE_URL: databaseUrl })
}

/** MLflow's own server, `mlflow server`. */
export async function startMlflow(python: string, options: ServerOptions): Promise<RunningServer> {
  const { folder } = options
  mkdirSync(folder, { recursive: true })
  const port = options.port ?? (await freePort())
  const command = [python, '-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port)]
  const stores = [
    '--backend-store-uri',
    mlflowDatabase(options),
    '--artifacts-destination',
    join(folder, 'artifacts'),
  ]
  const workers = options.workers === undefined ? [] : ['--workers', String(options.workers)]
  return start([...command, ...stores, ...workers], port)
}

/** The address of the server's database as SQLAlchemy takes it, with the name of the driver that is installed. */
export function mlflowDatabase({ folder, databaseUrl }: ServerOptions): string {
  if (databaseUrl === undefined) return `sqlite:///${join(folder, 'mlflow.db')}`
  return databaseUrl.replace('postgresql:', 'postgresql+psycopg2:')
}

async function start(
  [program, ...args]: readonly string[],
  port: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const address = `http://127.0.0.1:${port}`
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', MLFLOW_DISABLE_TELEMETRY: 'true', ...environment }
  const started = performance.now()
  // a group of its own, so that its workers end with it
  const child = spawn(program!, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env })
  let printed = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed = (printed + text).slice(-4000)
  })
  try {
    await untilHealthy(child, `${address}/health`)
  } catch (error) {
    await stop(child, 'SIGKILL')
    throw new Error(`${program} ${args.join(' ')} did not start: ${(error as Error).message}\n${printed}`)
  }
  const startSeconds = (performance.now() - started) / 1000
  return {
    address,
    pid: child.pid!,
    startSeconds,
    log: () => printed,
    stop: (signal = 'SIGTERM') => stop(child, signal),
  }
}

async function untilHealthy(child: ChildProcess, url: string): Promise<void> {
  const end = performance.now() + START_TIMEOUT_MS
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    // a worker that dies while it starts leaves its connections unanswered
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    if (response?.status === 200) return
    await new Promise((wake) => setTimeout(wake, POLL_MS))
  }
  throw new Error('it did not answer in time')
}

async function stop(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
  killGroup(child.pid!, signal)
  await ended
  // workers that outlive their parent
  killGroup(child.pid!, 'SIGKILL')
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
