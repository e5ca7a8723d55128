import { Command } from 'commander'
import type { RetrainResult } from '../pipeline/retrain.ts'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { numberOption, paramOption } from './options.ts'
import { startProgress } from './progress.ts'
import { type RoleOptions, rolesOf, withRoleOptions } from './roles.ts'
import { withTracking } from './session.ts'
import { type SplitOptions, splitOf, withSplitOptions } from './split-options.ts'
import { metricLines, plainText } from './text.ts'

interface RetrainOptions extends CommonOptions, RoleOptions, SplitOptions {
  readonly data: string
  readonly current?: string
  readonly reference?: string
  readonly ifDrifted?: boolean
  readonly name: string
  readonly param?: Readonly<Record<string, string>>
  readonly minAuc: number
  readonly maxCostIncrease: number
  readonly minWeight: number
  readonly out?: string
}

/** `fds retrain`: newer data → challenger, if it is worth it; exit 1 where data are broken or a gate fails. */
export function retrainCommand(context: CliContext): Command {
  const share = (name: string) => numberOption(name, { min: 0, max: 1 })
  const command = withSplitOptions(withRoleOptions(new Command('retrain')), {
    holdout: 'on which both models are judged',
    least: 0.01,
  })
    .description('train a challenger on newer data as the champion was trained; promotes nothing')
    .requiredOption('--data <file>', 'the newer transactions, with labels')
    .option('--current <file>', 'what the champion sees now, to compare instead of --data; needs no labels')
    .option('--reference <file>', 'what the champion learned from (default: the profile saved with it)')
    .option('--if-drifted', 'only if the comparison asks for it')
    .option('--name <name>', 'registered model', 'fraud_detector')
    .option('--param <k=v>', "an XGBoost parameter that differs from the champion's; repeatable", paramOption)
    .option('--min-auc <auc>', 'AUC must exceed this', share('--min-auc'), 0.85)
    .option(
      '--max-cost-increase <r>',
      "cost may exceed the champion's by this share",
      numberOption('--max-cost-increase', { min: 0 }),
      0,
    )
    .option('--min-weight <share>', 'importance that drifted inputs must carry', share('--min-weight'), 0.1)
    .option('--out <file>', 'the report of the comparison (default: reports/drift_…_YYYYMMDD.html)')
  const example = 'fds retrain --if-drifted --data recent.csv'
  return withCommonOptions(command, example).action((options: RetrainOptions) => run(context, options))
}

async function run(context: CliContext, options: RetrainOptions): Promise<void> {
  const { data, current, ifDrifted = false, reference, param = {}, out } = options
  const { retrain } = await import('../pipeline/retrain.ts')
  const progress = startProgress(context, 'retrain')
  const result = await withTracking(context, options, async (openClient) =>
    retrain({
      client: await openClient(),
      name: options.name,
      data,
      ifDrifted,
      ...(current !== undefined && { current }),
      ...(reference !== undefined && { reference }),
      roles: rolesOf(options),
      text: options.text ?? [],
      params: param,
      ...splitOf(options),
      minAuc: options.minAuc,
      maxCostIncrease: options.maxCostIncrease,
      minWeight: options.minWeight,
      ...(out !== undefined && { out }),
      actor: context.user,
      now: context.now,
      onRead: (rows) => progress.count(rows, 'rows read'),
      onIteration: (done, total) => progress.update(done, total, `tree ${done} of ${total}`),
    }),
  ).finally(() => progress.stop())
  const isBroken = result.advice?.cause === 'broken_data'
  context.exitCode = isBroken || result.challenger?.validation.passed === false ? 1 : 0
  printResult(context, options, result, () => textOf(result))
}

function textOf({ reason, champion, advice, drift, ignored, challenger }: RetrainResult): string {
  const lines = [plainText(reason)]
  if (advice?.retrain) lines.push(`why: ${plainText(advice.reason)}`)
  for (const { name, weight, message } of advice?.columns.slice(0, 5) ?? []) {
    const part = weight === null ? '' : ` (${(100 * weight).toFixed(1)} % of the importance)`
    lines.push(`  ${plainText(name)}${part}: ${plainText(message)}`)
  }
  if (drift) lines.push(`report in ${drift.report_path}`)
  if (ignored.length > 0) lines.push(`not known to the champion: ${plainText(ignored.join(', '))}`)
  if (challenger) lines.push(...challengerLines(challenger))
  return [...lines, `version ${champion} stays champion`].join('\n')
}

function challengerLines(challenger: NonNullable<RetrainResult['challenger']>): string[] {
  const gates = challenger.validation.gates.map(
    ({ passed, name, message }) => `${passed ? 'pass' : 'FAIL'}  ${name}: ${message}`,
  )
  const replaced =
    challenger.replaces === null ? [] : [`version ${challenger.replaces} was challenger until now`]
  return [`model  ${challenger.model_uri}`, ...gates, ...replaced, ...metricLines(challenger.metrics)]
}
