import { Command } from 'commander'
import { type CliContext, type CommonOptions, withCommonOptions } from './context.ts'
import { integerOption } from './options.ts'
import { onTracking } from './session.ts'
import { plainText, textTable } from './text.ts'

interface MaxOptions extends CommonOptions {
  readonly max: number
}

/** `fds models list`. */
export function listCommand(context: CliContext): Command {
  const command = new Command('list').description('every registered model')
  return withCommonOptions(command, 'fds models list').action((options: CommonOptions) =>
    onTracking(context, options, async (client) => {
      const { listModels } = await import('../pipeline/registry.ts')
      const models = await listModels(client)
      const rows = models.map((model) => [model.name, String(model.versions), pairsText(model.aliases)])
      return [models, () => textTable(['name', 'versions', 'aliases'], rows)]
    }),
  )
}

/** `fds models show`: a model with its versions, or one version with the metrics of its run. */
export function showCommand(context: CliContext): Command {
  const command = new Command('show')
    .description('one registered model with its versions, or one version with the metrics of its run')
    .argument('<name>')
    .argument('[version]', 'number or @alias')
  return withCommonOptions(command, 'fds models show fraud_detector @champion').action(
    (name: string, version: string | undefined, options: CommonOptions) =>
      version === undefined
        ? showModel(context, options, name)
        : showVersion(context, options, { name, version }),
  )
}

function showModel(context: CliContext, options: CommonOptions, name: string): Promise<void> {
  return onTracking(context, options, async (client) => {
    const { showModel: show } = await import('../pipeline/registry.ts')
    const model = await show(client, name)
    const rows = model.versions.map((v) => [
      v.version,
      v.aliases.join(', '),
      v.run_id ?? '',
      pairsText(v.tags),
      plainText(v.description),
    ])
    const heading = [name, plainText(model.description), pairsText(model.tags)].filter((part) => part !== '')
    const table = textTable(['version', 'aliases', 'run', 'tags', 'description'], rows)
    return [model, () => `${heading.join('  ')}\n${table}`]
  })
}

function showVersion(
  context: CliContext,
  options: CommonOptions,
  key: { name: string; version: string },
): Promise<void> {
  return onTracking(context, options, async (client) => {
    const { showVersion: show } = await import('../pipeline/registry.ts')
    const detail = await show(client, key)
    const { tags, metrics, aliases, ...attributes } = detail
    const rows = [
      ...Object.entries(attributes),
      ['aliases', aliases.join(', ')] as const,
      ...Object.entries(tags).map(([name, value]) => [`tags.${name}`, value] as const),
      ...Object.entries(metrics).map(([name, value]) => [`metrics.${name}`, value] as const),
    ].map(([name, value]) => [name, plainText(value)])
    return [detail, () => textTable(['name', 'value'], rows)]
  })
}

/** `fds models search`: versions of every model. */
export function searchCommand(context: CliContext): Command {
  const command = new Command('search')
    .description(
      "versions of every model by MLflow's search language: name, version_number, run_id, tags.<name>",
    )
    .argument('<filter>')
    .option('--max <n>', 'versions at most', integerOption('--max', { min: 1 }), 100)
  const example = `fds models search "tags.validation_status = 'passed'"`
  return withCommonOptions(command, example).action((filter: string, options: MaxOptions) =>
    onTracking(context, options, async (client) => {
      const { searchVersions } = await import('../pipeline/registry.ts')
      const found = await searchVersions(client, { filter, max: options.max })
      const rows = found.map((v) => [
        v.name,
        v.version,
        v.aliases.join(', '),
        v.run_id ?? '',
        pairsText(v.tags),
      ])
      return [found, () => textTable(['name', 'version', 'aliases', 'run', 'tags'], rows)]
    }),
  )
}

/** `fds models history`: the audit log. */
export function historyCommand(context: CliContext): Command {
  const command = new Command('history')
    .description('who moved which alias of a model, when, from where to where, and why; the latest first')
    .argument('<name>')
    .option('--max <n>', 'entries at most', integerOption('--max', { min: 1 }), 100)
  return withCommonOptions(command, 'fds models history fraud_detector').action(
    (name: string, options: MaxOptions) =>
      onTracking(context, options, async (client) => {
        const { showHistory } = await import('../pipeline/registry.ts')
        const moves = await showHistory(client, { name, max: options.max })
        const rows = moves.map(({ time, alias, from, to, action, actor, reason }) =>
          [time, alias, from, to, action, actor, reason].map(plainText),
        )
        return [moves, () => textTable(['when', 'alias', 'from', 'to', 'action', 'who', 'why'], rows)]
      }),
  )
}

function pairsText(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([key, value]) => plainText(`${key}=${value}`))
    .join(', ')
}
