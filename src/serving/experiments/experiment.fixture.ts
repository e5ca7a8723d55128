import { experimentPlan } from '../../monitoring/experiments/experiment-plan.ts'
import { type Experiment, HASH_VERSION } from './experiment.ts'

/** A running experiment of versions 1 and 2 of `fraud_detector`. */
export function experimentOf(id: string, changes: Partial<Experiment> = {}): Experiment {
  return {
    id,
    modelName: 'fraud_detector',
    championVersion: '1',
    challengerVersion: '2',
    mode: 'ab',
    trafficSplit: 0.1,
    coverage: 0.5,
    hashVersion: HASH_VERSION,
    plan: experimentPlan(),
    autoPromote: false,
    autoRollback: false,
    state: 'running',
    revision: 0,
    startedAt: 1_767_225_600,
    endedAt: null,
    ...changes,
  }
}
