import { leadTeam, type Team } from './lead-team.ts'
import { type JobKind, startJob } from './team-jobs.ts'
import type { SharedMemory } from './webassembly.ts'

export { type Team, threadCountOf } from './lead-team.ts'

/**
 * Starts a job on the memory. Helpers join when they are ready; nobody waits for one that is late.
 *
 * @param layout what the job's tasks need to know; it must survive a structured clone
 */
export function startTeam(kind: JobKind, memory: SharedMemory, layout: unknown, threadCount: number): Team {
  return leadTeam({ kind, memory, layout }, startJob({ kind, memory, layout, thread: 0 }), threadCount)
}
