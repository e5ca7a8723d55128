import { FdsError } from '../../errors.ts'
import type { AliasChange, AliasMove, Page } from '../client/entities.ts'
import type { MlflowClient } from '../client/mlflow-client.ts'
import { isTrackingError, isUnknownCall } from '../client/tracking-client.ts'
import { CHAMPION } from '../protocol/fds-endpoints.ts'
import { promoteByPlainCalls, rollbackByPlainCalls, type SeenAliases } from './plain-promotion.ts'

/** A move of the champion: who makes it and why goes into the audit log. */
export interface ChampionMove {
  readonly client: MlflowClient
  readonly name: string
  /** The version that must be champion now, `''` for none; what this call finds when absent. */
  readonly expectedChampion?: string | undefined
  /** Who: a person or a program. A server that checks credentials writes down whose they are instead. */
  readonly actor?: string | undefined
  readonly reason?: string | undefined
}

/**
 * Makes a version the champion: the champion so far becomes `previous_champion`, and the alias `challenger` goes
 * if it pointed to this version. Promoting the champion itself changes nothing. One step on the server, with entries
 * in its audit log; of several promoters that saw the same champion one wins, the others get CHAMPION_MOVED.
 * TRACKING_FAILED for a version that does not exist.
 *
 * A server that is MLflow's own has no such call: there it is three calls at most, in an order that leaves a champion
 * at every moment, without an audit log, and two promoters at the same instant may both believe that they won.
 */
export function promote(input: ChampionMove & { readonly version: string }): Promise<AliasMove> {
  const { client, version } = input
  return moveChampion(input, {
    inOneStep: (move) => client.promoteModelVersion({ ...move, version }),
    byPlainCalls: (seen) => promoteByPlainCalls(client, { ...seen, version }),
  })
}

/**
 * Makes the champion before the current one champion again, by the audit log, whoever moved the alias; versions that
 * were deleted since are passed over. The demoted one becomes `previous_champion`, so that a second rollback undoes the
 * first. NOTHING_TO_ROLL_BACK if there was no other champion, CHAMPION_MOVED as for `promote`.
 *
 * MLflow's own server keeps no log: there `previous_champion` is what it goes back to, by plain calls.
 */
export async function rollback(input: ChampionMove): Promise<AliasMove> {
  const { client, name } = input
  return moveChampion(input, {
    inOneStep: async (move) => {
      try {
        return await client.rollbackChampion(move)
      } catch (error) {
        if (!isTrackingError(error, 'RESOURCE_DOES_NOT_EXIST')) throw error
        throw new FdsError('NOTHING_TO_ROLL_BACK', { name }, { cause: error })
      }
    },
    byPlainCalls: (seen) => rollbackByPlainCalls(client, seen),
  })
}

/**
 * One page of the audit log of a model's aliases, newest first: every move, whichever call made it.
 * HISTORY_UNAVAILABLE where the server is MLflow's own, which keeps none.
 */
export async function aliasHistory(input: {
  readonly client: MlflowClient
  readonly name: string
  readonly maxResults?: number
  readonly pageToken?: string
}): Promise<Page<AliasChange>> {
  const { client, ...query } = input
  try {
    return await client.getAliasHistory(query)
  } catch (error) {
    if (isUnknownCall(error)) throw new FdsError('HISTORY_UNAVAILABLE', { uri: client.uri }, { cause: error })
    throw error
  }
}

interface Ways {
  readonly inOneStep: (move: Parameters<MlflowClient['rollbackChampion']>[0]) => Promise<AliasMove>
  readonly byPlainCalls: (seen: SeenAliases) => Promise<AliasMove>
}

async function moveChampion(input: ChampionMove, ways: Ways): Promise<AliasMove> {
  const { client, name, actor, reason } = input
  const { aliases } = await client.getRegisteredModel(name)
  const expected = input.expectedChampion ?? aliases[CHAMPION] ?? NO_CHAMPION
  try {
    return await ways.inOneStep({ name, expectedChampion: expected, actor, reason })
  } catch (error) {
    if (isTrackingError(error, 'RESOURCE_CONFLICT')) {
      const { aliases: now } = await client.getRegisteredModel(name)
      throw championMoved({ name, expected, got: now[CHAMPION] }, error)
    }
    if (!isUnknownCall(error)) throw error
  }
  if (expected !== (aliases[CHAMPION] ?? NO_CHAMPION)) {
    throw championMoved({ name, expected, got: aliases[CHAMPION] })
  }
  return ways.byPlainCalls({ name, aliases })
}

const NO_CHAMPION = ''

function championMoved(
  { name, expected, got }: { name: string; expected: string; got: string | undefined },
  cause?: unknown,
): FdsError {
  const said = (version: string) => (version === NO_CHAMPION ? 'no version' : `version ${version}`)
  return new FdsError(
    'CHAMPION_MOVED',
    { name, expected: said(expected), got: said(got ?? NO_CHAMPION) },
    { cause },
  )
}
