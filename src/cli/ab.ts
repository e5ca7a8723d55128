import { Command, Option } from 'commander'
import type { ExperimentRequest } from '../serving/index.ts'
import { planCommand } from './ab-plan.ts'
import { type AbOptions, actorOf, onAbTests, withAbOptions } from './ab-session.ts'
import { statusCommand } from './ab-status.ts'
import { type CliContext, withCommonOptions } from './context.ts'
import { integerOption, numberOption } from './options.ts'

/** `fds ab`: A/B tests of champion and challenger, with a running service or without one. */
export function abCommand(context: CliContext): Command {
  return new Command('ab')
    .description('compare champion and challenger on live payments, promote, roll back')
    .addCommand(planCommand(context))
    .addCommand(startCommand(context))
    .addCommand(rampCommand(context))
    .addCommand(statusCommand(context))
    .addCommand(promoteCommand(context))
    .addCommand(rollbackCommand(context))
    .addCommand(stopCommand(context))
}

interface StartOptions extends AbOptions {
  readonly mode: 'ab' | 'shadow'
  readonly split: number
  readonly coverage: number
  readonly minSamples: number
  readonly plannedSamples: number
  readonly horizonDays?: number
  readonly primary: 'cost' | 'paired_cost'
  readonly alpha: number
  readonly autoPromote?: boolean
  readonly autoRollback?: boolean
}

const DAY = 86_400
const share = (name: string) => numberOption(name, { min: 0, max: 1 })

function startCommand(context: CliContext): Command {
  const command = new Command('start')
    .description('start an A/B test of the versions that champion and challenger are now; exit 1 if one runs')
    .addOption(new Option('--mode <mode>', 'who decides').choices(['ab', 'shadow']).default('ab'))
    .option('--split <share>', "the challenger's share", share('--split'), 0.1)
    .option('--coverage <share>', 'part of all entities that takes part', share('--coverage'), 1)
    .option(
      '--min-samples <n>',
      'labelled decisions that each arm needs',
      integerOption('--min-samples', { min: 1 }),
      1000,
    )
    .option(
      '--planned-samples <n>',
      'labelled decisions at which it ends; ask fds ab plan',
      integerOption('--planned-samples', { min: 1 }),
      100_000,
    )
    .option(
      '--horizon-days <days>',
      'age at which a label counts (default: as labels arrive)',
      numberOption('--horizon-days', { min: 0 }),
    )
    .addOption(
      new Option('--primary <measure>', 'what decides').choices(['cost', 'paired_cost']).default('cost'),
    )
    .option('--alpha <p>', 'error of the whole test', share('--alpha'), 0.05)
    .option('--auto-promote', 'promote on a verdict without a person')
    .option('--auto-rollback', "stop on a guardrail's alarm without a person")
  const example = 'fds ab start --split 0.1 --coverage 0.05 --horizon-days 30 --planned-samples 200000'
  return withCommonOptions(withAbOptions(command), example).action((options: StartOptions) =>
    onAbTests(context, options, async ({ desk }) => {
      const { startAnswer } = await import('../serving/index.ts')
      const started = await startAnswer(desk, await desk.start(requestOf(options), actorOf(context, options)))
      const lines = [`A/B test ${started.id} runs: ${versionsText(started)}`, ...started.warnings]
      return [started, () => lines.join('\n')]
    }),
  )
}

function requestOf(options: StartOptions): ExperimentRequest {
  const { mode, split, coverage, minSamples, plannedSamples, horizonDays, primary, alpha } = options
  return {
    mode,
    coverage,
    autoPromote: options.autoPromote,
    autoRollback: options.autoRollback,
    plan: {
      trafficSplit: split,
      minSamples,
      plannedSamples,
      alpha,
      primary,
      labelHorizonSeconds: horizonDays === undefined ? null : horizonDays * DAY,
    },
  }
}

function rampCommand(context: CliContext): Command {
  const command = new Command('ramp')
    .description('bring more entities into the running test; none changes its model')
    .argument('<coverage>', 'part of all entities', share('<coverage>'))
  return withCommonOptions(withAbOptions(command), 'fds ab ramp 0.25').action(
    (coverage: number, options: AbOptions) =>
      onAbTests(context, options, async ({ desk }) => {
        const { toExperimentAnswer } = await import('../serving/index.ts')
        const ramped = toExperimentAnswer(await desk.ramp(coverage, actorOf(context, options)))
        return [ramped, () => `A/B test ${ramped.id} covers ${100 * ramped.coverage} % of the entities`]
      }),
  )
}

function promoteCommand(context: CliContext): Command {
  const command = new Command('promote')
    .description('make the challenger champion if it passes the gates; exit 1, naming them, if it does not')
    .option('--force', 'promote whatever the gates say; needs --reason')
  return withCommonOptions(withAbOptions(command), 'fds ab promote --reason "cost down 8 %"').action(
    (options: AbOptions & { readonly force?: boolean }) =>
      onAbTests(context, options, async ({ desk }) => {
        const { promoteChallenger, toMoveAnswer } = await import('../serving/index.ts')
        const { force = false } = options
        const answer = toMoveAnswer(await promoteChallenger(desk, { ...actorOf(context, options), force }))
        return [answer, () => `${options.name}@champion is version ${answer.champion}`]
      }),
  )
}

function rollbackCommand(context: CliContext): Command {
  const command = new Command('rollback').description(
    'undo the A/B test: end it while it runs, bring the champion before back after a promotion',
  )
  return withCommonOptions(withAbOptions(command), 'fds ab rollback --reason "too many false alarms"').action(
    (options: AbOptions) =>
      onAbTests(context, options, async ({ desk }) => {
        const { rollBackExperiment, toMoveAnswer } = await import('../serving/index.ts')
        const answer = toMoveAnswer(await rollBackExperiment(desk, actorOf(context, options)))
        return [answer, () => `${options.name}@champion is version ${answer.champion}`]
      }),
  )
}

function stopCommand(context: CliContext): Command {
  const command = new Command('stop').description(
    'the kill switch: end the test, so that the champion decides for everybody within two seconds',
  )
  return withCommonOptions(withAbOptions(command), 'fds ab stop --reason "holiday freeze"').action(
    (options: AbOptions) =>
      onAbTests(context, options, async ({ desk }) => {
        const { toExperimentAnswer } = await import('../serving/index.ts')
        const stopped = toExperimentAnswer(await desk.stop(actorOf(context, options)))
        return [stopped, () => `A/B test ${stopped.id} is ${stopped.state}`]
      }),
  )
}

function versionsText(started: {
  champion_version: string
  challenger_version: string
  traffic_split: number
}) {
  const { champion_version: champion, challenger_version: challenger, traffic_split: split } = started
  return `version ${champion} against version ${challenger}, which gets ${100 * split} % of those who take part`
}
