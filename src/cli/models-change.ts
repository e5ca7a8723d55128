import { Command } from 'commander'
import { FdsError } from '../errors.ts'
import { type CliContext, type CommonOptions, withCommonOptions } from './context.ts'
import { onTracking } from './session.ts'

/** `fds models alias`. */
export function aliasCommand(context: CliContext): Command {
  const command = new Command('alias')
    .description(
      'point an alias at a version; champion is a promotion, which remembers the previous champion',
    )
    .argument('<name>')
    .argument('<alias>')
    .argument('<version>')
  return withCommonOptions(command, 'fds models alias fraud_detector challenger 2').action(
    (name: string, alias: string, version: string, options: CommonOptions) =>
      onTracking(context, options, async (client) => {
        const { setAlias } = await import('../pipeline/registry.ts')
        await setAlias(client, { name, alias, version, actor: context.user })
        return [{ name, alias, version }, () => `${name}@${alias} is version ${version}`]
      }),
  )
}

/** `fds models unalias`. */
export function unaliasCommand(context: CliContext): Command {
  const command = new Command('unalias').description('remove an alias').argument('<name>').argument('<alias>')
  return withCommonOptions(command, 'fds models unalias fraud_detector challenger').action(
    (name: string, alias: string, options: CommonOptions) =>
      onTracking(context, options, async (client) => {
        await client.deleteRegisteredModelAlias({ name, alias, actor: context.user })
        return [{ name, alias }, () => `${name}@${alias} is removed`]
      }),
  )
}

/** `fds models tag`. */
export function tagCommand(context: CliContext): Command {
  const command = new Command('tag')
    .description(
      'set a tag of a version: validation_status is pending, passed or failed, deployment_env is dev, staging or prod',
    )
    .argument('<name>')
    .argument('<version>')
    .argument('<key>')
    .argument('<value>')
  return withCommonOptions(command, 'fds models tag fraud_detector 2 deployment_env staging').action(
    async (name: string, version: string, key: string, value: string, options: CommonOptions) => {
      await checkKnownTag(key, value)
      await onTracking(context, options, async (client) => {
        await client.setModelVersionTag({ name, version, key, value })
        return [{ name, version, key, value }, () => `${name} version ${version}: ${key} = ${value}`]
      })
    },
  )
}

/** Two tags have a meaning here; a slip of the pen in one would be read as no status at all. */
async function checkKnownTag(key: string, value: string): Promise<void> {
  const { KNOWN_VERSION_TAGS } = await import('../tracking/index.ts')
  const values = KNOWN_VERSION_TAGS.get(key)
  if (values === undefined || values.includes(value)) return
  throw new FdsError('USAGE', { reason: `${key} must be ${values.join(', ')}, got ${value}` })
}

/** `fds models describe`. */
export function describeCommand(context: CliContext): Command {
  const command = new Command('describe')
    .description('describe a version')
    .argument('<name>')
    .argument('<version>')
    .argument('<text>')
  return withCommonOptions(command, 'fds models describe fraud_detector 2 "trained on October"').action(
    (name: string, version: string, description: string, options: CommonOptions) =>
      onTracking(context, options, async (client) => {
        await client.updateModelVersion({ name, version, description })
        return [{ name, version, description }, () => `${name} version ${version}: ${description}`]
      }),
  )
}

interface DeleteOptions extends CommonOptions {
  readonly force?: boolean
}

/** `fds models delete`. */
export function deleteCommand(context: CliContext): Command {
  const command = new Command('delete')
    .description('delete a version, or a model with all its versions, for good; a champion only with --force')
    .argument('<name>')
    .argument('[version]')
    .option('--force', 'even where the champion goes with it')
  return withCommonOptions(command, 'fds models delete fraud_detector 3').action(
    (name: string, version: string | undefined, options: DeleteOptions) =>
      onTracking(context, options, async (client) => {
        const { deleteModel } = await import('../pipeline/registry.ts')
        await deleteModel(client, { name, version, force: options.force ?? false, actor: context.user })
        const what = version === undefined ? name : `${name} version ${version}`
        return [{ name, version: version ?? null }, () => `${what} is deleted`]
      }),
  )
}
