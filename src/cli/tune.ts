import { Command, Option } from 'commander'
import { FdsError } from '../errors.ts'
import type { SearchRange } from '../pipeline/search-space.ts'
import type { PrunerName, SamplerName } from '../pipeline/study-parts.ts'
import type { MetricName } from '../pipeline/tune-metric.ts'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { integerOption, numberOption, paramOption, searchOption } from './options.ts'
import { startProgress } from './progress.ts'
import { type RoleOptions, rolesOf, textColumnsOf, withRoleOptions } from './roles.ts'
import { withTracking } from './session.ts'
import { metricLines } from './text.ts'

interface TuneOptions extends CommonOptions, RoleOptions {
  readonly data: string
  readonly trials: number
  readonly search?: Readonly<Record<string, SearchRange>>
  readonly param?: Readonly<Record<string, string>>
  readonly metric: MetricName
  readonly sampler: SamplerName
  readonly pruner: PrunerName
  readonly folds: number
  readonly holdout: number
  readonly earlyStopping: number
  readonly jobs?: number
  readonly timeout?: number
  readonly study?: string
  readonly plots?: string
  readonly seed: number
  /** False with `--no-register`. */
  readonly register: string | false
  readonly alias?: string
}

/** `fds tune`: a study whose trials are runs nested in one run, and the model of its best parameters. */
export function tuneCommand(context: CliContext): Command {
  const command = withRoleOptions(new Command('tune'))
    .description('search parameters, train the best ones, register the model; every trial is a nested run')
    .requiredOption('--data <file>', 'transactions with labels: .csv, .csv.gz or .parquet')
    .option(
      '--trials <n>',
      'number of trials, those of an earlier call on the same study too',
      integerOption('--trials', { min: 1 }),
      50,
    )
    .option(
      '--search <k=low:high[:log]>',
      "a parameter's range, by XGBoost's name, in place of the default ranges; repeatable",
      searchOption,
    )
    .option('--param <k=v>', 'a parameter of all trials; repeatable', paramOption)
    .addOption(choice('--metric <name>', 'what is improved', ['auprc', 'auc_roc', 'cost'], 'auprc'))
    .addOption(
      choice('--sampler <name>', 'how parameters are chosen', ['auto', 'tpe', 'gp', 'random'], 'auto'),
    )
    .addOption(
      choice(
        '--pruner <name>',
        'what ends a trial between folds',
        ['wilcoxon', 'median', 'none'],
        'wilcoxon',
      ),
    )
    .option(
      '--folds <k>',
      'validation parts in time, each after all rows that train',
      integerOption('--folds', { min: 1, max: 50 }),
      1,
    )
    .option(
      '--holdout <share>',
      'last part of the rows in time, which the study never sees, for the metrics',
      numberOption('--holdout', { min: 0, max: 0.9 }),
      0.2,
    )
    .option(
      '--early-stopping <rounds>',
      'rounds without a better metric that end a trial; 0 grows all trees',
      integerOption('--early-stopping', { min: 0 }),
      50,
    )
    .option(
      '--jobs <n>',
      'trials at once (default: one a core)',
      integerOption('--jobs', { min: 1, max: 64 }),
    )
    .option(
      '--timeout <seconds>',
      'start no trial after this time',
      numberOption('--timeout', { min: 0, max: 2_000_000 }),
    )
    .option('--study <name>', 'name of the study: an earlier one goes on, and processes share it')
    .option('--plots <dir>', 'write the pictures of the study here, as SVG')
    .option('--seed <s>', 'seed of the sampler and of the training', integerOption('--seed', { min: 0 }), 0)
    .option('--register <name>', 'register the best model under this name', 'fraud_detector')
    .option('--no-register', 'log the best model, register none')
    .option('--alias <alias>', 'alias of the new version, such as challenger')
  return withCommonOptions(
    command,
    'fds tune --data payments.csv --time transaction_time --trials 50 --alias challenger',
  ).action((options: TuneOptions) => tune(context, options))
}

function choice(flags: string, description: string, choices: readonly string[], value: string): Option {
  return new Option(flags, description).choices(choices).default(value)
}

async function tune(context: CliContext, options: TuneOptions): Promise<void> {
  const { register, alias, search, timeout, jobs, study, plots } = options
  if (alias !== undefined && register === false) {
    const reason = '--alias needs a registered version, and --no-register makes none'
    throw new FdsError('USAGE', { reason })
  }
  const { tuneFromFile } = await import('../pipeline/tune-from-file.ts')
  const progress = startProgress(context, 'tune')
  const stop = new AbortController()
  let hint: string | undefined
  const result = await withStop(context, stop, () =>
    withTracking(context, options, async (openClient) =>
      tuneFromFile({
        client: await openClient(),
        file: options.data,
        roles: rolesOf(options),
        text: textColumnsOf(options),
        trials: options.trials,
        ...(search && { space: search }),
        params: options.param ?? {},
        metric: options.metric,
        sampler: options.sampler,
        pruner: options.pruner,
        folds: options.folds,
        holdout: options.holdout,
        earlyStoppingRounds: options.earlyStopping,
        ...(jobs !== undefined && { jobs }),
        ...(timeout !== undefined && { timeout }),
        ...(study !== undefined && { studyName: study }),
        ...(plots !== undefined && { plots }),
        seed: options.seed,
        ...(register !== false && { register }),
        ...(alias !== undefined && { alias }),
        actor: context.user,
        signal: stop.signal,
        now: context.now,
        onStopHint: (done) => {
          hint = `further gain became unlikely after trial ${done}`
        },
        onRead: (rows) => progress.count(rows, 'rows read'),
        onTrial: (done, total, best) =>
          progress.update(done, total, `trial ${done} of ${total}, best ${best?.toFixed(4) ?? 'none yet'}`),
      }),
    ).finally(() => progress.stop()),
  )
  if (!result) return
  if (hint !== undefined) context.stderr.write(`${hint}\n`)
  printResult(context, options, result, () =>
    [
      `study  ${result.study}`,
      `best   ${result.metric} ${result.best_value.toFixed(4)} in trial ${result.best_trial}`,
      `model  ${result.model_uri}`,
      ...metricLines(result.metrics),
      ...Object.entries(result.params).map(([name, value]) => `--param ${name}=${value}`),
    ].join('\n'),
  )
}

/** Runs work that Ctrl-C and a supervisor's stop end in good order, with a shell's exit code for it. */
async function withStop<T>(
  context: CliContext,
  stop: AbortController,
  work: () => Promise<T>,
): Promise<T | undefined> {
  let exitCode = 0
  const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
    exitCode = signal === 'SIGINT' ? 130 : 143
    stop.abort()
  }
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof FdsError && error.code === 'TUNING_STOPPED')) throw error
    context.stderr.write(`${error.message}\n`)
    context.exitCode = exitCode
    return undefined
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}
