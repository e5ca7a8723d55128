import { Command, Option } from 'commander'
import type { ImportanceKind } from '../model/index.ts'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { integerOption } from './options.ts'
import { withTracking } from './session.ts'
import { textTable } from './text.ts'

interface ImportanceOptions extends CommonOptions {
  readonly kind: ImportanceKind
  readonly out?: string
  readonly maxFeatures?: number
}

const KINDS: readonly ImportanceKind[] = ['gain', 'weight', 'cover', 'total_gain', 'total_cover']

/** `fds models importance`: what each feature contributes, as a table and as a picture. */
export function importanceCommand(context: CliContext): Command {
  const command = new Command('importance')
    .description('what each feature contributes to the trees')
    .argument('<model>', 'models:/name@alias, a model folder, model.json or model.ubj')
    .addOption(new Option('--kind <kind>', "one of XGBoost's measures").choices(KINDS).default('gain'))
    .option('--out <file.svg>', 'write the picture too')
    .option(
      '--max-features <n>',
      'bars of the picture at most (default: 20)',
      integerOption('--max-features', { min: 1 }),
    )
  const example = 'fds models importance models:/fraud_detector@champion --out importance.svg'
  return withCommonOptions(command, example).action(async (uri: string, options: ImportanceOptions) => {
    const { modelImportance } = await import('../pipeline/model-importance.ts')
    const { kind, out, maxFeatures } = options
    const features = await withTracking(context, options, (openClient) =>
      modelImportance({
        uri,
        kind,
        openClient,
        ...(out !== undefined && { out }),
        ...(maxFeatures !== undefined && { maxFeatures }),
      }),
    )
    const rows = features.map(({ feature, importance }) => [
      feature,
      String(Number(importance.toPrecision(6))),
    ])
    const written = out === undefined ? [] : [`the picture is written to ${out}`]
    printResult(context, options, { model: uri, kind, features, ...(out !== undefined && { out }) }, () =>
      [textTable(['feature', kind], rows), ...written].join('\n'),
    )
  })
}
