import { checkCount, checkKey, checkLength, LIMITS, parseExperimentId } from '../protocol/limits.ts'
import type { ExperimentMessage, PairMessage } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { searchExperiments } from '../search/search-experiments.ts'
import type { Db, StoreContext } from './store-context.ts'
import { putPairs, readPairs, removePair } from './store-pairs.ts'
import type { LifecycleStage } from './tables.ts'
import type { TrackingStore } from './tracking-store.ts'

type ExperimentCalls = Pick<
  TrackingStore,
  | 'createExperiment'
  | 'getExperiment'
  | 'getExperimentByName'
  | 'searchExperiments'
  | 'updateExperiment'
  | 'deleteExperiment'
  | 'restoreExperiment'
  | 'setExperimentTag'
  | 'deleteExperimentTag'
>

export function createExperimentStore(context: StoreContext): ExperimentCalls {
  const { db, write, now } = context
  return {
    createExperiment: (request) => createExperiment(context, request),
    getExperiment: async ({ experimentId }) => ({
      experiment: await readExperiment(db, parseExperimentId(experimentId)),
    }),
    getExperimentByName: async ({ experimentName }) => {
      const row = await db
        .selectFrom('experiments')
        .select('id')
        .where('name', '=', experimentName)
        .executeTakeFirst()
      if (row) return { experiment: await readExperiment(db, row.id) }
      return refuse('RESOURCE_DOES_NOT_EXIST', `Could not find experiment with name '${experimentName}'`)
    },
    searchExperiments: (request) => searchExperiments(db, request),
    updateExperiment: ({ experimentId, newName }) =>
      write(async (trx) => {
        const id = await activeExperiment(trx, experimentId)
        await checkNameFree(trx, checkExperimentName(newName), id)
        const changes = { name: newName, last_update_time: now() }
        await trx.updateTable('experiments').set(changes).where('id', '=', id).execute()
        return {}
      }),
    deleteExperiment: ({ experimentId }) => moveExperiment(context, experimentId, 'deleted'),
    restoreExperiment: ({ experimentId }) => moveExperiment(context, experimentId, 'active'),
    setExperimentTag: ({ experimentId, key, value = '' }) =>
      write(async (trx) => {
        const id = await activeExperiment(trx, experimentId)
        await putPairs(trx, { table: 'experiment_tags', owner: id }, checkTags([{ key, value }]))
        return {}
      }),
    deleteExperimentTag: ({ experimentId, key }) =>
      write(async (trx) => {
        const id = await activeExperiment(trx, experimentId)
        const removed = await removePair(trx, { table: 'experiment_tags', owner: id }, key)
        const missing = `No tag with name: ${key} in experiment with id ${experimentId}`
        return removed ? {} : refuse('RESOURCE_DOES_NOT_EXIST', missing)
      }),
  }
}

/** The experiment of that id, whatever its stage; RESOURCE_DOES_NOT_EXIST. */
export async function readExperiment(db: Db, id: number): Promise<ExperimentMessage> {
  const row = await db.selectFrom('experiments').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return refuseUnknown(id)
  const tags = await readPairs(db, 'experiment_tags', [id])
  return experimentMessage(row, tags.get(id) ?? [])
}

export function experimentMessage(
  row: {
    id: number
    name: string
    artifact_location: string
    lifecycle_stage: LifecycleStage
    creation_time: number
    last_update_time: number
  },
  tags: readonly PairMessage[],
): ExperimentMessage {
  return {
    experimentId: String(row.id),
    name: row.name,
    artifactLocation: row.artifact_location,
    lifecycleStage: row.lifecycle_stage,
    creationTime: row.creation_time,
    lastUpdateTime: row.last_update_time,
    tags,
  }
}

/** The id as a number if the experiment exists and is active, which it stays until the transaction ends. */
export async function activeExperiment(trx: Db, experimentId: string): Promise<number> {
  const id = parseExperimentId(experimentId)
  const row = await trx
    .selectFrom('experiments')
    .select('lifecycle_stage')
    .where('id', '=', id)
    .forShare()
    .executeTakeFirst()
  if (!row) return refuseUnknown(id)
  if (row.lifecycle_stage === 'active') return id
  const message = `The experiment ${id} must be in the 'active' state. Current state is ${row.lifecycle_stage}.`
  return refuse('INVALID_PARAMETER_VALUE', message)
}

async function createExperiment(
  { write, now, locations }: StoreContext,
  {
    name,
    artifactLocation,
    tags,
  }: { name: string; artifactLocation?: string | undefined; tags: readonly PairMessage[] },
): Promise<{ experimentId: string }> {
  const chosen = artifactLocation ? locations.checkLocation(artifactLocation) : ''
  checkExperimentName(name)
  const checked = checkTags(tags)
  return write(async (trx) => {
    await checkNameFree(trx, name)
    const time = now()
    const row = {
      name,
      artifact_location: chosen,
      lifecycle_stage: 'active' as const,
      creation_time: time,
      last_update_time: time,
    }
    const { id } = await trx.insertInto('experiments').values(row).returning('id').executeTakeFirstOrThrow()
    if (!chosen) {
      const location = { artifact_location: locations.ofExperiment(id) }
      await trx.updateTable('experiments').set(location).where('id', '=', id).execute()
    }
    await putPairs(trx, { table: 'experiment_tags', owner: id }, checked)
    return { experimentId: String(id) }
  })
}

/** Deletes or restores, with all runs; only from the other stage, as in MLflow. */
async function moveExperiment(
  { write, now }: StoreContext,
  experimentId: string,
  stage: LifecycleStage,
): Promise<Record<string, never>> {
  const id = parseExperimentId(experimentId)
  return write(async (trx) => {
    const moved = await trx
      .updateTable('experiments')
      .set({ lifecycle_stage: stage, last_update_time: now() })
      .where('id', '=', id)
      .where('lifecycle_stage', '!=', stage)
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n) return refuseUnknown(id)
    await trx.updateTable('runs').set({ lifecycle_stage: stage }).where('experiment', '=', id).execute()
    return {}
  })
}

async function checkNameFree(db: Db, name: string, except?: number): Promise<void> {
  const row = await db.selectFrom('experiments').select('id').where('name', '=', name).executeTakeFirst()
  if (row && row.id !== except) {
    refuse('RESOURCE_ALREADY_EXISTS', `Experiment(name=${name}) already exists.`)
  }
}

function checkExperimentName(name: string): string {
  return checkLength(name, LIMITS.experimentName, 'name')
}

function checkTags(tags: readonly PairMessage[]): readonly PairMessage[] {
  checkCount(tags.length, 'tags')
  for (const { key, value = '' } of tags) {
    checkKey(key, 'key')
    checkLength(value, LIMITS.experimentTagValue, 'value')
  }
  return tags
}

function refuseUnknown(id: number): never {
  return refuse('RESOURCE_DOES_NOT_EXIST', `No Experiment with id=${id} exists`)
}
