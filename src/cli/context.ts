import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { createLogger, type Logger } from '../log.ts'

/** What a command receives from the outside world: settings, clock, seeds and the two output streams. */
export interface CliContext {
  readonly config: Config
  readonly now: () => number
  /** A seed that differs from run to run, for names and ids; results are seeded by `--seed` alone. */
  readonly entropy: number
  /** Who runs the command, for the audit log of the registry. */
  readonly user: string
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** Set by a command whose check failed (exit 1); 0 otherwise. */
  exitCode: number
}

/** The options that every command has. */
export interface CommonOptions {
  readonly json?: boolean
  readonly home?: string
}

/** Adds `--json`, `--home` and a worked example to a command. */
export function withCommonOptions(command: Command, example: string): Command {
  return command
    .option('--json', 'print exactly one JSON value on stdout')
    .option('--home <dir>', 'folder of all state (default: FDS_HOME or .fds)')
    .addHelpText('after', `\nExample:\n  ${example}\n`)
}

/** The settings of this call: the environment's, with `--home` on top. */
export function configFor(context: CliContext, options: CommonOptions): Config {
  if (options.home === undefined) return context.config
  const home = resolve(options.home)
  const ownRoot = context.config.artifactRoot !== resolve(context.config.home, 'artifacts')
  return {
    ...context.config,
    home,
    artifactRoot: ownRoot ? context.config.artifactRoot : resolve(home, 'artifacts'),
  }
}

/** The logger of this call; commands other than `serve` stay quiet below warnings unless told otherwise. */
export function loggerFor(config: Config, quiet = true): Logger {
  return createLogger(quiet && config.logLevel === 'info' ? 'warn' : config.logLevel)
}

/** Prints the result: one JSON value with `--json`, else the text for people. */
export function printResult(
  context: CliContext,
  options: CommonOptions,
  result: unknown,
  toText: () => string,
): void {
  const text = options.json ? JSON.stringify(result) : toText()
  context.stdout.write(`${text}\n`)
}
