import { readFileSync } from 'node:fs'
import type { Direction, StudyView } from '../samplers/sampler.ts'
import type { Distribution, Params } from '../study/distribution.ts'
import { blankTrial, type FrozenTrial, type TrialState } from '../study/trial.ts'

/** A number as `make_analysis.py` writes it: JSON has no infinities and no NaN. */
export type Golden = number | 'nan' | 'inf' | '-inf'

export interface GoldenStudy {
  readonly direction: Direction
  readonly distributions: readonly Distribution[]
  readonly trials: readonly {
    readonly state: TrialState
    readonly value: Golden | null
    readonly params: Params
    readonly distributions: Readonly<Record<string, number>>
    readonly intermediateValues: Readonly<Record<string, Golden>>
  }[]
}

/** Reads one of the files that `make_analysis.py` made. */
export function readGolden<Case extends GoldenStudy>(file: string): readonly Case[] {
  return JSON.parse(readFileSync(`test/fixtures/tuning/${file}.json`, 'utf8'))
}

export function numberOf(value: Golden): number {
  return Number(typeof value === 'string' ? value.replace('inf', 'Infinity') : value)
}

/** The study as pruners, importances and plots see it. */
export function studyOf({ direction, distributions, trials }: GoldenStudy): StudyView {
  return {
    direction,
    studyName: 'golden',
    trials: trials.map((trial, number) =>
      trialOf({
        ...trial,
        number,
        value: trial.value === null ? null : numberOf(trial.value),
        distributions: Object.fromEntries(
          Object.entries(trial.distributions).map(([name, index]) => [name, distributions[index]!]),
        ),
        intermediateValues: Object.fromEntries(
          Object.entries(trial.intermediateValues).map(([step, value]) => [step, numberOf(value)]),
        ),
      }),
    ),
  }
}

/** A trial with the given fields and nothing else. */
export function trialOf(given: Partial<FrozenTrial>): FrozenTrial {
  return { ...blankTrial(0), state: 'COMPLETE', ...given }
}
