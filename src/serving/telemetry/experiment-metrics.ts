import type { Registry } from '@prometheus-io/client'
import {
  EXPERIMENT_STATUSES,
  type ExperimentVerdict,
} from '../../monitoring/experiments/experiment-verdict.ts'
import { comparesWhatIsServed } from '../experiments/choose-arm.ts'
import type { Evaluation } from '../experiments/evaluate-experiment.ts'
import { EXPERIMENT_ACTIONS, type Experiment } from '../experiments/experiment.ts'
import type { ExperimentHealth } from '../experiments/experiment-health.ts'
import { ARMS, type ModelSource } from '../models/model-source.ts'
import { type ExposedValue, exposeValues } from './expose-values.ts'
import type { MetricName } from './metrics.ts'

interface Watched {
  readonly health: ExperimentHealth
  readonly models: Pick<ModelSource, 'served'>
}

/** Exposes the running A/B test as it was last evaluated; a scrape evaluates nothing. */
export function exposeExperiment(registry: Registry, { health, models }: Watched): void {
  const isAssigning = (experiment: Experiment) =>
    comparesWhatIsServed(experiment, {
      champion: models.served('champion'),
      challenger: models.served('challenger'),
    })
  const flag = (name: MetricName, holds: (running: Experiment) => boolean) =>
    exposeValues(registry, name, () => {
      const running = health.running()
      return [{ labels: {}, value: running && holds(running) ? 1 : 0 }]
    })
  flag('fds_experiment_running', () => true)
  flag('fds_experiment_assigning', isAssigning)
  exposeValues(registry, 'fds_experiment_actions_total', () =>
    EXPERIMENT_ACTIONS.map((action) => ({ labels: { action }, value: health.actions[action] })),
  )
  exposeValues(registry, 'fds_experiment_started_timestamp_seconds', () => one(health.running()?.startedAt))
  exposeValues(registry, 'fds_experiment_expected_ratio', () => expectedShares(health.running()))
  exposeEvaluation(registry, health)
}

function exposeEvaluation(registry: Registry, health: ExperimentHealth): void {
  const current = () => {
    const last = health.evaluated()
    return last?.experiment === health.running()?.id ? last : undefined
  }
  const expose = (name: MetricName, valuesOf: (evaluation: Evaluation) => ExposedValue[]) =>
    exposeValues(registry, name, () => {
      const last = current()
      return last ? valuesOf(last.evaluation) : []
    })
  exposeValues(registry, 'fds_experiment_evaluated_timestamp_seconds', () => {
    const last = current()
    return last ? one(last.at / 1000) : []
  })
  expose('fds_experiment_decisions', ({ verdict }) => byArm(verdict, ({ decisions }) => decisions))
  expose('fds_experiment_labelled_decisions', ({ verdict }) => byArm(verdict, ({ labelled }) => labelled))
  expose('fds_experiment_information_ratio', ({ verdict }) => one(verdict.information.fraction))
  expose('fds_experiment_looks', ({ looks }) => one(looks.length))
  expose('fds_experiment_z', ({ looks }) => one(looks.at(-1)?.z))
  expose('fds_experiment_boundary_z', ({ looks }) => one(looks.at(-1)?.bound))
  expose('fds_experiment_cost_difference', ({ looks }) => one(looks.at(-1)?.difference))
  expose('fds_experiment_sample_ratio_p_value', ({ verdict }) =>
    one(verdict.sample_ratio?.sequential_p_value),
  )
  expose('fds_experiment_guardrail_alarm', ({ verdict }) =>
    verdict.guardrails.map(({ name, alarm }) => ({ labels: { guardrail: name }, value: alarm ? 1 : 0 })),
  )
  expose('fds_experiment_status', ({ verdict }) =>
    EXPERIMENT_STATUSES.map((status) => ({ labels: { status }, value: status === verdict.status ? 1 : 0 })),
  )
}

function expectedShares(running: Experiment | undefined): ExposedValue[] {
  if (!running) return []
  const shares = { champion: 1 - running.trafficSplit, challenger: running.trafficSplit }
  return ARMS.map((arm) => ({ labels: { arm }, value: shares[arm] }))
}

function byArm(
  verdict: ExperimentVerdict,
  read: (arm: ExperimentVerdict['champion']) => number,
): ExposedValue[] {
  return ARMS.map((arm) => ({ labels: { arm }, value: read(verdict[arm]) }))
}

/** No series where there is no value. */
function one(value: number | null | undefined): ExposedValue[] {
  return value === null || value === undefined || !Number.isFinite(value) ? [] : [{ labels: {}, value }]
}
