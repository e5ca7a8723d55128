import { Command } from 'commander'
import type { MlflowClient } from '../tracking/index.ts'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { exportCommand, importCommand, registerCommand } from './models-files.ts'
import { importanceCommand } from './models-importance.ts'
import { withTracking } from './session.ts'
import { textTable } from './text.ts'

/** `fds models`: the registry's daily work. */
export function modelsCommand(context: CliContext): Command {
  const command = new Command('models').description(
    'registered models: versions, aliases, tags, files and importance',
  )
  const children = [
    listCommand,
    showCommand,
    registerCommand,
    aliasCommand,
    unaliasCommand,
    tagCommand,
    describeCommand,
    rollbackCommand,
    exportCommand,
    importCommand,
    importanceCommand,
  ]
  for (const create of children) command.addCommand(create(context))
  return command
}

function listCommand(context: CliContext): Command {
  const command = new Command('list').description('every registered model')
  return withCommonOptions(command, 'fds models list').action((options: CommonOptions) =>
    onRegistry(context, options, async (client) => {
      const { listModels } = await import('../pipeline/registry.ts')
      const models = await listModels(client)
      const rows = models.map((model) => [model.name, String(model.versions), aliasText(model.aliases)])
      return [models, () => textTable(['name', 'versions', 'aliases'], rows)]
    }),
  )
}

function showCommand(context: CliContext): Command {
  const command = new Command('show').description('one registered model with its versions').argument('<name>')
  return withCommonOptions(command, 'fds models show fraud_detector').action(
    (name: string, options: CommonOptions) =>
      onRegistry(context, options, async (client) => {
        const { showModel } = await import('../pipeline/registry.ts')
        const model = await showModel(client, name)
        const rows = model.versions.map((v) => [
          v.version,
          v.aliases.join(', '),
          v.run_id ?? '',
          tagText(v.tags),
        ])
        return [model, () => textTable(['version', 'aliases', 'run', 'tags'], rows)]
      }),
  )
}

function aliasCommand(context: CliContext): Command {
  const command = new Command('alias')
    .description(
      'point an alias at a version; champion is a promotion, which remembers the previous champion',
    )
    .argument('<name>')
    .argument('<alias>')
    .argument('<version>')
  return withCommonOptions(command, 'fds models alias fraud_detector champion 2').action(
    (name: string, alias: string, version: string, options: CommonOptions) =>
      onRegistry(context, options, async (client) => {
        const { setAlias } = await import('../pipeline/registry.ts')
        await setAlias(client, { name, alias, version })
        return [{ name, alias, version }, () => `${name}@${alias} is version ${version}`]
      }),
  )
}

function unaliasCommand(context: CliContext): Command {
  const command = new Command('unalias').description('remove an alias').argument('<name>').argument('<alias>')
  return withCommonOptions(command, 'fds models unalias fraud_detector challenger').action(
    (name: string, alias: string, options: CommonOptions) =>
      onRegistry(context, options, async (client) => {
        await client.deleteRegisteredModelAlias({ name, alias })
        return [{ name, alias }, () => `${name}@${alias} is removed`]
      }),
  )
}

function tagCommand(context: CliContext): Command {
  const command = new Command('tag')
    .description('set a tag of a version, such as validation_status passed')
    .argument('<name>')
    .argument('<version>')
    .argument('<key>')
    .argument('<value>')
  return withCommonOptions(command, 'fds models tag fraud_detector 2 validation_status passed').action(
    (name: string, version: string, key: string, value: string, options: CommonOptions) =>
      onRegistry(context, options, async (client) => {
        await client.setModelVersionTag({ name, version, key, value })
        return [{ name, version, key, value }, () => `${name} version ${version}: ${key} = ${value}`]
      }),
  )
}

function describeCommand(context: CliContext): Command {
  const command = new Command('describe')
    .description('describe a version')
    .argument('<name>')
    .argument('<version>')
    .argument('<text>')
  return withCommonOptions(command, 'fds models describe fraud_detector 2 "trained on October"').action(
    (name: string, version: string, description: string, options: CommonOptions) =>
      onRegistry(context, options, async (client) => {
        await client.updateModelVersion({ name, version, description })
        return [{ name, version, description }, () => `${name} version ${version}: ${description}`]
      }),
  )
}

function rollbackCommand(context: CliContext): Command {
  const command = new Command('rollback')
    .description('make the previous champion the champion again')
    .argument('<name>')
  return withCommonOptions(command, 'fds models rollback fraud_detector').action(
    (name: string, options: CommonOptions) =>
      onRegistry(context, options, async (client) => {
        const { rollback } = await import('../tracking/index.ts')
        const { version } = await rollback({ client, name })
        return [{ name, champion: version }, () => `${name}@champion is version ${version} again`]
      }),
  )
}

async function onRegistry(
  context: CliContext,
  options: CommonOptions,
  work: (client: MlflowClient) => Promise<readonly [unknown, () => string]>,
): Promise<void> {
  const [result, toText] = await withTracking(context, options, async (openClient) =>
    work(await openClient()),
  )
  printResult(context, options, result, toText)
}

function aliasText(aliases: Readonly<Record<string, string>>): string {
  return Object.entries(aliases)
    .map(([alias, version]) => `${alias}=${version}`)
    .join(', ')
}

function tagText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
}
