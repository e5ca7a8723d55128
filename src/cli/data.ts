import { Command, Option } from 'commander'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { integerOption } from './options.ts'

interface GenerateOptions extends CommonOptions {
  readonly rows: number
  readonly seed: number
  readonly out: string
  readonly drift: 'none' | 'gradual' | 'sudden'
}

interface PrepareOptions extends CommonOptions {
  readonly transactions: string
  readonly identity?: string
  readonly out: string
}

/** `fds data`: simulated payments, and public data sets made ready. */
export function dataCommand(context: CliContext): Command {
  const prepare = new Command('prepare').description('make a public data set ready for training')
  prepare.addCommand(ieeeCisCommand(context))
  return new Command('data')
    .description('generate or prepare data')
    .addCommand(generateCommand(context))
    .addCommand(prepare)
}

function generateCommand(context: CliContext): Command {
  const command = new Command('generate')
    .description('write simulated card payments to a file')
    .requiredOption('--rows <n>', 'number of transactions', integerOption('--rows', { min: 1 }))
    .requiredOption('--out <file>', '.csv, .csv.gz or .parquet')
    .option('--seed <s>', 'same seed, same bytes', integerOption('--seed', { min: 0 }), 0)
    .addOption(
      new Option('--drift <kind>', 'change in the middle of the period')
        .choices(['none', 'gradual', 'sudden'])
        .default('none'),
    )
  return withCommonOptions(command, 'fds data generate --rows 200000 --seed 1 --out payments.parquet').action(
    async (options: GenerateOptions) => {
      const { simulateTransactions, writeTable } = await import('../data/index.ts')
      const { rows, seed, drift, out } = options
      const { table } = simulateTransactions({ rows, seed, drift })
      await writeTable(out, table)
      printResult(
        context,
        options,
        { file: out, rows, columns: table.columns.length },
        () => `${rows} transactions with ${table.columns.length} columns in ${out}`,
      )
    },
  )
}

function ieeeCisCommand(context: CliContext): Command {
  const command = new Command('ieee-cis')
    .description('join the two Kaggle IEEE-CIS files into 447 features and isFraud, as Parquet')
    .requiredOption('--transactions <file>', 'train_transaction.csv')
    .option('--identity <file>', 'train_identity.csv')
    .requiredOption('--out <dir>', 'folder for the Parquet file')
  const example =
    'fds data prepare ieee-cis --transactions train_transaction.csv --identity train_identity.csv --out data'
  return withCommonOptions(command, example).action(async (options: PrepareOptions) => {
    const { prepareIeeeCis } = await import('../data/index.ts')
    const { transactions, identity, out } = options
    const result = await prepareIeeeCis({ transactions, ...(identity && { identity }), out })
    printResult(
      context,
      options,
      result,
      () => `${result.rows} rows with ${result.features} features in ${result.file}`,
    )
  })
}
