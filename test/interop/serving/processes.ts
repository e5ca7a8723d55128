import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import type { RunningFds } from '../../fds.ts'

/** The processes that a service started; none where it answers itself. */
export function workersOf({ process: { pid } }: RunningFds): number[] {
  // ps fails where it lists nothing
  const list = `ps -o pid=,args= --ppid ${pid} || true`
  const lines = execFileSync('/bin/sh', ['-c', list], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes('main.js')).map((line) => Number.parseInt(line, 10))
}

/** kill -9 */
export function killPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // it ended by itself meanwhile
    assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH')
  }
}
