import { createStudy, type Pruner, type Sampler, type Study } from '../tuning/index.ts'

export interface MakeStudyInput {
  readonly studyName: string
  readonly direction: 'maximize' | 'minimize'
  readonly sampler: Sampler
  readonly pruner: Pruner
}

/** The study that `fds tune` runs: where its trials are kept is decided here alone. */
export function makeStudy(input: MakeStudyInput): Study {
  return createStudy(input)
}
