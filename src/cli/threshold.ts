import { Command } from 'commander'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { numberOption } from './options.ts'

interface ThresholdOptions extends CommonOptions {
  readonly data: string
  readonly fnCost: number
  readonly fpCost: number
}

/** `fds threshold`: the threshold that costs least on labelled scores. */
export function thresholdCommand(context: CliContext): Command {
  const command = new Command('threshold')
    .description('find the threshold that costs least')
    .requiredOption('--data <file>', 'scores with the columns label and score')
    .option('--fn-cost <cost>', 'cost of one missed fraud', numberOption('--fn-cost', { min: 0 }), 100)
    .option('--fp-cost <cost>', 'cost of one false alarm', numberOption('--fp-cost', { min: 0 }), 1)
  return withCommonOptions(command, 'fds threshold --data scores.csv --fn-cost 100 --fp-cost 1').action(
    async (options: ThresholdOptions) => {
      const { thresholdOfFile } = await import('../pipeline/threshold-of-file.ts')
      const { data: file, fnCost, fpCost } = options
      const result = await thresholdOfFile({ file, fnCost, fpCost })
      printResult(context, options, result, () =>
        'status' in result
          ? `no answer (${result.reason})`
          : `threshold ${result.threshold} costs ${result.cost}`,
      )
    },
  )
}
