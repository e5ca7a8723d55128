import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import {
  ACTIVE,
  COUNT,
  claimTasks,
  createControl,
  ENDED,
  FAILED,
  failureOf,
  GENERATION,
  NEXT,
  TASK,
} from './team-control.ts'
import type { Job, Task } from './team-jobs.ts'

/** Threads that carry out the tasks of one job together: the caller and its helpers. */
export interface Team {
  /**
   * Carries out task number `task` of the job for every index from 0 to `count - 1` and returns when all are
   * done. Which thread takes which index is left to chance, so tasks must not depend on it.
   *
   * @param meanwhile what the caller does first, while the helpers begin
   */
  run(task: number, count: number, meanwhile?: () => void): void
  /** Sends the helpers home. */
  end(): void
}

/** Helpers without a job wait here; they never keep the process alive. */
const idle: Worker[] = []

/** Looks at a counter this often before it goes to sleep. */
const SPINS = 20_000

/**
 * The number of threads that `nJobs` asks for: all cores for 0 and below, and never more than there are.
 *
 * @example
 * threadCountOf(1) // 1
 */
export function threadCountOf(nJobs: number): number {
  const cores = availableParallelism()
  return nJobs <= 0 ? cores : Math.min(nJobs, cores)
}

/**
 * Leads a job whose tasks are at hand. Helpers are started when no idle one is left, and join when they are ready;
 * nobody waits for one that is late. This file knows no kind of job, so that who predicts loads no code that trains.
 *
 * @param tasks the tasks of thread 0, which is the caller
 */
export function leadTeam(
  { kind, memory, layout }: Pick<Job, 'kind' | 'memory' | 'layout'>,
  tasks: readonly Task[],
  threadCount: number,
): Team {
  const control = createControl()
  while (idle.length < threadCount - 1) idle.push(startHelper())
  const hired = idle.splice(0, threadCount - 1)
  hired.forEach((helper, i) => {
    helper.postMessage({ kind, memory, layout, control, thread: i + 1 } satisfies Job)
  })
  return {
    run: hired.length === 0 ? runAlone(tasks) : runShared(control, tasks),
    end() {
      Atomics.store(control, ENDED, 1)
      Atomics.add(control, GENERATION, 2)
      Atomics.notify(control, GENERATION)
      idle.push(...hired.splice(0))
    },
  }
}

function startHelper(): Worker {
  const helper = new Worker(new URL('team-helper.ts', import.meta.url))
  helper.unref()
  return helper
}

function runAlone(tasks: readonly Task[]): Team['run'] {
  return (task, count, meanwhile) => {
    meanwhile?.()
    for (let index = 0; index < count; index++) tasks[task](index)
  }
}

function runShared(control: Int32Array, tasks: readonly Task[]): Team['run'] {
  return (task, count, meanwhile) => {
    control[TASK] = task
    control[COUNT] = count
    Atomics.store(control, NEXT, 0)
    // odd: helpers may join
    Atomics.add(control, GENERATION, 1)
    Atomics.notify(control, GENERATION)
    try {
      meanwhile?.()
      claimTasks(control, tasks[task])
    } finally {
      Atomics.store(control, NEXT, count)
      Atomics.add(control, GENERATION, 1)
      awaitHelpers(control)
    }
    if (Atomics.load(control, FAILED) !== 0) throw new Error(`A helper thread failed: ${failureOf(control)}`)
  }
}

function awaitHelpers(control: Int32Array): void {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(control, ACTIVE) === 0) return
  for (;;) {
    const active = Atomics.load(control, ACTIVE)
    if (active === 0) return
    Atomics.wait(control, ACTIVE, active)
  }
}
