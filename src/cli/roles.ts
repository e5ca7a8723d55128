import type { Command } from 'commander'
import { listOption } from './options.ts'

/** Which column plays which part; every command that reads transactions takes these. */
export interface RoleOptions {
  readonly label?: string
  readonly time?: string
  readonly id?: string
  readonly entity?: string
  readonly amount?: string
  readonly ignore?: readonly string[]
  readonly text?: readonly string[]
}

/** Adds `--label`, `--time`, `--id`, `--entity`, `--amount` and `--ignore`. */
export function withRoleOptions(command: Command): Command {
  return command
    .option('--label <column>', 'column of 0 and 1', 'isFraud')
    .option('--time <column>', 'column of the event time; without it the file is in time order')
    .option('--id <column>', 'column that names a transaction')
    .option('--entity <column>', 'column of the card or customer')
    .option('--amount <column>', 'column of the amount')
    .option('--ignore <columns>', 'columns to leave out, A,B', listOption)
    .option('--text <columns>', 'columns of texts even where most values look like numbers, A,B', listOption)
}

/** Columns to read as text whatever they look like. */
export function textColumnsOf({ id, text = [] }: RoleOptions): readonly string[] {
  return id === undefined ? text : [id, ...text]
}

/** The roles that were given, label included. */
export function rolesOf(options: RoleOptions) {
  const { label = 'isFraud', time, id, entity, amount, ignore } = options
  return {
    label,
    ...(time !== undefined && { time }),
    ...(id !== undefined && { id }),
    ...(entity !== undefined && { entity }),
    ...(amount !== undefined && { amount }),
    ...(ignore !== undefined && { ignore }),
  }
}
