import { Command } from 'commander'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { numberOption } from './options.ts'
import { withTracking } from './session.ts'
import { metricLines } from './text.ts'

interface EvaluateOptions extends CommonOptions {
  readonly model: string
  readonly data: string
  readonly label: string
  readonly threshold?: number
}

/** `fds evaluate`: how good a model is on a labelled file. */
export function evaluateCommand(context: CliContext): Command {
  const command = new Command('evaluate')
    .description('measure a model on a labelled file')
    .requiredOption('--model <uri>', 'models:/name@alias, a model folder, model.json or model.ubj')
    .requiredOption('--data <file>', 'transactions with labels')
    .option('--label <column>', 'column of 0 and 1', 'isFraud')
    .option(
      '--threshold <t>',
      "probability from which a row counts as fraud (default: the model's policy)",
      numberOption('--threshold', { min: 0, max: 1 }),
    )
  const example = 'fds evaluate --model models:/fraud_detector@champion --data payments.csv'
  return withCommonOptions(command, example).action(async (options: EvaluateOptions) => {
    const { loadModel } = await import('../pipeline/load-model.ts')
    const { evaluateModel } = await import('../pipeline/evaluate-model.ts')
    const { data, label, threshold } = options
    const metrics = await withTracking(context, options, async (openClient) =>
      evaluateModel({
        model: await loadModel(options.model, openClient),
        file: data,
        label,
        ...(threshold !== undefined && { threshold }),
      }),
    )
    printResult(context, options, metrics, () => metricLines(metrics).join('\n'))
  })
}
