import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkLength, LIMITS } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import type { Db, StoreContext } from './store-context.ts'
import type { TrackingStore } from './tracking-store.ts'

/**
 * The logs that the workers of studies share. A call appends, reads on and tells that its worker lives, in one
 * transaction that holds the study's row: entries come without a gap, in one order for all.
 */
export function createStudyStore({ write, now }: StoreContext): Pick<TrackingStore, 'syncStudy'> {
  return {
    syncStudy: async (request) => {
      checkRequest(request)
      return write((trx) => sync(trx, request, now()))
    },
  }
}

type Request = CallRequest<'syncStudy'>

async function sync(trx: Db, request: Request, time: number): Promise<CallResponse<'syncStudy'>> {
  const { operations, after = 0 } = request
  const study = await growStudy(trx, request)
  const worker = request.worker ?? study.last_worker
  if (worker < 1 || worker > study.last_worker) {
    refuse('INVALID_PARAMETER_VALUE', `The study '${request.studyName}' has no worker ${worker}.`)
  }
  const first = study.last_sequence - operations.length + 1
  const rows = operations.map((operation, index) => ({
    study: study.id,
    sequence: first + index,
    worker,
    time,
    operation,
  }))
  if (rows.length > 0) await trx.insertInto('study_operations').values(rows).execute()
  await keepAlive(trx, { study: study.id, worker, last_seen: time })
  const entries = await readEntries(trx, study.id, after)
  return {
    worker,
    entries,
    hasMore: after + entries.length < study.last_sequence,
    workers: await readWorkers(trx, study.id, time),
  }
}

/** The study's row, locked and ahead by what the request brings; a new one at a name's first call. */
async function growStudy(trx: Db, { studyName: name, worker, operations }: Request) {
  const empty = { name, last_sequence: 0, last_worker: 0 }
  await trx
    .insertInto('studies')
    .values(empty)
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  return trx
    .updateTable('studies')
    .set((of) => ({
      last_sequence: of('last_sequence', '+', operations.length),
      last_worker: of('last_worker', '+', worker === undefined ? 1 : 0),
    }))
    .where('name', '=', name)
    .returning(['id', 'last_sequence', 'last_worker'])
    .executeTakeFirstOrThrow()
}

async function keepAlive(trx: Db, row: { study: number; worker: number; last_seen: number }): Promise<void> {
  await trx
    .insertInto('study_workers')
    .values(row)
    .onConflict((conflict) => conflict.columns(['study', 'worker']).doUpdateSet({ last_seen: row.last_seen }))
    .execute()
}

function readEntries(trx: Db, study: number, after: number) {
  return trx
    .selectFrom('study_operations')
    .select(['sequence', 'worker', 'time', 'operation'])
    .where('study', '=', study)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(LIMITS.studyEntries)
    .execute()
}

async function readWorkers(trx: Db, study: number, time: number) {
  const workers = await trx
    .selectFrom('study_workers')
    .select(['worker', 'last_seen'])
    .where('study', '=', study)
    .where('last_seen', '>', time - HOUR_MS)
    .orderBy('worker')
    .execute()
  return workers.map(({ worker, last_seen }) => ({ worker, idleMs: Math.max(time - last_seen, 0) }))
}

const HOUR_MS = 3_600_000

function checkRequest({ studyName, after = 0, operations }: Request): void {
  if (studyName.trim() === '') {
    refuse('INVALID_PARAMETER_VALUE', "Missing value for required parameter 'study_name'.")
  }
  checkLength(studyName, LIMITS.studyName, 'study_name')
  if (after < 0) refuse('INVALID_PARAMETER_VALUE', `Invalid value ${after} for parameter 'after': below 0.`)
  if (operations.length > LIMITS.studyOperations) {
    const limit = `at most ${LIMITS.studyOperations} operations go in one request`
    refuse('INVALID_PARAMETER_VALUE', `Got ${operations.length} operations; ${limit}.`)
  }
  operations.forEach(checkOperation)
}

/** What every worker must be able to read, or none could go on. */
function checkOperation(operation: string, index: number): void {
  const { id, kind } = parseObject(operation)
  if (Number.isSafeInteger(id) && Number(id) > 0 && typeof kind === 'string') return
  const expected = 'a JSON object with a whole number `id` above 0 and a text `kind`'
  refuse('INVALID_PARAMETER_VALUE', `Invalid value for parameter 'operations[${index}]': ${expected}.`)
}

function parseObject(operation: string): { readonly id?: unknown; readonly kind?: unknown } {
  try {
    return JSON.parse(operation) ?? {}
  } catch {
    return {}
  }
}
