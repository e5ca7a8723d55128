import assert from 'node:assert/strict'
import { FdsError } from '../../errors.ts'
import type { PairMessage, RunMessage } from '../protocol/messages.ts'
import type { TrackingStore } from './tracking-store.ts'

/** What the contract of the tracking store makes to test with. `store` is asked for at each use. */
export interface ContractFixtures {
  readonly store: TrackingStore
  unique(word: string): string
  newExperiment(): Promise<string>
  newRun(given?: { experimentId?: string; runName?: string; tags?: PairMessage[] }): Promise<RunMessage>
  readRun(runId: string): Promise<RunMessage>
  newModel(): Promise<string>
  newVersion(model: string): Promise<string>
}

export function createContractFixtures(openStore: () => TrackingStore): ContractFixtures {
  let names = 0
  const fixtures: ContractFixtures = {
    get store() {
      return openStore()
    },
    unique: (word) => `${word}-${names++}`,
    newExperiment: async () => {
      const request = { name: fixtures.unique('experiment'), tags: [] }
      return (await fixtures.store.createExperiment(request)).experimentId
    },
    newRun: async (given = {}) => {
      const experimentId = given.experimentId ?? (await fixtures.newExperiment())
      return (await fixtures.store.createRun({ tags: [], ...given, experimentId })).run
    },
    readRun: async (runId) => (await fixtures.store.getRun({ runId })).run,
    newModel: async () => {
      const name = fixtures.unique('model')
      await fixtures.store.createRegisteredModel({ name, tags: [] })
      return name
    },
    newVersion: async (model) => {
      const request = { name: model, source: 'mlflow-artifacts:/1/r/artifacts/model', tags: [] }
      return (await fixtures.store.createModelVersion(request)).modelVersion.version
    },
  }
  return fixtures
}

/** The work must be refused with that code of MLflow. */
export async function refused(errorCode: string, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof FdsError && error.code === 'TRACKING_REFUSED', String(error))
    assert.equal((error as FdsError<'TRACKING_REFUSED'>).details.errorCode, errorCode, error.message)
    return true
  })
}
