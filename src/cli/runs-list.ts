import { Command } from 'commander'
import type { Run } from '../tracking/index.ts'
import { type CliContext, type CommonOptions, withCommonOptions } from './context.ts'
import { integerOption, listOption } from './options.ts'
import { onTracking } from './session.ts'
import { plainText, textTable } from './text.ts'

interface QueryOptions extends CommonOptions {
  readonly experiment?: string
  readonly filter?: string
  readonly orderBy?: readonly string[]
  readonly deleted?: boolean
  readonly max: number
}

interface ListOptions extends QueryOptions {
  readonly columns?: readonly string[]
}

interface ExportOptions extends QueryOptions {
  readonly out: string
}

const COLUMNS = ['run_id', 'run_name', 'experiment_id', 'status', 'start_time', 'seconds']

/** `fds runs list`: runs by experiment and filter, with chosen columns. */
export function listCommand(context: CliContext): Command {
  const command = withQueryOptions(new Command('list').description('runs, the latest first'), 100).option(
    '--columns <names>',
    `what to show, A,B: metrics.<name>, params.<name>, tags.<name> or such as ${COLUMNS.join(',')}`,
    listOption,
  )
  const example =
    'fds runs list --filter "metrics.auc_roc > 0.9" --order-by "metrics.cost ASC" --columns run_id,metrics.cost,params.max_depth'
  return withCommonOptions(command, example).action(async (options: ListOptions) => {
    const { checkRunColumns, runCell } = await import('../pipeline/run-columns.ts')
    const { runRecord } = await import('../pipeline/export-runs.ts')
    const columns = checkRunColumns(options.columns ?? COLUMNS)
    await onTracking(context, options, async (client) => {
      const runs = await find(client, options)
      const result = options.columns
        ? runs.map((run) => Object.fromEntries(columns.map((column) => [column, runCell(run, column)])))
        : runs.map(runRecord)
      const rows = runs.map((run) => columns.map((column) => plainText(runCell(run, column))))
      return [result, () => textTable(columns, rows)]
    })
  })
}

/** `fds runs export`: the runs that `list` would find, with everything they hold, in a file. */
export function exportCommand(context: CliContext): Command {
  const command = withQueryOptions(
    new Command('export').description('write runs with all they hold to a file'),
    100_000,
  ).requiredOption('--out <file>', 'file to write: .csv or .json')
  return withCommonOptions(command, 'fds runs export --experiment fds --out runs.csv').action(
    async (options: ExportOptions) => {
      const { checkExportFile, exportRuns } = await import('../pipeline/export-runs.ts')
      const { out } = options
      checkExportFile(out)
      await onTracking(context, options, async (client) => {
        const runs = await find(client, options)
        await exportRuns(runs, out)
        return [{ runs: runs.length, out }, () => `${runs.length} runs are written to ${out}`]
      })
    },
  )
}

function withQueryOptions(command: Command, max: number): Command {
  return command
    .option('--experiment <name>', 'name or id of an experiment (default: all)')
    .option('--filter <text>', "MLflow's search language, such as \"params.max_depth = '6'\"")
    .option('--order-by <terms>', 'such as "metrics.auc_roc DESC", A,B', listOption)
    .option('--deleted', 'deleted runs instead of the others')
    .option('--max <n>', 'runs at most', integerOption('--max', { min: 1 }), max)
}

async function find(
  client: Parameters<Parameters<typeof onTracking>[2]>[0],
  { experiment, filter, orderBy, deleted, max }: QueryOptions,
): Promise<Run[]> {
  const { findRuns } = await import('../pipeline/find-runs.ts')
  return findRuns({ client, experiment, filter, orderBy, deleted, max })
}
