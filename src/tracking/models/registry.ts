import { FdsError } from '../../errors.ts'
import type { MlflowClient } from '../client/mlflow-client.ts'

export const CHAMPION = 'champion'
export const CHALLENGER = 'challenger'
export const PREVIOUS_CHAMPION = 'previous_champion'

export interface AliasMove {
  /** The champion now. */
  readonly version: string
  /** The champion before, now `previous_champion`; absent if there was none or it is the same. */
  readonly demoted?: string
}

/**
 * Makes a version the champion: the champion so far becomes `previous_champion`, and the alias `challenger` goes
 * if it pointed to this version. Promoting the champion itself changes nothing. TRACKING_FAILED for a version
 * that does not exist. Three calls at most, in an order that leaves a champion at every moment.
 */
export async function promote(input: {
  client: MlflowClient
  name: string
  version: string
}): Promise<AliasMove> {
  const { client, name, version } = input
  await client.getModelVersion({ name, version })
  const { aliases } = await client.getRegisteredModel(name)
  const demoted = aliases[CHAMPION]
  if (demoted === version) return { version }
  if (demoted !== undefined)
    await client.setRegisteredModelAlias({ name, alias: PREVIOUS_CHAMPION, version: demoted })
  await client.setRegisteredModelAlias({ name, alias: CHAMPION, version })
  if (aliases[CHALLENGER] === version) await client.deleteRegisteredModelAlias({ name, alias: CHALLENGER })
  return demoted === undefined ? { version } : { version, demoted }
}

/**
 * Makes `previous_champion` the champion again; the demoted one becomes `previous_champion`, so that a second
 * rollback undoes the first. NOTHING_TO_ROLL_BACK if there is no previous champion.
 */
export async function rollback(input: { client: MlflowClient; name: string }): Promise<AliasMove> {
  const { client, name } = input
  const { aliases } = await client.getRegisteredModel(name)
  const version = aliases[PREVIOUS_CHAMPION]
  const demoted = aliases[CHAMPION]
  if (version === undefined || version === demoted) throw new FdsError('NOTHING_TO_ROLL_BACK', { name })
  await client.setRegisteredModelAlias({ name, alias: CHAMPION, version })
  if (demoted !== undefined)
    await client.setRegisteredModelAlias({ name, alias: PREVIOUS_CHAMPION, version: demoted })
  else await client.deleteRegisteredModelAlias({ name, alias: PREVIOUS_CHAMPION })
  return demoted === undefined ? { version } : { version, demoted }
}
