import type { AliasAction } from '../protocol/fds-endpoints.ts'
import { checkLength, LIMITS } from '../protocol/limits.ts'
import type { Db } from './store-context.ts'
import type { Caller } from './tracking-store.ts'

/** Who moves an alias, by what call, and why: what the audit log keeps of it. */
export interface Mover {
  readonly action: AliasAction
  readonly actor: string | null
  readonly reason: string | null
  readonly time: number
}

/** A version by its row and by its number. */
export interface AliasTarget {
  readonly id: number
  readonly version: number
}

interface NamedModel {
  readonly id: number
  readonly name: string
}

/** The mover as the request names it, or as the server knows it, which counts more. */
export function moverOf(
  request: { readonly actor?: string | undefined; readonly reason?: string | undefined },
  caller: Caller | undefined,
  by: Pick<Mover, 'action' | 'time'>,
): Mover {
  const actor = caller?.user ?? checkLength(request.actor ?? '', LIMITS.actor, 'actor')
  const reason = checkLength(request.reason ?? '', LIMITS.reason, 'reason')
  return { ...by, actor: actor || null, reason: reason || null }
}

/** Points the alias at the version, or at none, and says so in the audit log; a move to where it is leaves no trace. */
export async function moveAlias(
  db: Db,
  model: NamedModel,
  { alias, to }: { alias: string; to: AliasTarget | undefined },
  by: Mover,
): Promise<void> {
  const from = await aliasTarget(db, model.id, alias)
  if (from?.id === to?.id) return
  if (to) await pointAlias(db, { model: model.id, alias, version: to.id })
  else await db.deleteFrom('aliases').where('model', '=', model.id).where('alias', '=', alias).execute()
  await recordMove(db, model, { alias, from, to }, by)
}

/** Writes one entry of the audit log; without an alias it is the end of the model. */
export async function recordMove(
  db: Db,
  model: NamedModel,
  move: { alias?: string; from?: AliasTarget | undefined; to?: AliasTarget | undefined },
  by: Mover,
): Promise<void> {
  const entry = {
    model: model.id,
    name: model.name,
    alias: move.alias ?? null,
    from_version: move.from?.version ?? null,
    to_version: move.to?.version ?? null,
    ...by,
  }
  await db.insertInto('alias_moves').values(entry).execute()
}

/** A new name takes every alias from the old one. */
export async function recordRename(db: Db, model: NamedModel, newName: string, by: Mover): Promise<void> {
  for (const { alias, ...version } of await aliasesOf(db, model.id).execute()) {
    await recordMove(db, model, { alias, from: version }, by)
    await recordMove(db, { ...model, name: newName }, { alias, to: version }, by)
  }
}

/** Where the alias points; `undefined` if there is no such alias. */
export async function aliasTarget(db: Db, model: number, alias: string): Promise<AliasTarget | undefined> {
  return aliasesOf(db, model).where('aliases.alias', '=', alias).executeTakeFirst()
}

/** A model's aliases with the versions that they point to, by name of the alias. */
export function aliasesOf(db: Db, model: number) {
  return db
    .selectFrom('aliases')
    .innerJoin('model_versions', 'model_versions.id', 'aliases.version')
    .select(['aliases.alias', 'model_versions.id', 'model_versions.version'])
    .where('aliases.model', '=', model)
    .orderBy('aliases.alias')
}

async function pointAlias(db: Db, row: { model: number; alias: string; version: number }): Promise<void> {
  await db
    .insertInto('aliases')
    .values(row)
    .onConflict((conflict) => conflict.columns(['model', 'alias']).doUpdateSet({ version: row.version }))
    .execute()
}
