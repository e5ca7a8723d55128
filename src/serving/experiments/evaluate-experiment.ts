import { Gathering } from '../../monitoring/experiments/gather-evidence.ts'
import { judgeExperiment } from '../../monitoring/experiments/judge-experiment.ts'
import { readOutcomes } from '../log/outcomes.ts'
import type { Experiment, StoredLook } from './experiment.ts'
import { createExperimentStore, type ExperimentDatabase } from './experiment-store.ts'

/** A verdict with the looks that it rests on, the last one included. */
export interface Evaluation extends Pick<StoredLook, 'verdict'> {
  readonly looks: readonly StoredLook['look'][]
}

/**
 * The verdict on an experiment from its decisions and labels in the log. A look that is due is stored first; where
 * another process stored one at the same moment, that one counts and the verdict is taken again. Reads every decision
 * of the experiment, some 5 s for a million. STORAGE_FAILED.
 */
export async function evaluateExperiment(input: {
  readonly database: ExperimentDatabase
  readonly experiment: Experiment
  /** Milliseconds since 1970. */
  readonly now: number
}): Promise<Evaluation> {
  const { database, experiment, now } = input
  const { id, plan } = experiment
  const store = createExperimentStore(database, { now: () => now })
  const asOf = now / 1000
  const gathering = new Gathering(plan, asOf)
  const horizonSeconds = plan.labelHorizonSeconds
  const outcomes = readOutcomes(database.db, { experiment: id, asOf, horizonSeconds })
  for await (const page of outcomes) for (const outcome of page) gathering.add(outcome)
  const evidence = gathering.evidence()
  for (;;) {
    const earlierLooks = await store.looks(id)
    const { verdict, look } = judgeExperiment({ plan, evidence, earlierLooks })
    if (!look) return { verdict, looks: earlierLooks }
    if (await store.addLook(id, earlierLooks.length, { look, verdict })) {
      return { verdict, looks: [...earlierLooks, look] }
    }
  }
}
