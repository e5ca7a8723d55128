import { Command, Option } from 'commander'
import type { ModelFormat } from '../model/index.ts'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { withTracking } from './session.ts'

interface RegisterOptions extends CommonOptions {
  readonly run: string
  readonly alias?: string
}

interface ExportOptions extends CommonOptions {
  readonly out: string
  readonly format?: ModelFormat
}

interface ImportOptions extends CommonOptions {
  readonly from: string
  readonly alias?: string
}

/** `fds models register`: a version from a tracked run. */
export function registerCommand(context: CliContext): Command {
  const command = new Command('register')
    .description("make a version of a run's model")
    .argument('<name>')
    .requiredOption('--run <id>', 'run that holds the model')
    .option('--alias <alias>', 'alias of the new version')
  return withCommonOptions(
    command,
    'fds models register fraud_detector --run 3f2c… --alias challenger',
  ).action(async (name: string, options: RegisterOptions) => {
    const { registerModel } = await import('../pipeline/register-model.ts')
    const { run: runId, alias } = options
    const { version } = await withTracking(context, options, async (openClient) =>
      registerModel({
        client: await openClient(),
        runId,
        name,
        ...(alias !== undefined && { alias }),
        actor: context.user,
      }),
    )
    printResult(context, options, { name, version }, () => `${name} version ${version}`)
  })
}

/** `fds models export`: XGBoost's own file of a model. */
export function exportCommand(context: CliContext): Command {
  const command = new Command('export')
    .description("write a model as XGBoost's own file")
    .argument('<model>', 'models:/name@alias, models:/name/version or runs:/id/model')
    .requiredOption('--out <file>', 'file to write')
    .addOption(
      new Option('--format <format>', "XGBoost's format, else as the file's name ends").choices([
        'json',
        'ubj',
      ]),
    )
  return withCommonOptions(
    command,
    'fds models export models:/fraud_detector@champion --out model.json',
  ).action(async (uri: string, options: ExportOptions) => {
    const { exportModel } = await import('../pipeline/exchange-model.ts')
    const { out, format = out.endsWith('.ubj') ? 'ubj' : 'json' } = options
    await withTracking(context, options, (openClient) => exportModel({ uri, out, format, openClient }))
    printResult(context, options, { model: uri, out, format }, () => `${uri} is written to ${out}`)
  })
}

/** `fds models import`: a version from XGBoost's own file. */
export function importCommand(context: CliContext): Command {
  const command = new Command('import')
    .description("register XGBoost's own file as a version that is served on its numeric columns")
    .argument('<name>')
    .requiredOption('--from <file>', 'model.json or model.ubj')
    .option('--alias <alias>', 'alias of the new version')
  return withCommonOptions(
    command,
    'fds models import fraud_detector --from model.json --alias challenger',
  ).action(async (name: string, options: ImportOptions) => {
    const { importModel } = await import('../pipeline/exchange-model.ts')
    const { from, alias } = options
    const { version } = await withTracking(context, options, async (openClient) =>
      importModel({
        client: await openClient(),
        name,
        from,
        now: context.now,
        actor: context.user,
        ...(alias !== undefined && { alias }),
      }),
    )
    printResult(context, options, { name, version }, () => `${name} version ${version} from ${from}`)
  })
}
