// Runs the real command line in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

export interface FdsResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export const MAIN = join(import.meta.dirname, '../src/cli/main.js')

export interface RunOptions {
  /** Folder to run in; that of the tests unless given. */
  readonly cwd?: string
  /** Variables beside those that are inherited. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs `fds` to its end. */
export function runFds(args: readonly string[], options: RunOptions = {}): Promise<FdsResult> {
  const { cwd, environment = {} } = options
  // env adds to what is inherited
  const given = Object.entries(environment).map(([key, value]) => `${key}=${value}`)
  return run('env', [...given, process.execPath, MAIN, ...args], cwd)
}

/** Runs `fds` where no file may grow beyond 50 kB: to a program, a disk that is full. */
export function runOnFullDisk(args: readonly string[]): Promise<FdsResult> {
  return run('/bin/sh', ['-c', 'ulimit -f 100; exec "$0" "$@"', process.execPath, MAIN, ...args])
}

function run(command: string, args: readonly string[], cwd?: string): Promise<FdsResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd !== undefined && { cwd }),
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject).on('close', (status) => resolve({ status, stdout, stderr }))
  })
}

/** Runs `fds … --json` that must end well or with a failed check, and gives its one JSON value. */
export async function fdsJson<T>(args: readonly string[], home: string, expectedStatus = 0): Promise<T> {
  const { status, stdout, stderr } = await runFds([...args, '--json', '--home', home])
  if (status !== expectedStatus) throw new Error(`fds ${args.join(' ')} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as T
}

/** A folder that goes away with the test. */
export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fds-test-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export interface RunningFds {
  readonly address: string
  readonly process: ChildProcess
  /** Ends it as a supervisor does, and gives its exit status. */
  stop(): Promise<number | null>
}

/** Starts a server of `fds` that prints its address as JSON. */
export async function startFds(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningFds> {
  // env adds to what is inherited
  const given = Object.entries(environment).map(([key, value]) => `${key}=${value}`)
  const child = spawn('env', [...given, process.execPath, MAIN, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stderr = text(child.stderr)
  const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [])])
  if (line === undefined) throw new Error(`fds ${args.join(' ')} did not start: ${await stderr}`)
  const stop = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    return (await ended)[0] as number | null
  }
  return { address: (JSON.parse(String(line)) as { address: string }).address, process: child, stop }
}

/** The roles of the simulator's columns, as the command line takes them. */
export const ROLE_ARGS: readonly string[] = [
  ...['--time', 'transaction_time', '--id', 'transaction_id'],
  ...['--entity', 'customer_id', '--amount', 'amount'],
]
