import {
  createExperimentDesk,
  createExperimentStore,
  type ExperimentDesk,
  evaluateExperiment,
  openServingDatabase,
} from '../serving/index.ts'
import { openTracking, type TrackingSettings } from './open-tracking.ts'

export interface AbSession {
  readonly desk: ExperimentDesk
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
    const store = createExperimentStore(database, { now })
    const desk = createExperimentDesk({
      store,
      client: tracking.client,
      modelName,
      now,
      createId,
      evaluate: (experiment) => evaluateExperiment({ database, experiment, now: now() }),
    })
    return {
      desk,
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
