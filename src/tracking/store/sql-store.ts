import { createDatasetStore } from './dataset-store.ts'
import { createExperimentStore } from './experiment-store.ts'
import { createLoggedModelStore } from './logged-model-store.ts'
import { createMetricHistoryStore } from './metric-history-store.ts'
import { createModelHistoryStore } from './model-history-store.ts'
import { createModelVersionStore } from './model-version-store.ts'
import { createPromotionStore } from './promotion-store.ts'
import { createRegisteredModelStore } from './registered-model-store.ts'
import { createRunDataStore } from './run-data-store.ts'
import { createRunInputStore } from './run-input-store.ts'
import { createRunStore } from './run-store.ts'
import type { StoreContext } from './store-context.ts'
import { createStudyStore } from './study-store.ts'
import type { TrackingStore } from './tracking-store.ts'

/** The store's calls over any SQL database that Kysely reaches; the caller opens and closes it. */
export function createSqlStore(context: StoreContext): Omit<TrackingStore, 'close'> {
  return {
    ...createExperimentStore(context),
    ...createRunStore(context),
    ...createRunDataStore(context),
    ...createMetricHistoryStore(context),
    ...createModelHistoryStore(context),
    ...createRunInputStore(context),
    ...createDatasetStore(context),
    ...createLoggedModelStore(context),
    ...createRegisteredModelStore(context),
    ...createModelVersionStore(context),
    ...createPromotionStore(context),
    ...createStudyStore(context),
  }
}
