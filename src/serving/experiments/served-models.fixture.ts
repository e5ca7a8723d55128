import type { Arm } from '../../monitoring/experiments/assign.ts'
import type { ModelSource, ServedModel } from '../models/model-source.ts'
import { createScorer } from '../models/scorer.ts'

/** A model in service, without a registry. */
export function servedModel(arm: Arm, version: string, files: ReadonlyMap<string, Uint8Array>): ServedModel {
  const scorer = createScorer({ name: 'fraud_detector', version, files })
  return { arm, scorer, runId: 'r', metrics: {}, registeredAt: 0, loadedAt: 0, loadSeconds: 0 }
}

export function servedModels(served: Partial<Record<Arm, ServedModel>>): ModelSource {
  return {
    name: 'fraud_detector',
    served: (arm) => served[arm],
    previous: () => undefined,
    trouble: () => undefined,
    close: async () => {},
  }
}
