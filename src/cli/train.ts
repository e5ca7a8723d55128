import { Command, Option } from 'commander'
import { FdsError } from '../errors.ts'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { paramOption } from './options.ts'
import { startProgress } from './progress.ts'
import { type RoleOptions, rolesOf, textColumnsOf, withRoleOptions } from './roles.ts'
import { withTracking } from './session.ts'
import { type SplitOptions, splitOf, withSplitOptions } from './split-options.ts'
import { metricLines } from './text.ts'

interface TrainOptions extends CommonOptions, RoleOptions, SplitOptions {
  readonly data: string
  readonly param?: Readonly<Record<string, string>>
  readonly register?: string
  readonly alias?: string
}

/** `fds train`: file → features → model → tracked run → registered version. */
export function trainCommand(context: CliContext): Command {
  const command = withSplitOptions(withRoleOptions(new Command('train')), {
    holdout: 'for the metrics',
    least: 0,
  })
    .description('train a model on a file, track the run, register the version')
    .requiredOption('--data <file>', 'transactions with labels: .csv, .csv.gz or .parquet')
    .option('--param <k=v>', "an XGBoost parameter, by XGBoost's name; repeatable", paramOption)
    .addOption(new Option('--engine <name>', 'which trainer').choices(['embedded']).default('embedded'))
    .option('--register <name>', 'register the model under this name')
    .option('--alias <alias>', 'alias of the new version, such as champion')
  const example =
    'fds train --data payments.csv --time transaction_time --param max_depth=6 --register fraud_detector --alias champion'
  return withCommonOptions(command, example).action((options: TrainOptions) => train(context, options))
}

async function train(context: CliContext, options: TrainOptions): Promise<void> {
  const { register, alias } = options
  if (alias !== undefined && register === undefined) {
    throw new FdsError('USAGE', {
      reason: '--alias needs --register, because an alias names a registered version',
    })
  }
  const { trainFromFile } = await import('../pipeline/train-from-file.ts')
  const progress = startProgress(context, 'train')
  const result = await withTracking(context, options, async (openClient) =>
    trainFromFile({
      client: await openClient(),
      file: options.data,
      roles: rolesOf(options),
      text: textColumnsOf(options),
      params: options.param ?? {},
      ...splitOf(options),
      ...(register !== undefined && { register }),
      ...(alias !== undefined && { alias }),
      actor: context.user,
      now: context.now,
      onRead: (rows) => progress.count(rows, 'rows read'),
      onIteration: (done, total) => progress.update(done, total, `tree ${done} of ${total}`),
    }),
  ).finally(() => progress.stop())
  for (const { column, reason } of result.dropped)
    context.stderr.write(`not a feature: ${column} (${reason})\n`)
  const { dropped: _, ...printed } = result
  const { read, features, train: boosting } = result.seconds
  printResult(context, options, printed, () =>
    [
      `run    ${result.run_id}`,
      `model  ${result.model_uri}`,
      ...metricLines(result.metrics),
      `read ${read.toFixed(1)} s, features ${features.toFixed(1)} s, train ${boosting.toFixed(1)} s`,
    ].join('\n'),
  )
}
