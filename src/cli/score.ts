import { Command } from 'commander'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { startProgress } from './progress.ts'
import { withTracking } from './session.ts'

interface ScoreOptions extends CommonOptions {
  readonly model: string
  readonly data: string
  readonly out: string
  readonly id?: string
  readonly label: string
}

/** `fds score`: a fraud probability and a risk level for every row of a file. */
export function scoreCommand(context: CliContext): Command {
  const command = new Command('score')
    .description('score every row of a file')
    .requiredOption('--model <uri>', 'models:/name@alias, a model folder, model.json or model.ubj')
    .requiredOption('--data <file>', 'transactions: .csv, .csv.gz or .parquet')
    .requiredOption('--out <file>', 'scores: .csv, .csv.gz or .parquet')
    .option('--id <column>', "column that names a row in the output (default: the model's own)")
    .option('--label <column>', 'column of the label, where the data have one', 'isFraud')
  const example = 'fds score --model models:/fraud_detector@champion --data payments.csv --out scores.csv'
  return withCommonOptions(command, example).action(async (options: ScoreOptions) => {
    const { loadModel } = await import('../pipeline/load-model.ts')
    const { scoreFile } = await import('../pipeline/score-file.ts')
    const { data, out, id, label } = options
    const progress = startProgress(context, 'score')
    const result = await withTracking(context, options, async (openClient) =>
      scoreFile({
        model: await loadModel(options.model, openClient),
        file: data,
        out,
        ...(id !== undefined && { id }),
        label,
        onProgress: (rows) => progress.count(rows, 'rows'),
      }),
    ).finally(() => progress.stop())
    printResult(context, options, { ...result, out }, () => `${result.rows} scores in ${out}`)
  })
}
