// A helper thread: takes part in one job after another.
import { parentPort } from 'node:worker_threads'
import { ACTIVE, claimTasks, ENDED, GENERATION, noteFailure, TASK } from './team-control.ts'
import { type Job, startJob, type Task } from './team-jobs.ts'

/** Looks at the counter this often, about a tenth of a millisecond, before it goes to sleep. */
const SPINS = 20_000

parentPort?.on('message', (job: Job) => {
  const { control } = job
  if (Atomics.load(control, ENDED) === 1) return
  try {
    serve(control, startJob(job))
  } catch (error) {
    noteFailure(control, error)
  }
})

/** Takes part in one phase after another until the job ends. */
function serve(control: Int32Array, tasks: readonly Task[]): void {
  let generation = 0
  for (;;) {
    generation = awaitChange(control, generation)
    if (Atomics.load(control, ENDED) === 1) return
    if (generation % 2 === 0) continue
    Atomics.add(control, ACTIVE, 1)
    // the phase may have ended before this thread was counted
    if (Atomics.load(control, GENERATION) === generation) takePart(control, tasks[control[TASK]])
    if (Atomics.sub(control, ACTIVE, 1) === 1) Atomics.notify(control, ACTIVE)
  }
}

function takePart(control: Int32Array, task: (index: number) => void): void {
  try {
    claimTasks(control, task)
  } catch (error) {
    noteFailure(control, error)
  }
}

function awaitChange(control: Int32Array, seen: number): number {
  for (let spin = 0; spin < SPINS; spin++) {
    const generation = Atomics.load(control, GENERATION)
    if (generation !== seen) return generation
  }
  Atomics.wait(control, GENERATION, seen)
  return Atomics.load(control, GENERATION)
}
