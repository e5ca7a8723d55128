import { NopPruner } from '../pruners/pruner.ts'
import type { ParamValue } from '../study/distribution.ts'
import { createStudy, type Study } from '../study/study.ts'
import type { Trial } from '../study/trial.ts'
import { TrialPruned } from '../study/trial-pruned.ts'
import { RandomSampler } from './random-sampler.ts'
import type { Direction, Sampler } from './sampler.ts'
import { TEST_FUNCTIONS } from './test-functions.fixture.ts'
import { TPESampler } from './tpe-sampler.ts'

/** A study to run here and in Optuna: the fields of test/fixtures/tuning/make_trajectories.py. */
export interface Case {
  readonly function: keyof typeof FUNCTIONS
  readonly sampler: 'tpe' | 'random'
  readonly seed: number
  readonly trials: number
  readonly direction?: Direction
  readonly side_by_side?: number
  readonly options?: Readonly<Record<string, boolean | number>>
}

/** The values of the parameters, trial by trial, in the order in which they were suggested. */
export type Trajectory = readonly (readonly ParamValue[])[]

/** The objectives of make_trajectories.py and functions.py, operation for operation. */
export const FUNCTIONS = {
  ...TEST_FUNCTIONS,
  specification(trial: Trial) {
    const trees = trial.suggestInt('n_estimators', 100, 500)
    const depth = trial.suggestInt('max_depth', 4, 12)
    const rate = trial.suggestFloat('learning_rate', 0.01, 0.3, { log: true })
    const shrunk = (trees * rate) / 30 - 1
    return shrunk * shrunk + ((depth - 6) * (depth - 6)) / 9 + rate
  },
  conditional(trial: Trial) {
    const tree = trial.suggestCategorical('tree', ['a', 'b', 'c'])
    const scale = trial.suggestFloat('scale', 0, 1)
    if (tree === 'a') return trial.suggestFloat('left', 0, 1) + trial.suggestInt('right', 1, 9) / 9 + scale
    return 0.5 + (trial.suggestCategorical('deep', [false, true, null]) ? 0.1 : 0.3) + scale * scale
  },
  stepped(trial: Trial) {
    const share = trial.suggestFloat('share', 0, 1, { step: 0.1 })
    const width = trial.suggestFloat('width', -2, 3, { step: 0.25 })
    const even = trial.suggestInt('even', 2, 64, { step: 2 })
    const leaves = trial.suggestInt('leaves', 1, 300, { log: true })
    const rate = trial.suggestFloat('rate', 1e-4, 1, { log: true })
    return (share - 0.3) * (share - 0.3) + width * width + even / 64 + leaves / 300 + rate
  },
  choices(trial: Trial) {
    const kinds = (size: number): number[] => Array.from({ length: size }, (_, i) => i)
    return [2, 3, 5, 12]
      .map((size, i) => trial.suggestCategorical(`kind${i}`, kinds(size)))
      .reduce((total, value) => total + value, 0)
  },
  pruned(trial: Trial) {
    const x = trial.suggestFloat('x', 0, 1)
    const y = trial.suggestFloat('y', 0, 1)
    const steps = Math.floor(4 * y)
    for (let step = 0; step < steps; step++) trial.report(step === 2 && x > 0.8 ? Number.NaN : x + step, step)
    if (trial.number % 10 !== 9) throw new TrialPruned()
    return x + y
  },
  odd(trial: Trial) {
    const x = trial.suggestFloat('x', -1, 1)
    const n = trial.suggestInt('n', 0, 5)
    if (trial.number % 7 === 3) return Number.NaN
    if (n === 0) return Number.POSITIVE_INFINITY
    if (n === 5 && x > 0.9) return Number.NEGATIVE_INFINITY
    return x > 0 ? n : 2
  },
  dynamic(trial: Trial) {
    const x = trial.suggestFloat('x', 1, 10 - (trial.number % 3), { log: true })
    const y = trial.suggestInt('y', 0, 20 + (trial.number % 2))
    return x + y + trial.suggestFloat('z', 0, 1)
  },
}

/** Runs a case with our samplers. */
export async function trajectoryOf(given: Case): Promise<Trajectory> {
  const { side_by_side: width = 1, trials, direction = 'minimize' } = given
  const objective = FUNCTIONS[given.function]
  const study = createStudy({ direction, sampler: samplerOf(given), pruner: new NopPruner() })
  if (width === 1) await study.optimize(objective, { nTrials: trials })
  else while (study.trials.length < trials) runSideBySide(study, objective, width)
  return study.trials.map(({ params }) => Object.values(params))
}

/** The first trial that differs by more than a relative 1e-9, -1 where none does, and the largest difference up to there. */
export function compare(
  ours: Trajectory,
  theirs: Trajectory,
): { readonly partAt: number; readonly worst: number } {
  let worst = 0
  const partAt = theirs.findIndex((values, i) => {
    const differences = values.map((value, d) => difference(ours[i]![d]!, value))
    const most = Math.max(values.length === ours[i]!.length ? 0 : Number.POSITIVE_INFINITY, ...differences)
    if (most <= 1e-9) worst = Math.max(worst, most)
    return most > 1e-9
  })
  return { partAt, worst }
}

function samplerOf({ sampler, seed, options = {} }: Case): Sampler {
  const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  const named = Object.fromEntries(Object.entries(options).map(([name, value]) => [camel(name), value]))
  return sampler === 'tpe' ? new TPESampler({ seed, ...named }) : new RandomSampler({ seed })
}

function runSideBySide(study: Study, objective: (trial: Trial) => number, width: number): void {
  const batch = Array.from({ length: width }, () => {
    const trial = study.ask()
    return { trial, value: objective(trial) }
  })
  for (const { trial, value } of batch.reverse()) study.tell(trial, value)
}

function difference(ours: ParamValue, theirs: ParamValue): number {
  if (ours === theirs) return 0
  if (typeof ours !== 'number' || typeof theirs !== 'number') return Number.POSITIVE_INFINITY
  return Math.abs(ours - theirs) / Math.abs(theirs)
}
