// The shared words through which the threads of a job agree.

/** Counts phases: odd while a phase is open, even between phases. */
export const GENERATION = 0
/** The next index that nobody has claimed. */
export const NEXT = 1
export const COUNT = 2
export const TASK = 3
/** Helpers inside a phase. */
export const ACTIVE = 4
/** 1 when the job is over. */
export const ENDED = 5
/** Length of the text that says why a helper failed. */
export const FAILED = 6
const FAILURE = 16

const CONTROL_WORDS = 256

export function createControl(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS))
}

/** Carries out the task for one index after another until all are claimed. */
export function claimTasks(control: Int32Array, task: (index: number) => void): void {
  const count = control[COUNT]
  for (;;) {
    const index = Atomics.add(control, NEXT, 1)
    if (index >= count) return
    task(index)
  }
}

/** Keeps the first characters of an error for the thread that leads. */
export function noteFailure(control: Int32Array, error: unknown): void {
  const text = String(error).slice(0, CONTROL_WORDS - FAILURE)
  for (let i = 0; i < text.length; i++) control[FAILURE + i] = text.charCodeAt(i)
  Atomics.store(control, FAILED, text.length)
}

export function failureOf(control: Int32Array): string {
  return String.fromCharCode(...control.subarray(FAILURE, FAILURE + control[FAILED]))
}
