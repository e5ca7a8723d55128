import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { CHALLENGER, CHAMPION, PREVIOUS_CHAMPION } from '../protocol/fds-endpoints.ts'
import { parseVersion } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import { lastEndOf, readAliasHistory } from './alias-history.ts'
import { type AliasTarget, aliasTarget, type Mover, moveAlias, moverOf } from './alias-moves.ts'
import { findVersion } from './model-version-store.ts'
import { lockRegisteredModel, type RegisteredModelRow } from './registered-model-store.ts'
import type { Db, StoreContext } from './store-context.ts'
import type { Caller, TrackingStore } from './tracking-store.ts'

type PromotionCalls = Pick<TrackingStore, 'promoteModelVersion' | 'rollbackChampion' | 'getAliasHistory'>

/** Moves champions, each in one transaction: aliases and audit entries together, or nothing. */
export function createPromotionStore(context: StoreContext): PromotionCalls {
  return {
    promoteModelVersion: (request, caller) => promote(context, request, caller),
    rollbackChampion: (request, caller) => rollback(context, request, caller),
    getAliasHistory: (request) => readAliasHistory(context.db, request),
  }
}

async function promote(
  { write, now }: StoreContext,
  request: CallRequest<'promoteModelVersion'>,
  caller: Caller | undefined,
): Promise<CallResponse<'promoteModelVersion'>> {
  const by = moverOf(request, caller, { action: 'promote', time: now() })
  const version = parseVersion(request.version)
  return write(async (trx) => {
    const model = await lockRegisteredModel(trx, request.name)
    const target = await findVersion(trx, { name: request.name, version })
    const champion = await expectedChampion(trx, model, request.expectedChampion)
    return makeChampion(trx, { model, champion, target }, by)
  })
}

async function rollback(
  { write, now }: StoreContext,
  request: CallRequest<'rollbackChampion'>,
  caller: Caller | undefined,
): Promise<CallResponse<'rollbackChampion'>> {
  const by = moverOf(request, caller, { action: 'rollback', time: now() })
  return write(async (trx) => {
    const model = await lockRegisteredModel(trx, request.name)
    const champion = await expectedChampion(trx, model, request.expectedChampion)
    const target = await championBefore(trx, model, champion)
    const missing = `Registered Model (name=${model.name}) has no earlier champion to go back to`
    return target
      ? makeChampion(trx, { model, champion, target }, by)
      : refuse('RESOURCE_DOES_NOT_EXIST', missing)
  })
}

interface Succession {
  readonly model: RegisteredModelRow
  readonly champion: AliasTarget | undefined
  readonly target: AliasTarget
}

async function makeChampion(
  trx: Db,
  { model, champion, target }: Succession,
  by: Mover,
): Promise<CallResponse<'promoteModelVersion'>> {
  const version = String(target.version)
  if (champion?.id === target.id) return { version }
  await moveAlias(trx, model, { alias: CHAMPION, to: target }, by)
  await moveAlias(trx, model, { alias: PREVIOUS_CHAMPION, to: champion }, by)
  const challenger = await aliasTarget(trx, model.id, CHALLENGER)
  if (challenger?.id === target.id) await moveAlias(trx, model, { alias: CHALLENGER, to: undefined }, by)
  await trx
    .updateTable('registered_models')
    .set({ last_update_time: by.time })
    .where('id', '=', model.id)
    .execute()
  return champion ? { version, demoted: String(champion.version) } : { version }
}

/** The champion now; RESOURCE_CONFLICT if it is not the one that the caller saw. */
async function expectedChampion(
  trx: Db,
  model: RegisteredModelRow,
  expected: string | undefined,
): Promise<AliasTarget | undefined> {
  const champion = await aliasTarget(trx, model.id, CHAMPION)
  if (expected === undefined) return champion
  const seen = expected === '' ? undefined : parseVersion(expected)
  if (champion?.version === seen) return champion
  const said = (version: number | undefined) => (version === undefined ? 'none' : `version ${version}`)
  return refuse(
    'RESOURCE_CONFLICT',
    `The champion of Registered Model (name=${model.name}) is ${said(champion?.version)}, not ${said(seen)} as expected`,
  )
}

/**
 * The champion before this one that was not deleted since: by the audit log, whoever moved the alias, and for
 * aliases older than the log by `previous_champion`.
 */
async function championBefore(
  trx: Db,
  model: RegisteredModelRow,
  champion: AliasTarget | undefined,
): Promise<AliasTarget | undefined> {
  const logged = await trx
    .selectFrom('alias_moves')
    .innerJoin('model_versions', (join) =>
      join
        .onRef('model_versions.model', '=', 'alias_moves.model')
        .onRef('model_versions.version', '=', 'alias_moves.from_version'),
    )
    .select(['model_versions.id', 'model_versions.version'])
    .where('alias_moves.model', '=', model.id)
    .where('alias_moves.alias', '=', CHAMPION)
    .where('alias_moves.id', '>', lastEndOf(model.id))
    .where('model_versions.lifecycle_stage', '=', 'active')
    .where('model_versions.id', '!=', champion?.id ?? NO_ROW)
    .orderBy('alias_moves.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (logged) return logged
  const previous = await aliasTarget(trx, model.id, PREVIOUS_CHAMPION)
  return previous?.id === champion?.id ? undefined : previous
}

const NO_ROW = 0
