import { type Selectable, sql } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import type { AliasChangeMessage } from '../protocol/fds-endpoints.ts'
import { checkMaxResults, checkModelName } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import { encodeToken, parseToken, refuseToken } from './page-token.ts'
import type { Db } from './store-context.ts'
import type { Tables } from './tables.ts'

/**
 * The audit log of a model's aliases, newest first: what happened under this name, and what happened to the model
 * that has it now under earlier names. It outlives the model. RESOURCE_DOES_NOT_EXIST for a name never heard of.
 */
export async function readAliasHistory(
  db: Db,
  request: CallRequest<'getAliasHistory'>,
): Promise<CallResponse<'getAliasHistory'>> {
  const size = checkMaxResults(request.maxResults, { most: 1000, byDefault: 100 })
  const before = parseBefore(request.pageToken)
  const name = checkModelName(request.name)
  const model = await db
    .selectFrom('registered_models')
    .select('id')
    .where('name', '=', name)
    .executeTakeFirst()
  const rows = await db
    .selectFrom('alias_moves')
    .selectAll()
    .where((eb) => {
      const named = eb('name', '=', name)
      return model
        ? eb.or([named, eb.and([eb('model', '=', model.id), eb('id', '>', lastEndOf(model.id))])])
        : named
    })
    .where('id', '<', before)
    .orderBy('id', 'desc')
    .limit(size + 1)
    .execute()
  if (!model && rows.length === 0 && request.pageToken === undefined) {
    refuse('RESOURCE_DOES_NOT_EXIST', `Registered Model with name=${name} not found`)
  }
  const kept = rows.slice(0, size)
  const next = rows.length > size ? { nextPageToken: encodeToken({ before: kept.at(-1)!.id }) } : {}
  return { changes: kept.map(changeOf), ...next }
}

/** A row's id may come again after the model was deleted: what was logged before then is another model's. */
export function lastEndOf(model: number) {
  return sql<number>`coalesce((select max(id) from alias_moves where model = ${model} and action = 'delete_model'), 0)`
}

function changeOf(row: Selectable<Tables['alias_moves']>): AliasChangeMessage {
  return {
    name: row.name,
    alias: row.alias ?? undefined,
    fromVersion: versionText(row.from_version),
    toVersion: versionText(row.to_version),
    action: row.action,
    actor: row.actor ?? undefined,
    reason: row.reason ?? undefined,
    timestamp: row.time,
  }
}

function versionText(version: number | null): string | undefined {
  return version === null ? undefined : String(version)
}

function parseBefore(token: string | undefined): number {
  if (!token) return Number.MAX_SAFE_INTEGER
  const { before } = parseToken(token)
  return Number.isSafeInteger(before) && (before as number) > 0 ? (before as number) : refuseToken()
}
