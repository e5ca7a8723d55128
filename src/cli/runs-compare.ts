import { Command } from 'commander'
import { FdsError } from '../errors.ts'
import type { ComparedValue } from '../pipeline/compare-runs.ts'
import { type CliContext, type CommonOptions, withCommonOptions } from './context.ts'
import { onTracking } from './session.ts'
import { plainText, textTable } from './text.ts'

interface CompareOptions extends CommonOptions {
  readonly differences?: boolean
}

/** `fds runs compare`: parameters and metrics side by side. */
export function compareCommand(context: CliContext): Command {
  const command = new Command('compare')
    .description('parameters and metrics of runs side by side; a star marks what differs')
    .argument('<run-id...>', 'two or more')
    .option('--differences', 'leave out what is the same')
  return withCommonOptions(command, 'fds runs compare 0199f0c2… 0199f0d7…').action(
    async (runIds: readonly string[], options: CompareOptions) => {
      if (runIds.length < 2)
        throw new FdsError('USAGE', { reason: 'A comparison needs two runs or more, got one' })
      const { compareRuns } = await import('../pipeline/compare-runs.ts')
      await onTracking(context, options, async (client) => {
        const { runs, ...groups } = await compareRuns(client, runIds)
        const kept = (values: readonly ComparedValue[]) =>
          options.differences ? values.filter(({ differs }) => differs) : values
        const [params, metrics] = [kept(groups.params), kept(groups.metrics)]
        const headings = ['', 'name', ...runs.map(({ run_name, run_id }) => run_name || run_id)]
        const rows = [
          ['', 'run_id', ...runs.map(({ run_id }) => run_id)],
          ...rowsOf('params.', params),
          ...rowsOf('metrics.', metrics),
        ]
        return [{ runs, params, metrics }, () => textTable(headings, rows)]
      })
    },
  )
}

function rowsOf(prefix: string, values: readonly ComparedValue[]): string[][] {
  return values.map((value) => [
    value.differs ? '*' : '',
    prefix + value.key,
    ...value.values.map((cell) => plainText(cell)),
  ])
}
