import { Command, Option } from 'commander'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { listOption } from './options.ts'
import { textTable } from './text.ts'

interface DriftOptions extends CommonOptions {
  readonly reference: string
  readonly current: string
  readonly columns?: readonly string[]
  readonly out?: string
}

/** `fds drift`: how far the current data have moved from the reference; exit 1 when too far. */
export function driftCommand(context: CliContext): Command {
  const command = new Command('drift')
    .description('compare current data with a reference; exit 1 if they drifted')
    .requiredOption('--reference <file>', 'what the model was trained on')
    .requiredOption('--current <file>', 'what it sees now')
    .addOption(new Option('--mode <mode>', 'whose tests').choices(['fds']).default('fds'))
    .option('--columns <columns>', 'columns to compare, A,B (default: all)', listOption)
    .option('--out <file>', 'write the report as one HTML file')
  return withCommonOptions(
    command,
    'fds drift --reference train.csv --current week.csv --out report.html',
  ).action((options: DriftOptions) => drift(context, options))
}

async function drift(context: CliContext, options: DriftOptions): Promise<void> {
  const { driftOfFiles } = await import('../pipeline/drift-of-files.ts')
  const { reference, current, columns, out } = options
  const result = await driftOfFiles({
    reference,
    current,
    ...(columns !== undefined && { columns }),
    ...(out !== undefined && { out }),
  })
  context.exitCode = result.passed ? 0 : 1
  printResult(context, options, result, () =>
    [
      result.passed ? 'no drift that matters' : 'DRIFT',
      `${(100 * result.drift_share).toFixed(1)} % of the columns drifted`,
      textTable(
        ['column', 'psi', 'band'],
        result.columns.map(({ name, psi, band }) => [
          name,
          typeof psi === 'number' ? psi.toFixed(4) : '-',
          String(band ?? '-'),
        ]),
      ),
    ].join('\n'),
  )
}
