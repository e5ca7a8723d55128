import {
  createExperimentDesk,
  createExperimentStore,
  type Evaluation,
  type ExperimentDesk,
  evaluateExperiment,
  openServingDatabase,
} from '../serving/index.ts'
import { openTracking, type TrackingSettings } from './open-tracking.ts'

export interface AbSession {
  readonly desk: ExperimentDesk
  /** The latest experiment's evaluation with its looks; nothing where there never was one. */
  evaluation(): Promise<Evaluation | undefined>
  close(): Promise<void>
}

/** Opens the A/B tests of a model on a home or its databases, beside a running service or without one. */
export async function openAbSession(
  settings: TrackingSettings & { readonly modelName: string; readonly createId: () => string },
): Promise<AbSession> {
  const { modelName, createId, now } = settings
  const tracking = await openTracking(settings)
  try {
    const database = await openServingDatabase(settings)
    const { db } = database
    const store = createExperimentStore(db, { now })
    const desk = createExperimentDesk({
      store,
      client: tracking.client,
      modelName,
      now,
      createId,
      evaluate: async (experiment) => (await evaluateExperiment({ db, experiment, now: now() })).verdict,
    })
    return {
      desk,
      evaluation: async () => {
        const experiment = await store.latest(modelName)
        return experiment && evaluateExperiment({ db, experiment, now: now() })
      },
      close: async () => {
        await database.close()
        await tracking.close()
      },
    }
  } catch (error) {
    await tracking.close()
    throw error
  }
}
