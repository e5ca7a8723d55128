import { Command } from 'commander'
import { FdsError } from '../errors.ts'
import type { ServingDatabase } from '../serving/index.ts'
import {
  type CliContext,
  type CommonOptions,
  configFor,
  loggerFor,
  printResult,
  withCommonOptions,
} from './context.ts'
import { startProgress } from './progress.ts'
import { textTable } from './text.ts'

/** `fds decisions`: what was decided, as files by day, and how long it is kept. */
export function decisionsCommand(context: CliContext): Command {
  const command = new Command('decisions').description('export the decision log by day, and delete old days')
  command.addCommand(exportCommand(context))
  command.addCommand(pruneCommand(context))
  return command
}

interface ExportOptions extends CommonOptions {
  readonly out: string
  readonly from?: string
  readonly to?: string
}

function exportCommand(context: CliContext): Command {
  const command = new Command('export')
    .description(
      'write decisions_YYYY-MM-DD.parquet for each day (UTC): the transactions, what was decided, and the labels as of now',
    )
    .requiredOption('--out <dir>', 'folder of the files')
    .option('--from <day>', 'first day, YYYY-MM-DD (default: the first there is)', dayOption('--from'))
    .option('--to <day>', 'last day (default: yesterday, the last that has ended)', dayOption('--to'))
  return withCommonOptions(command, 'fds decisions export --out decisions --from 2026-01-01').action(
    async (options: ExportOptions) => {
      const { exportDecisions } = await import('../pipeline/export-decisions.ts')
      const { out, from, to } = options
      const progress = startProgress(context, 'export')
      const days = await withDatabase(context, options, (database) =>
        exportDecisions({
          database,
          out,
          from,
          to,
          now: context.now(),
          onProgress: (decisions) => progress.count(decisions, 'decisions'),
        }),
      ).finally(() => progress.stop())
      printResult(context, options, { days }, () => exportText(days))
    },
  )
}

interface PruneOptions extends CommonOptions {
  readonly olderThan: number
  readonly unexported?: boolean
  readonly yes?: boolean
}

function pruneCommand(context: CliContext): Command {
  const command = new Command('prune')
    .description(
      'delete decisions of old days with their shadow scores and labels; only says which without --yes',
    )
    .requiredOption('--older-than <age>', 'age of the days that go, in days: 400d', ageOption)
    .option('--unexported', 'also days that are not exported')
    .option('--yes', 'do it')
  return withCommonOptions(command, 'fds decisions prune --older-than 400d --yes').action(
    async (options: PruneOptions) => {
      const { pruneDecisions } = await import('../pipeline/export-decisions.ts')
      const dryRun = options.yes !== true
      const days = await withDatabase(context, options, (database) =>
        pruneDecisions({
          database,
          olderThanDays: options.olderThan,
          unexported: options.unexported === true,
          dryRun,
          now: context.now(),
        }),
      )
      printResult(context, options, { days, deleted: !dryRun }, () => pruneText(days, dryRun))
    },
  )
}

async function withDatabase<T>(
  context: CliContext,
  options: CommonOptions,
  work: (database: ServingDatabase) => Promise<T>,
): Promise<T> {
  const { openServingDatabase } = await import('../serving/log/serving-database.ts')
  const config = configFor(context, options)
  const database = await openServingDatabase({ ...config, logger: loggerFor(config) })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

function exportText(days: readonly { day: string; decisions: number; file: string }[]): string {
  if (days.length === 0) return 'no decisions in these days'
  return textTable(
    ['day', 'decisions', 'file'],
    days.map(({ day, decisions, file }) => [day, String(decisions), file]),
  )
}

function pruneText(days: readonly { decisions: number }[], dryRun: boolean): string {
  const decisions = days.reduce((total, day) => total + day.decisions, 0)
  const what = `${decisions} decisions of ${days.length} days`
  return dryRun ? `${what} would be deleted; say --yes to do it` : `${what} deleted`
}

function dayOption(name: string): (text: string) => string {
  return (text) => {
    const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
    if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return text
    throw new FdsError('USAGE', { reason: `${name} must be a day such as 2026-01-31, got ${text}` })
  }
}

function ageOption(text: string): number {
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? []
  if (days !== undefined) return Number(days)
  throw new FdsError('USAGE', { reason: `--older-than must be a number of days such as 400d, got ${text}` })
}
