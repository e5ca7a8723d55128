import { globSync, readFileSync } from 'node:fs'

export interface Memory {
  /** Resident now, in bytes, summed over the processes of a server. */
  readonly resident: number
  /** The most that was ever resident, in bytes, summed over them. */
  readonly peak: number
}

/** Memory of a process and of all in its group, as Linux counts it. */
export function memoryOf(pid: number): Memory {
  const members = globSync('/proc/[0-9]*/stat').filter((file) => groupOf(file) === pid)
  const statuses = members.map((file) => readFileSync(file.replace(/stat$/, 'status'), 'utf8'))
  const sum = (field: string) => statuses.reduce((bytes, status) => bytes + bytesOf(status, field), 0)
  return { resident: sum('VmRSS'), peak: sum('VmHWM') }
}

function groupOf(file: string): number | undefined {
  try {
    // the name in parentheses may hold blanks; after it come state, parent and group
    const [, rest = ''] = readFileSync(file, 'utf8').split(/\) (?!.*\) )/)
    return Number(rest.split(' ')[2])
  } catch {
    // it ended meanwhile
    return undefined
  }
}

function bytesOf(status: string, field: string): number {
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024
}
