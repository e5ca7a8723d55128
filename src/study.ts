import {
  createStudy as createStudyWithoutClock,
  type StoredStudy,
  type StoredStudyOptions,
  type Study,
  type StudyOptions,
} from './tuning/index.ts'

/**
 * The room's `createStudy` with this machine's clock for the trials' times.
 *
 * @example
 * const study = createStudy({ sampler: new RandomSampler({ seed: 1 }) })
 * await study.optimize((trial) => trial.suggestFloat('x', 0, 1), { nTrials: 1 })
 * study.trials[0].datetimeStart > 0 // true
 */
export function createStudy(options: StoredStudyOptions): Promise<StoredStudy>
export function createStudy(options?: StudyOptions): Study
export function createStudy(options: StudyOptions | StoredStudyOptions = {}): Study | Promise<StoredStudy> {
  return createStudyWithoutClock({ now: Date.now, ...options })
}
