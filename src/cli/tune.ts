import { Command, Option } from 'commander'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { integerOption } from './options.ts'
import { startProgress } from './progress.ts'
import { type RoleOptions, rolesOf, textColumnsOf, withRoleOptions } from './roles.ts'
import { withTracking } from './session.ts'

interface TuneOptions extends CommonOptions, RoleOptions {
  readonly data: string
  readonly trials: number
  readonly sampler: 'tpe' | 'random'
  readonly seed: number
}

/** `fds tune`: a study whose trials are runs nested in one run. */
export function tuneCommand(context: CliContext): Command {
  const command = withRoleOptions(new Command('tune'))
    .description('search parameters; every trial is a nested run')
    .requiredOption('--data <file>', 'transactions with labels: .csv, .csv.gz or .parquet')
    .option('--trials <n>', 'number of trials', integerOption('--trials', { min: 1 }), 50)
    .addOption(
      new Option('--sampler <name>', 'how parameters are chosen').choices(['tpe', 'random']).default('tpe'),
    )
    .option('--seed <s>', 'seed of the sampler and of the training', integerOption('--seed', { min: 0 }), 0)
  return withCommonOptions(
    command,
    'fds tune --data payments.csv --time transaction_time --trials 50',
  ).action((options: TuneOptions) => tune(context, options))
}

async function tune(context: CliContext, options: TuneOptions): Promise<void> {
  const { tuneFromFile } = await import('../pipeline/tune-from-file.ts')
  const progress = startProgress(context, 'tune')
  const { data: file, trials, sampler, seed } = options
  const result = await withTracking(context, options, async (openClient) =>
    tuneFromFile({
      client: await openClient(),
      file,
      roles: rolesOf(options),
      text: textColumnsOf(options),
      trials,
      sampler,
      seed,
      now: context.now,
      onTrial: (done, total, best) =>
        progress.update(done, total, `trial ${done} of ${total}, best ${best.toFixed(4)}`),
    }),
  ).finally(() => progress.stop())
  printResult(context, options, result, () =>
    [
      `study ${result.study}`,
      `best average precision ${result.best_value.toFixed(4)}`,
      ...Object.entries(result.best_params).map(([name, value]) => `--param ${name}=${value}`),
    ].join('\n'),
  )
}
