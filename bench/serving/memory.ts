import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLoad } from '../http-load.ts'
import { progress, type Row } from '../rows.ts'
import { makeHome, payments, type Side, startOurs, stop } from './sides.ts'

const DECISIONS = 1_000_000
const CONNECTIONS = 64
const SECONDS_A_STEP = 5

/** What one process holds while it takes a million decisions, one a request: its resident memory as the count grows. */
export async function benchMemory(): Promise<readonly Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'fds-bench-'))
  await makeHome(home)
  const side = await startOurs(home)
  const seen: { decisions: number; megabytes: number }[] = []
  try {
    const target = { address: side.address, path: '/predict', body: JSON.stringify(payments(1)[0]) }
    for (let decisions = 0; decisions < DECISIONS; ) {
      const { latencies } = await openLoad({ ...target, connections: CONNECTIONS, seconds: SECONDS_A_STEP })
      decisions += latencies.length
      seen.push({ decisions, megabytes: residentOf(side) })
      progress(`${decisions} decisions, ${seen.at(-1)!.megabytes} MB`)
    }
  } finally {
    await stop(side)
    rmSync(home, { recursive: true, force: true })
  }
  const at = (share: number) => seen[Math.floor(share * (seen.length - 1))]!.megabytes
  const most = Math.max(...seen.map(({ megabytes }) => megabytes))
  return [
    {
      name: `memory over ${seen.at(-1)!.decisions} decisions`,
      value: `${at(0)} MB at first, ${at(0.5)} MB half way, ${at(1)} MB at the end, ${most} MB at most`,
    },
  ]
}

function residentOf({ child }: Side): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024)
}
