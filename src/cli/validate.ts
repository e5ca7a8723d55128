import { Command } from 'commander'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { numberOption } from './options.ts'
import { withTracking } from './session.ts'

interface ValidateOptions extends CommonOptions {
  readonly model: string
  readonly data: string
  readonly label: string
  readonly minAuc: number
  readonly against?: string
  readonly maxCostIncrease: number
  readonly tag?: boolean
}

/** `fds validate`: the gates that a model passes before it may decide; exit 1 when one fails. */
export function validateCommand(context: CliContext): Command {
  const command = new Command('validate')
    .description('hold a model to its gates; exit 1 if one fails')
    .requiredOption('--model <uri>', 'models:/name@alias, a model folder, model.json or model.ubj')
    .requiredOption('--data <file>', 'transactions with labels')
    .option('--label <column>', 'column of 0 and 1', 'isFraud')
    .option('--min-auc <auc>', 'AUC must exceed this', numberOption('--min-auc', { min: 0, max: 1 }), 0.85)
    .option('--against <uri>', 'compare costs with this model, such as models:/fraud_detector@champion')
    .option(
      '--max-cost-increase <r>',
      'cost may exceed that of --against by this share',
      numberOption('--max-cost-increase', { min: 0 }),
      0,
    )
    .option('--tag', 'write validation_status, passed or failed, on the registered version')
  const example =
    'fds validate --model models:/fraud_detector@challenger --data recent.csv --against models:/fraud_detector@champion'
  return withCommonOptions(command, example).action(async (options: ValidateOptions) => {
    const { loadModel } = await import('../pipeline/load-model.ts')
    const { validateModel } = await import('../pipeline/validate-model.ts')
    const { data, label, minAuc, against, maxCostIncrease, tag = false } = options
    const result = await withTracking(context, options, async (openClient) =>
      validateModel({
        model: await loadModel(options.model, openClient),
        data,
        label,
        minAuc,
        maxCostIncrease,
        ...(against !== undefined && { against: await loadModel(against, openClient) }),
        ...(tag && { tagWith: await openClient() }),
      }),
    )
    context.exitCode = result.passed ? 0 : 1
    printResult(context, options, result, () =>
      result.gates
        .map((gate) => `${gate.passed ? 'pass' : 'FAIL'}  ${gate.name}: ${gate.message}`)
        .join('\n'),
    )
  })
}
