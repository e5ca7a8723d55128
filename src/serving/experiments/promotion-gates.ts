import type { ExperimentVerdict } from '../../monitoring/experiments/experiment-verdict.ts'
import type { Experiment } from './experiment.ts'

/** One condition that a challenger must meet before it decides for everybody. */
export interface PromotionGate {
  readonly name: 'versions' | 'verdict' | 'sample_ratio' | 'exposures' | 'guardrails'
  readonly passed: boolean
  readonly message: string
}

/** Which versions the registry's aliases point to now. */
export type Aliases = Readonly<Record<string, string | undefined>>

/** Holds a challenger to the gates of promotion: a final verdict for it, sound arms, quiet guardrails, the same versions. */
export function promotionGates(
  experiment: Experiment,
  verdict: ExperimentVerdict,
  aliases: Aliases,
): PromotionGate[] {
  const { sample_ratio: ratio, multiple_exposures: exposures } = verdict
  const alarms = verdict.guardrails.filter(({ alarm }) => alarm).map(({ name }) => name)
  const wins = verdict.status === 'challenger_wins' && verdict.final
  return [
    {
      name: 'versions',
      passed: versionsStand(experiment, aliases),
      message: `champion and challenger must be versions ${experiment.championVersion} and ${experiment.challengerVersion}, got ${aliases['champion'] ?? 'none'} and ${aliases['challenger'] ?? 'none'}`,
    },
    {
      name: 'verdict',
      passed: wins,
      message: `the verdict must be a final challenger_wins, got ${verdict.final ? 'a final' : 'not a final'} ${verdict.status}`,
    },
    {
      name: 'sample_ratio',
      passed: ratio?.is_void !== true,
      message: 'the arms must have got their shares',
    },
    {
      name: 'exposures',
      passed: !exposures.is_void,
      message: `few entities may meet both models, got ${exposures.entities}`,
    },
    {
      name: 'guardrails',
      passed: alarms.length === 0,
      message: `no guardrail may give an alarm, got ${alarms.join(', ') || 'none'}`,
    },
  ]
}

/** Whether the aliases point to the versions that the experiment compares. */
export function versionsStand(experiment: Experiment, aliases: Aliases): boolean {
  const { championVersion, challengerVersion } = experiment
  return aliases['champion'] === championVersion && aliases['challenger'] === challengerVersion
}
