import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { FdsError } from '../errors.ts'
import type { AbSession } from '../pipeline/ab-session.ts'
import { type CliContext, type CommonOptions, configFor, loggerFor, printResult } from './context.ts'

export interface AbOptions extends CommonOptions {
  readonly name: string
  readonly reason?: string
}

/** Adds the options of a command that changes an A/B test. */
export function withAbOptions(command: Command): Command {
  return withName(command).option('--reason <text>', 'why, for the audit')
}

export function withName(command: Command): Command {
  return command.option('--name <model>', 'registered model', 'fraud_detector')
}

/** Who acts, and why. */
export function actorOf(context: CliContext, { reason }: AbOptions) {
  return { actor: context.user, reason }
}

/**
 * Runs `work` on the A/B tests of a home and prints what it gives. What cannot be done as things stand (no such test,
 * a gate, another was faster) is a check that failed: exit 1.
 */
export async function onAbTests(
  context: CliContext,
  options: AbOptions,
  work: (session: AbSession) => Promise<readonly [unknown, () => string]>,
): Promise<void> {
  const { openAbSession } = await import('../pipeline/ab-session.ts')
  const { createRandom } = await import('../math/random.ts')
  const config = configFor(context, options)
  const session = await openAbSession({
    ...config,
    now: context.now,
    random: createRandom(context.entropy),
    logger: loggerFor(config),
    modelName: options.name,
    createId: randomUUID,
  })
  try {
    const [result, toText] = await work(session)
    printResult(context, options, result, toText)
  } catch (error) {
    if (!(error instanceof FdsError) || error.status !== 409) throw error
    context.exitCode = 1
    context.stderr.write(`${error.message}\n`)
    if (options.json)
      printResult(context, options, { error: { code: error.code, ...(error.details as object) } }, () => '')
  } finally {
    await session.close()
  }
}
