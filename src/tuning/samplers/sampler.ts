import type { Distribution, Params, ParamValue } from '../study/distribution.ts'
import type { FrozenTrial } from '../study/trial.ts'

export type Direction = 'minimize' | 'maximize'

/** What samplers and pruners may see of a study. `trials` is in the order of their numbers. */
export interface StudyView {
  readonly direction: Direction
  readonly studyName: string
  readonly trials: readonly FrozenTrial[]
}

/**
 * Where a study gets its next values from. An implementer owes the same values for the same seed and the
 * same calls, and a value inside the distribution it is given.
 */
export interface Sampler {
  /** At a trial's first suggestion: values for the parameters it chooses together; `{}` to be asked one by one. */
  sampleRelative(input: { readonly study: StudyView; readonly trial: FrozenTrial }): Params
  /** When a trial suggests a parameter that `sampleRelative` left out, or whose range has changed. */
  sampleIndependent(input: {
    readonly study: StudyView
    readonly trial: FrozenTrial
    readonly name: string
    readonly distribution: Distribution
  }): ParamValue
  /** After a trial has ended: whether there is nothing left to try, so that `optimize` starts no further trial. */
  isExhausted?(input: { readonly study: StudyView }): boolean
  /** Goes on with another stream of chance, the `stream`-th: what each further worker of one study does. */
  reseed?(stream: number): void
}
