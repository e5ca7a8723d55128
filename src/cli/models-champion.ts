import { Command } from 'commander'
import { FdsError } from '../errors.ts'
import type { AliasMove, MlflowClient } from '../tracking/index.ts'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { withTracking } from './session.ts'

interface MoveOptions extends CommonOptions {
  readonly expect?: string
  readonly reason?: string
}

/** `fds models promote`: a new champion. */
export function promoteCommand(context: CliContext): Command {
  const command = new Command('promote')
    .description(
      'make a version the champion in one step: the champion so far becomes previous_champion; exit 1 if another champion stands than --expect',
    )
    .argument('<name>')
    .argument('<version>')
  const example = 'fds models promote fraud_detector 2 --expect 1 --reason "cost down 8 %"'
  return withCommonOptions(withMoveOptions(command), example).action(
    (name: string, version: string, options: MoveOptions) =>
      moveChampion(context, options, {
        name,
        move: async (client, by) => {
          const { promote } = await import('../tracking/index.ts')
          return promote({ client, name, version, ...by })
        },
        toText: (champion) => `${name}@champion is version ${champion}`,
      }),
  )
}

/** `fds models rollback`: back to the champion before. */
export function rollbackCommand(context: CliContext): Command {
  const command = new Command('rollback')
    .description(
      'make the champion before the current one champion again; a second rollback undoes the first; exit 1 if another champion stands than --expect',
    )
    .argument('<name>')
  const example = 'fds models rollback fraud_detector --reason "too many false alarms"'
  return withCommonOptions(withMoveOptions(command), example).action((name: string, options: MoveOptions) =>
    moveChampion(context, options, {
      name,
      move: async (client, by) => {
        const { rollback } = await import('../tracking/index.ts')
        return rollback({ client, name, ...by })
      },
      toText: (champion) => `${name}@champion is version ${champion} again`,
    }),
  )
}

function withMoveOptions(command: Command): Command {
  return command
    .option('--expect <version>', 'the champion that must stand now, or none (default: whichever is found)')
    .option('--reason <text>', 'why, for the history')
}

interface ChampionChange {
  readonly name: string
  readonly move: (
    client: MlflowClient,
    by: { expectedChampion?: string; actor: string; reason?: string },
  ) => Promise<AliasMove>
  readonly toText: (champion: string) => string
}

async function moveChampion(
  context: CliContext,
  options: MoveOptions,
  change: ChampionChange,
): Promise<void> {
  const { expect, reason } = options
  const { name, move, toText } = change
  try {
    const { version, demoted } = await withTracking(context, options, async (openClient) =>
      move(await openClient(), {
        ...(expect !== undefined && { expectedChampion: expect === 'none' ? '' : expect }),
        actor: context.user,
        ...(reason !== undefined && { reason }),
      }),
    )
    const result = { name, champion: version, previous_champion: demoted ?? null }
    printResult(context, options, result, () => toText(version))
  } catch (error) {
    if (!(error instanceof FdsError) || error.code !== 'CHAMPION_MOVED') throw error
    reportConflict(context, options, error as FdsError<'CHAMPION_MOVED'>)
  }
}

/** Another was faster: a check that failed, not a wrong call. */
function reportConflict(context: CliContext, options: MoveOptions, error: FdsError<'CHAMPION_MOVED'>): void {
  context.exitCode = 1
  context.stderr.write(`${error.message}\n`)
  if (options.json) printResult(context, options, { error: { code: error.code, ...error.details } }, () => '')
}
