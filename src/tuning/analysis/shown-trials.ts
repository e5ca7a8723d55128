import { FdsError } from '../../errors.ts'
import type { StudyView } from '../samplers/sampler.ts'
import type { Distribution, ParamValue } from '../study/distribution.ts'
import type { FrozenTrial } from '../study/trial.ts'

/** A completed trial with a finite value: what pictures of the objective show. */
export interface ShownTrial extends FrozenTrial {
  readonly value: number
}

/** The completed trials whose value is finite, in the order of their numbers. */
export function shownTrials(study: StudyView): readonly ShownTrial[] {
  return study.trials.filter(
    (trial): trial is ShownTrial => trial.state === 'COMPLETE' && Number.isFinite(trial.value),
  )
}

/** The parameters that the trials have, or the wanted ones of them, by name. PARAM_UNKNOWN. */
export function shownParams(trials: readonly FrozenTrial[], wanted?: readonly string[]): readonly string[] {
  const known = [...new Set(trials.flatMap((trial) => Object.keys(trial.params)))].sort()
  for (const name of wanted ?? []) {
    if (!known.includes(name)) throw new FdsError('PARAM_UNKNOWN', { name, known })
  }
  return wanted ? [...new Set(wanted)].sort() : known
}

/** The parameter's distribution in the first trial that has it. */
export function firstDistribution(trials: readonly FrozenTrial[], name: string): Distribution {
  return trials.find((trial) => Object.hasOwn(trial.distributions, name))!.distributions[name]!
}

export function isLogScale(distribution: Distribution): boolean {
  return distribution.kind !== 'categorical' && distribution.log
}

/** Whether the values have places on an axis of numbers; choices have, where all are numbers. */
export function isNumerical(distribution: Distribution): boolean {
  return (
    distribution.kind !== 'categorical' || distribution.choices.every((choice) => typeof choice === 'number')
  )
}

/** A choice in words. */
export function choiceText(choice: ParamValue): string {
  return String(choice)
}

/** `count` numbers from `low` to `high`, both included, in equal steps. */
export function linspace(low: number, high: number, count: number): number[] {
  const step = (high - low) / (count - 1)
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? high : i * step + low))
}
