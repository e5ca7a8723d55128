import { Command } from 'commander'
import type { Policy, PolicyInput } from '../decision/index.ts'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { numberOption } from './options.ts'
import { withTracking } from './session.ts'

interface PolicyOptions extends CommonOptions {
  readonly verify?: number
  readonly hold?: number
  readonly block?: number
  readonly threshold?: number
  readonly fnCost?: number
  readonly fpCost?: number
  readonly alias?: string
  readonly reason?: string
}

const SHARE = { min: 0, max: 1 }
const COST = { min: 0 }

/** `fds models policy`: the thresholds and costs that travel with a version. */
export function policyCommand(context: CliContext): Command {
  const command = new Command('policy')
    .description(
      "show a version's policy, or make a version of the same model with another: thresholds and costs are promoted and rolled back as a model is",
    )
    .argument('<model>', 'models:/name@alias or models:/name/version')
    .option('--verify <p>', 'verify from this probability', numberOption('--verify', SHARE))
    .option('--hold <p>', 'hold from this probability', numberOption('--hold', SHARE))
    .option('--block <p>', 'block from this probability', numberOption('--block', SHARE))
    .option('--threshold <p>', 'metrics and costs call this fraud', numberOption('--threshold', SHARE))
    .option('--fn-cost <cost>', 'cost of a missed fraud', numberOption('--fn-cost', COST))
    .option('--fp-cost <cost>', 'cost of a false alarm', numberOption('--fp-cost', COST))
    .option('--alias <alias>', 'alias of the new version')
    .option('--reason <text>', 'why, for the history')
  const example = 'fds models policy models:/fraud_detector@champion --block 0.8 --alias challenger'
  return withCommonOptions(command, example).action((uri: string, options: PolicyOptions) =>
    withTracking(context, options, async (openClient) => {
      const client = await openClient()
      const changes = changesOf(options)
      if (changes === undefined) {
        const { loadModel } = await import('../pipeline/load-model.ts')
        const { policy } = await loadModel(uri, async () => client)
        return printResult(context, options, { model: uri, policy }, () => textOf(policy))
      }
      const { changePolicy } = await import('../pipeline/change-policy.ts')
      const { alias, reason } = options
      const { version, policy } = await changePolicy({
        client,
        uri,
        changes,
        actor: context.user,
        ...(alias !== undefined && { alias }),
        ...(reason !== undefined && { reason }),
        now: context.now,
      })
      printResult(
        context,
        options,
        { from: uri, version, policy },
        () => `version ${version}: ${textOf(policy)}`,
      )
    }),
  )
}

/** `undefined` where nothing is to change. */
function changesOf({
  verify,
  hold,
  block,
  threshold,
  fnCost,
  fpCost,
}: PolicyOptions): PolicyInput | undefined {
  const thresholds = given({ verify, hold, block })
  const costs = given({ fn: fnCost, fp: fpCost })
  const isNone = [...Object.values(thresholds), ...Object.values(costs), threshold].every(
    (value) => value === undefined,
  )
  return isNone ? undefined : { thresholds, costs, ...(threshold !== undefined && { threshold }) }
}

function given<Key extends string>(
  values: Readonly<Record<Key, number | undefined>>,
): Partial<Record<Key, number>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<
    Record<Key, number>
  >
}

function textOf({ version, thresholds, threshold, costs }: Policy): string {
  const { verify, hold, block } = thresholds
  return (
    `${version}: approve below ${verify}, verify below ${hold}, hold below ${block}, block from there; ` +
    `fraud from ${threshold}; costs ${costs.fn} a missed fraud, ${costs.fp} a false alarm`
  )
}
