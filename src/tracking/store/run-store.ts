import type { Selectable } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkCount, checkKey, LIMITS, truncate } from '../protocol/limits.ts'
import type { PairMessage } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { searchRuns } from '../search/search-runs.ts'
import { activeExperiment } from './experiment-store.ts'
import { readRunMessages, runInfoMessage } from './run-messages.ts'
import type { Db, StoreContext } from './store-context.ts'
import { putPairs, readPairs, removePair } from './store-pairs.ts'
import type { LifecycleStage, Tables } from './tables.ts'
import type { TrackingStore } from './tracking-store.ts'

type RunCalls = Pick<
  TrackingStore,
  'createRun' | 'getRun' | 'updateRun' | 'deleteRun' | 'restoreRun' | 'searchRuns' | 'setTag' | 'deleteTag'
>
export type RunRow = Selectable<Tables['runs']>

export function createRunStore(context: StoreContext): RunCalls {
  const { db, write } = context
  return {
    createRun: (request) => createRun(context, request),
    getRun: async ({ runId }) => {
      const [run] = await readRunMessages(db, [await findRun(db, runId)])
      return { run: run! }
    },
    updateRun: (request) => write((trx) => updateRun(trx, request)),
    deleteRun: ({ runId }) => write((trx) => moveRun(trx, runId, 'deleted')),
    restoreRun: ({ runId }) => write((trx) => moveRun(trx, runId, 'active')),
    searchRuns: (request) => searchRuns(db, request),
    setTag: ({ runId, key, value }) =>
      write(async (trx) => {
        await putRunTags(trx, await activeRun(trx, runId), checkRunTags([{ key, value }]))
        return {}
      }),
    deleteTag: ({ runId, key }) =>
      write(async (trx) => {
        const run = await activeRun(trx, runId)
        const removed = await removePair(trx, { table: 'run_tags', owner: run.id }, key)
        const missing = `No tag with name: ${key} in run with id ${runId}`
        return removed ? {} : refuse('RESOURCE_DOES_NOT_EXIST', missing)
      }),
  }
}

/** The run of that id, whatever its stage. */
export async function findRun(db: Db, runId: string): Promise<RunRow> {
  const row = await db.selectFrom('runs').selectAll().where('run_id', '=', runId).executeTakeFirst()
  return row ?? refuseUnknown(runId)
}

/** The run of that id if it may be written to; nobody else writes to it until the transaction ends. */
export async function activeRun(trx: Db, runId: string): Promise<RunRow> {
  const row = await lockRun(trx, runId)
  if (row.lifecycle_stage === 'active') return row
  const message = `The run ${runId} must be in the 'active' state. Current state is ${row.lifecycle_stage}.`
  return refuse('INVALID_PARAMETER_VALUE', message)
}

/** Sets tags; `mlflow.runName` is the run's name too. */
export async function putRunTags(db: Db, run: RunRow, tags: readonly PairMessage[]): Promise<void> {
  await putPairs(db, { table: 'run_tags', owner: run.id }, tags)
  const name = tags.findLast((tag) => tag.key === RUN_NAME_TAG)?.value
  if (name) await db.updateTable('runs').set({ name }).where('id', '=', run.id).execute()
}

/** Tags with names checked and long values cut. */
export function checkRunTags(tags: readonly PairMessage[], path?: string): PairMessage[] {
  checkCount(tags.length, 'tags')
  return tags.map(({ key, value = '' }, index) => ({
    key: checkKey(key, path === undefined ? 'key' : `${path}[${index}].key`),
    value: truncate(value, LIMITS.runTagValue),
  }))
}

async function lockRun(trx: Db, runId: string): Promise<RunRow> {
  const query = trx.selectFrom('runs').selectAll().where('run_id', '=', runId).forUpdate()
  return (await query.executeTakeFirst()) ?? refuseUnknown(runId)
}

function refuseUnknown(runId: string): never {
  return refuse('RESOURCE_DOES_NOT_EXIST', `Run with id=${runId} not found`)
}

const RUN_NAME_TAG = 'mlflow.runName'

async function createRun(
  { write, now, createId, createName }: StoreContext,
  request: CallRequest<'createRun'>,
): Promise<CallResponse<'createRun'>> {
  const tags = checkRunTags(request.tags)
  const name =
    chosenName(request.runName, tags.findLast((tag) => tag.key === RUN_NAME_TAG)?.value) || createName()
  return write(async (trx) => {
    const experiment = await activeExperiment(trx, request.experimentId)
    const runId = createId()
    const row = await trx
      .insertInto('runs')
      .values({
        run_id: runId,
        experiment,
        name,
        user_id: request.userId ?? '',
        status: 'RUNNING',
        start_time: request.startTime ?? now(),
        end_time: null,
        artifact_uri: `${await artifactLocation(trx, experiment)}/${runId}/artifacts`,
        lifecycle_stage: 'active',
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    const owner = { table: 'run_tags', owner: row.id } as const
    await putPairs(trx, owner, [...tags, { key: RUN_NAME_TAG, value: name }])
    const kept = (await readPairs(trx, 'run_tags', [row.id])).get(row.id) ?? []
    return {
      run: {
        info: runInfoMessage(row),
        data: { metrics: [], params: [], tags: kept },
        inputs: { datasetInputs: [], modelInputs: [] },
        outputs: { modelOutputs: [] },
      },
    }
  })
}

/** Where the artifacts of an experiment lie, without a slash at the end. */
export async function artifactLocation(db: Db, experiment: number): Promise<string> {
  const query = db.selectFrom('experiments').select('artifact_location').where('id', '=', experiment)
  return (await query.executeTakeFirstOrThrow()).artifact_location.replace(/\/+$/, '')
}

function chosenName(runName: string | undefined, tag: string | undefined): string | undefined {
  if (runName && tag && runName !== tag) {
    const values = `(run_name='${runName}', mlflow.runName='${tag}')`
    const rule = "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values"
    refuse('INVALID_PARAMETER_VALUE', `${rule} ${values}.`)
  }
  return runName || tag
}

async function updateRun(db: Db, request: CallRequest<'updateRun'>): Promise<CallResponse<'updateRun'>> {
  const run = await activeRun(db, request.runId)
  const { status = run.status, endTime = run.end_time } = request
  await db.updateTable('runs').set({ status, end_time: endTime }).where('id', '=', run.id).execute()
  if (request.runName)
    await putRunTags(db, run, checkRunTags([{ key: RUN_NAME_TAG, value: request.runName }]))
  return { runInfo: runInfoMessage(await findRun(db, request.runId)) }
}

async function moveRun(db: Db, runId: string, stage: LifecycleStage): Promise<Record<string, never>> {
  const { id } = await lockRun(db, runId)
  await db.updateTable('runs').set({ lifecycle_stage: stage }).where('id', '=', id).execute()
  return {}
}
