import { FdsError } from '../../errors.ts'
import type { AliasMove, Texts } from '../client/entities.ts'
import type { MlflowClient } from '../client/mlflow-client.ts'
import { CHALLENGER, CHAMPION, PREVIOUS_CHAMPION } from '../protocol/fds-endpoints.ts'

/** A registered model's aliases as they were looked at before the move. */
export interface SeenAliases {
  readonly name: string
  readonly aliases: Texts
}

/** A promotion in MLflow's own calls, three at most, in an order that leaves a champion at every moment. */
export async function promoteByPlainCalls(
  client: MlflowClient,
  { name, aliases, version }: SeenAliases & { version: string },
): Promise<AliasMove> {
  await client.getModelVersion({ name, version })
  const demoted = aliases[CHAMPION]
  if (demoted === version) return { version }
  if (demoted !== undefined)
    await client.setRegisteredModelAlias({ name, alias: PREVIOUS_CHAMPION, version: demoted })
  await client.setRegisteredModelAlias({ name, alias: CHAMPION, version })
  if (aliases[CHALLENGER] === version) await client.deleteRegisteredModelAlias({ name, alias: CHALLENGER })
  return demoted === undefined ? { version } : { version, demoted }
}

/** A rollback in MLflow's own calls, to what `previous_champion` points to. NOTHING_TO_ROLL_BACK without it. */
export async function rollbackByPlainCalls(
  client: MlflowClient,
  { name, aliases }: SeenAliases,
): Promise<AliasMove> {
  const version = aliases[PREVIOUS_CHAMPION]
  const demoted = aliases[CHAMPION]
  if (version === undefined || version === demoted) throw new FdsError('NOTHING_TO_ROLL_BACK', { name })
  await client.setRegisteredModelAlias({ name, alias: CHAMPION, version })
  if (demoted !== undefined)
    await client.setRegisteredModelAlias({ name, alias: PREVIOUS_CHAMPION, version: demoted })
  else await client.deleteRegisteredModelAlias({ name, alias: PREVIOUS_CHAMPION })
  return demoted === undefined ? { version } : { version, demoted }
}
