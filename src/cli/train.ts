import { Command, Option } from 'commander'
import { FdsError } from '../errors.ts'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { integerOption, numberOption, paramOption } from './options.ts'
import { startProgress } from './progress.ts'
import { type RoleOptions, rolesOf, textColumnsOf, withRoleOptions } from './roles.ts'
import { withTracking } from './session.ts'
import { metricLines } from './text.ts'

interface TrainOptions extends CommonOptions, RoleOptions {
  readonly data: string
  readonly param?: Readonly<Record<string, string>>
  readonly holdout: number
  readonly gapDays?: number
  readonly seed: number
  readonly register?: string
  readonly alias?: string
}

/** `fds train`: file → features → model → tracked run → registered version. */
export function trainCommand(context: CliContext): Command {
  const command = withRoleOptions(new Command('train'))
    .description('train a model on a file, track the run, register the version')
    .requiredOption('--data <file>', 'transactions with labels: .csv, .csv.gz or .parquet')
    .option('--param <k=v>', "an XGBoost parameter, by XGBoost's name; repeatable", paramOption)
    .option(
      '--holdout <share>',
      'last part of the rows in time, for the metrics',
      numberOption('--holdout', { min: 0, max: 0.9 }),
      0.2,
    )
    .option(
      '--gap-days <d>',
      'leave out rows this long before the holdout, whose labels would not be known yet',
      numberOption('--gap-days', { min: 0 }),
    )
    .option('--seed <s>', 'seed of the row and column sampling', integerOption('--seed', { min: 0 }), 0)
    .addOption(new Option('--engine <name>', 'which trainer').choices(['embedded']).default('embedded'))
    .option('--register <name>', 'register the model under this name')
    .option('--alias <alias>', 'alias of the new version, such as champion')
  const example =
    'fds train --data payments.csv --time transaction_time --param max_depth=6 --register fraud_detector --alias champion'
  return withCommonOptions(command, example).action((options: TrainOptions) => train(context, options))
}

async function train(context: CliContext, options: TrainOptions): Promise<void> {
  const { register, alias, gapDays } = options
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
      holdout: options.holdout,
      seed: options.seed,
      ...(gapDays !== undefined && { gapSeconds: gapDays * 86_400 }),
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
