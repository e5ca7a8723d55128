import { Command, Option } from 'commander'
import type { PlanInput } from '../monitoring/index.ts'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { numberOption } from './options.ts'

interface PlanOptions extends CommonOptions {
  readonly missRate: number
  readonly reduction: number
  readonly lossVariation: number
  readonly split: number
  readonly alpha: number
  readonly power: number
  readonly perDay?: number
  readonly maxDays: number
  readonly horizonDays: number
  readonly paired?: boolean
  readonly lang: 'en' | 'ko'
}

const share = (name: string) => numberOption(name, { min: 0, max: 1 })
const positive = (name: string) => numberOption(name, { min: 0 })

/** `fds ab plan`: what an A/B test needs before it starts. */
export function planCommand(context: CliContext): Command {
  const command = new Command('plan')
    .description('decisions and days that an A/B test needs; exit 1 if the traffic cannot give them')
    .option(
      '--miss-rate <share>',
      'decisions that are frauds the champion misses',
      share('--miss-rate'),
      0.0015,
    )
    .option('--reduction <share>', 'part of them that the challenger finds', share('--reduction'), 0.5)
    .option('--loss-variation <cv>', 'deviation of a loss over its mean', positive('--loss-variation'), 0)
    .option('--split <share>', "the challenger's share", share('--split'), 0.1)
    .option('--paired', 'both models on the same decisions, by shadow scores')
    .option('--alpha <p>', 'error of the whole test', share('--alpha'), 0.05)
    .option('--power <p>', 'chance to find the effect', share('--power'), 0.8)
    .option('--per-day <n>', 'labelled decisions a day', positive('--per-day'))
    .option('--max-days <days>', 'days to wait at most', positive('--max-days'), 90)
    .option('--horizon-days <days>', 'age at which a label counts', positive('--horizon-days'), 0)
    .addOption(new Option('--lang <language>', 'of the reasons').choices(['en', 'ko']).default('en'))
  const example = 'fds ab plan --miss-rate 0.0015 --reduction 0.5 --per-day 20000 --split 0.5'
  return withCommonOptions(command, example).action((options: PlanOptions) => plan(context, options))
}

async function plan(context: CliContext, options: PlanOptions): Promise<void> {
  const { planExperiment } = await import('../monitoring/index.ts')
  const needs = planExperiment(planOf(options))
  if (!needs.can_succeed) context.exitCode = 1
  printResult(context, options, needs, () =>
    [
      `${needs.planned_samples} labelled decisions: ${needs.champion_samples} of the champion, ${needs.challenger_samples} of the challenger`,
      ...(needs.days_to_verdict === null ? [] : [`${needs.days_to_verdict} days to the verdict`]),
      ...needs.reasons.map((reason) => `- ${reason[options.lang]}`),
    ].join('\n'),
  )
}

function planOf(options: PlanOptions): PlanInput {
  const { missRate, reduction, lossVariation, split, alpha, power, perDay, maxDays, horizonDays } = options
  return {
    effect: { metric: 'cost', missRate, reduction, lossVariation },
    isPaired: options.paired ?? false,
    trafficSplit: split,
    alpha,
    power,
    maxDays,
    labelHorizonDays: horizonDays,
    ...(perDay !== undefined && { decisionsPerDay: perDay }),
  }
}
