import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../src/cli/main.js')

export interface Answer<T> {
  /** Whether it ended with 0; 1 is a check that failed. */
  readonly passed: boolean
  readonly value: T
}

/**
 * Runs `fds … --json`, prints the command before, and gives its one JSON value. Ends this process with 2 where the
 * command could not do what it was asked; its own line on standard error says why.
 */
export function runFds<T>(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Answer<T> {
  process.stderr.write(`$ fds ${args.join(' ')}\n`)
  const { status, stdout } = spawnSync(process.execPath, [MAIN, ...args, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0 && status !== 1) process.exit(2)
  return { passed: status === 0, value: JSON.parse(stdout) as T }
}
