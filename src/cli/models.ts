import { Command } from 'commander'
import type { CliContext } from './context.ts'
import { promoteCommand, rollbackCommand } from './models-champion.ts'
import { aliasCommand, deleteCommand, describeCommand, tagCommand, unaliasCommand } from './models-change.ts'
import { exportCommand, importCommand, registerCommand } from './models-files.ts'
import { firstChampionCommand } from './models-first.ts'
import { importanceCommand } from './models-importance.ts'
import { policyCommand } from './models-policy.ts'
import { historyCommand, listCommand, searchCommand, showCommand } from './models-read.ts'

/** `fds models`: the registry's daily work. */
export function modelsCommand(context: CliContext): Command {
  const command = new Command('models').description(
    'registered models: versions, champions and their history, aliases, tags, files, importance and policies',
  )
  const children = [
    listCommand,
    showCommand,
    searchCommand,
    registerCommand,
    firstChampionCommand,
    promoteCommand,
    rollbackCommand,
    historyCommand,
    aliasCommand,
    unaliasCommand,
    tagCommand,
    describeCommand,
    deleteCommand,
    exportCommand,
    importCommand,
    importanceCommand,
    policyCommand,
  ]
  for (const create of children) command.addCommand(create(context))
  return command
}
