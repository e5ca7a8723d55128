// Runs the real command line in a process of its own.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

export interface FdsResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export const MAIN = join(import.meta.dirname, '../src/cli/main.js')

/** Runs `fds` to its end. */
export function runFds(args: readonly string[]): Promise<FdsResult> {
  return run(process.execPath, [MAIN, ...args])
}

/** Runs `fds` where no file may grow beyond 50 kB: to a program, a disk that is full. */
export function runOnFullDisk(args: readonly string[]): Promise<FdsResult> {
  return run('/bin/sh', ['-c', 'ulimit -f 100; exec "$0" "$@"', process.execPath, MAIN, ...args])
}

function run(command: string, args: readonly string[]): Promise<FdsResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
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
