import { SIMULATED_ROLES, simulateTransactions } from '../data/index.ts'
import { CHAMPION, type MlflowClient } from '../tracking/index.ts'
import { registerModel } from './register-model.ts'
import { versionOfAlias } from './registry.ts'
import { trackTrained } from './track-trained.ts'
import { type TrainedModel, trainModel } from './train-model.ts'

const ROWS = 100_000
const SEED = 1
const PARAMS = { n_estimators: 150, max_depth: 5, learning_rate: 0.1, max_bin: 128 }

export interface FirstChampionInput {
  readonly client: MlflowClient
  readonly name: string
  readonly now: () => number
  readonly onIteration?: (done: number, total: number) => void
}

/**
 * Trains a first champion on simulated card payments if the name has none, so that a new installation
 * decides within a minute. Gives nothing when a champion stands.
 */
export async function ensureChampion(input: FirstChampionInput): Promise<TrainedModel | undefined> {
  const { client, name, now, onIteration } = input
  if ((await versionOfAlias(client, name, CHAMPION)) !== undefined) return undefined
  const trained = trainModel({
    table: simulateTransactions({ rows: ROWS, seed: SEED }).table,
    roles: SIMULATED_ROLES,
    params: PARAMS,
    holdout: 0.2,
    seed: SEED,
    now,
    ...(onIteration && { onIteration }),
  })
  const tags = { 'fds.data': `simulated, ${ROWS} rows, seed ${SEED}` }
  const { runId } = await trackTrained({ client, trained, tags, runName: 'first_champion', now })
  const move = { actor: 'fds serve', reason: 'there was no champion: a first one on simulated payments' }
  await registerModel({ client, runId, name, alias: CHAMPION, ...move })
  return trained
}
