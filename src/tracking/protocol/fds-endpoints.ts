import { once, read, write } from './endpoint.ts'
import { flag, integer, listOf, type MessageOf, message, oneOf, required, text } from './fields.ts'

/** The version that decides, the one that is tried beside it, and the one that a rollback goes back to. */
export const CHAMPION = 'champion'
export const CHALLENGER = 'challenger'
export const PREVIOUS_CHAMPION = 'previous_champion'

/** What moved an alias. */
export const ALIAS_ACTIONS = [
  'promote',
  'rollback',
  'set_alias',
  'delete_alias',
  'delete_version',
  'rename_model',
  'delete_model',
] as const

/** Who moves an alias, as the caller says; a name that the server has proved itself counts instead. And why. */
export const audit = { actor: text, reason: text }

/** One entry of the audit log. No `fromVersion`: the alias is new; no `toVersion`: it is gone. */
export const aliasChange = {
  /** The model's name at that time. */
  name: required(text),
  /** Absent for the end of the whole model. */
  alias: text,
  fromVersion: text,
  toVersion: text,
  action: required(oneOf(ALIAS_ACTIONS)),
  ...audit,
  timestamp: required(integer),
}

const name = required(text)
/** The version that must be champion now; the empty text: there must be none; absent: whatever there is. */
const expectedChampion = text
/** The champion now, and the one before, now `previous_champion`; absent if there was none or nothing changed. */
const move = { version: required(text), demoted: text }

/** One operation of a study, by the worker that sent it; `time` is the server's. */
const studyEntry = {
  sequence: required(integer),
  worker: required(integer),
  time: required(integer),
  /** A JSON object with the worker's own `id` of it and its `kind`; the server reads no more of it. */
  operation: required(text),
}

const studySync = {
  worker: required(integer),
  entries: listOf(message(studyEntry)),
  hasMore: required(flag),
  /** Those heard of in the last hour. */
  workers: listOf(message({ worker: required(integer), idleMs: required(integer) })),
}

/**
 * What MLflow's protocol has no call for: moving a champion as one step, who moved which alias when and why, and
 * the log that the workers of a study share.
 */
export const FDS_ENDPOINTS = {
  promoteModelVersion: once(
    'POST /fds/registered-models/promote',
    { name, version: required(text), expectedChampion, ...audit },
    move,
  ),
  rollbackChampion: once('POST /fds/registered-models/rollback', { name, expectedChampion, ...audit }, move),
  getAliasHistory: read(
    'GET /fds/registered-models/alias-history',
    { name, maxResults: integer, pageToken: text },
    { changes: listOf(message(aliasChange)), nextPageToken: text },
  ),
  /** Appends to a study's log and reads on; the first call of a worker, without `worker`, gives it its name. */
  syncStudy: write(
    'POST /fds/studies/sync',
    { studyName: required(text), worker: integer, after: integer, operations: listOf(text) },
    studySync,
  ),
} as const

export type AliasAction = (typeof ALIAS_ACTIONS)[number]
export type AliasChangeMessage = MessageOf<typeof aliasChange>
export type StudySyncMessage = MessageOf<typeof studySync>
