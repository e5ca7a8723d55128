import type { Kysely, Selectable, Transaction } from 'kysely'
import { FdsError } from '../../errors.ts'
import type { ExperimentLook, ExperimentVerdict } from '../../monitoring/experiments/experiment-verdict.ts'
import { guarded } from '../log/read-decisions.ts'
import type { ServingDatabase } from '../log/serving-database.ts'
import type { ServingTables } from '../log/tables.ts'
import type {
  Experiment,
  ExperimentAction,
  ExperimentActor,
  ExperimentEvent,
  ExperimentState,
  StoredLook,
} from './experiment.ts'

/** What a change of an experiment may change. */
export interface ExperimentChange {
  readonly action: ExperimentAction
  readonly state?: ExperimentState
  readonly coverage?: number
  /** What else the audit should hold. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** The experiments in the serving database. Every call rejects with STORAGE_FAILED when it cannot be used. */
export interface ExperimentStore {
  /** Stores a new experiment; AB_TEST_RUNNING where its model has one, of several starters for all but one. */
  start(experiment: Experiment, by: ExperimentActor): Promise<void>
  /** The model's running experiment. */
  running(modelName: string): Promise<Experiment | undefined>
  /** The running experiment, or else the one that was started last. */
  latest(modelName: string): Promise<Experiment | undefined>
  /** Changes an experiment that is still as it was seen, and gives the new one; AB_TEST_MOVED otherwise. */
  change(seen: Experiment, change: ExperimentChange, by: ExperimentActor): Promise<Experiment>
  /** The audit, oldest first. */
  events(id: string): Promise<readonly ExperimentEvent[]>
  looks(id: string): Promise<readonly ExperimentLook[]>
  lastLook(id: string): Promise<StoredLook | undefined>
  /** The last decisions of all models, ten thousand at most, and the seconds over which they came. */
  traffic(): Promise<{ readonly decisions: number; readonly seconds: number }>
  /** Stores look number `number`, from 0 on; false where another process has stored it. */
  addLook(id: string, number: number, look: StoredLook): Promise<boolean>
}

export type ExperimentDatabase = Pick<ServingDatabase, 'db' | 'writer'>

/** The store over the serving database; `now` in milliseconds since 1970. */
export function createExperimentStore(
  { db, writer }: ExperimentDatabase,
  { now }: { readonly now: () => number },
): ExperimentStore {
  const find = async (modelName: string, onlyRunning: boolean) => {
    const row = await guarded(() =>
      db
        .selectFrom('experiments')
        .selectAll()
        .where('model_name', '=', modelName)
        .$if(onlyRunning, (query) => query.where('state', '=', 'running'))
        .orderBy('started_at', 'desc')
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst(),
    )
    return row && experimentOf(row)
  }
  const write = <T>(work: (trx: Transaction<ServingTables>) => Promise<T>) =>
    guarded(() => writer.transaction().execute(work))

  return {
    running: (modelName) => find(modelName, true),
    latest: async (modelName) => (await find(modelName, true)) ?? (await find(modelName, false)),
    start: (experiment, by) =>
      write(async (trx) => {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('experiments')
          .values(rowOf(experiment))
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst()
        if (numInsertedOrUpdatedRows !== 1n) {
          throw new FdsError('AB_TEST_RUNNING', { name: experiment.modelName })
        }
        const { coverage, trafficSplit: traffic_split, mode } = experiment
        await addEvent(trx, {
          id: experiment.id,
          time: now() / 1000,
          action: 'start',
          ...by,
          details: { traffic_split, coverage, mode },
        })
      }),
    change: (seen, change, by) =>
      write((trx) => changeExperiment(trx, { seen, change, by, now: now() / 1000 })),
    events: (id) => guarded(() => readEvents(db, id)),
    looks: async (id) => (await guarded(() => readLooks(db, id))).map(({ look }) => JSON.parse(look)),
    lastLook: async (id) => {
      const last = (await guarded(() => readLooks(db, id, 1)))[0]
      return last && { look: JSON.parse(last.look), verdict: JSON.parse(last.verdict) as ExperimentVerdict }
    },
    traffic: () => guarded(() => readTraffic(db)),
    addLook: (id, number, look) => write((trx) => addLook(trx, { id, number, ...look })),
  }
}

async function changeExperiment(
  trx: Transaction<ServingTables>,
  input: {
    readonly seen: Experiment
    readonly change: ExperimentChange
    readonly by: ExperimentActor
    readonly now: number
  },
): Promise<Experiment> {
  const { seen, change, by, now } = input
  const { action, state = seen.state, coverage = seen.coverage, details = {} } = change
  const endedAt = state === 'running' ? null : now
  const revision = seen.revision + 1
  const { numUpdatedRows } = await trx
    .updateTable('experiments')
    .set({ state, coverage, revision, ended_at: endedAt })
    .where('id', '=', seen.id)
    .where('revision', '=', seen.revision)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new FdsError('AB_TEST_MOVED', { experiment: seen.id })
  const moved = { ...(coverage !== seen.coverage && { coverage }), ...details }
  await addEvent(trx, { id: seen.id, time: now, action, ...by, details: moved })
  return { ...seen, state, coverage, revision, endedAt }
}

async function addEvent(
  trx: Transaction<ServingTables>,
  event: Omit<ExperimentEvent, 'reason'> & ExperimentActor & { readonly id: string },
): Promise<void> {
  const { id: experiment, time, action, actor, reason = null, details } = event
  const row = { experiment, time, action, actor, reason, details: JSON.stringify(details) }
  await trx.insertInto('experiment_events').values(row).execute()
}

async function readEvents(db: Kysely<ServingTables>, id: string): Promise<ExperimentEvent[]> {
  const rows = await db
    .selectFrom('experiment_events')
    .selectAll()
    .where('experiment', '=', id)
    .orderBy('seq')
    .execute()
  return rows.map(({ time, action, actor, reason, details }) => ({
    time,
    action,
    actor,
    reason,
    details: JSON.parse(details) as Record<string, unknown>,
  }))
}

/** Looks in order; with `last`, the last so many, the latest first. */
function readLooks(db: Kysely<ServingTables>, id: string, last?: number) {
  const looks = db.selectFrom('experiment_looks').select(['look', 'verdict']).where('experiment', '=', id)
  return last === undefined
    ? looks.orderBy('number').execute()
    : looks.orderBy('number', 'desc').limit(last).execute()
}

async function addLook(
  trx: Transaction<ServingTables>,
  { id, number, look, verdict }: StoredLook & { readonly id: string; readonly number: number },
): Promise<boolean> {
  // asked for first, since SQLite's trigger refuses a second one loudly
  const earlier = await trx
    .selectFrom('experiment_looks')
    .select('number')
    .where('experiment', '=', id)
    .where('number', '=', number)
    .executeTakeFirst()
  if (earlier) return false
  const row = {
    experiment: id,
    number,
    time: look.time,
    look: JSON.stringify(look),
    verdict: JSON.stringify(verdict),
  }
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('experiment_looks')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

const RECENT = 10_000

async function readTraffic(db: Kysely<ServingTables>) {
  const recent = db
    .selectFrom('decisions')
    .select('created_at')
    .orderBy('seq', 'desc')
    .limit(RECENT)
    .as('recent')
  const row = await db
    .selectFrom(recent)
    .select((eb) => [
      eb.fn.countAll<number | string>().as('decisions'),
      eb.fn.min('created_at').as('first'),
      eb.fn.max('created_at').as('last'),
    ])
    .executeTakeFirstOrThrow()
  return { decisions: Number(row.decisions), seconds: (row.last ?? 0) - (row.first ?? 0) }
}

function rowOf(experiment: Experiment) {
  return {
    id: experiment.id,
    model_name: experiment.modelName,
    champion_version: experiment.championVersion,
    challenger_version: experiment.challengerVersion,
    hash_version: experiment.hashVersion,
    mode: experiment.mode,
    traffic_split: experiment.trafficSplit,
    coverage: experiment.coverage,
    plan: JSON.stringify(experiment.plan),
    auto_promote: experiment.autoPromote ? 1 : 0,
    auto_rollback: experiment.autoRollback ? 1 : 0,
    state: experiment.state,
    revision: experiment.revision,
    started_at: experiment.startedAt,
    ended_at: experiment.endedAt,
  }
}

function experimentOf(row: Selectable<ServingTables['experiments']>): Experiment {
  return {
    id: row.id,
    modelName: row.model_name,
    championVersion: row.champion_version,
    challengerVersion: row.challenger_version,
    hashVersion: row.hash_version,
    mode: row.mode,
    trafficSplit: row.traffic_split,
    coverage: row.coverage,
    plan: JSON.parse(row.plan),
    autoPromote: row.auto_promote === 1,
    autoRollback: row.auto_rollback === 1,
    state: row.state,
    revision: row.revision,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}
