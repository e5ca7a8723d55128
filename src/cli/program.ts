import { userInfo } from 'node:os'
import { Command, CommanderError } from 'commander'
import { readConfig } from '../config.ts'
import { FdsError } from '../errors.ts'
import type { CliContext } from './context.ts'

const EXIT_BAD_INPUT = 2
const EXIT_BUG = 70

/** Runs one command line; gives 0 done, 1 a check failed, 2 bad usage or bad input, 70 a fault of ours. */
export async function run(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', endQuietly)
  try {
    const context = createContext()
    await (await createProgram(context, argv)).parseAsync(argv)
    return context.exitCode
  } catch (error) {
    return report(error)
  }
}

/** Whoever read the output has seen enough, as `head` does. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

function createContext(): CliContext {
  return {
    config: readConfig(),
    now: Date.now,
    entropy: Math.floor(Math.random() * 2 ** 32),
    user: userName(),
    stdout: process.stdout,
    stderr: process.stderr,
    exitCode: 0,
  }
}

/** The name at the operating system; the number of a user who has none there, as in some containers. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

async function createProgram(context: CliContext, argv: readonly string[]): Promise<Command> {
  const program = new Command('fds')
    .description('Train, track, register, serve, test, monitor and price fraud models')
    .showSuggestionAfterError()
  for (const load of commandsFor(argv)) program.addCommand((await load())(context))
  exitByThrowing(program)
  return program
}

/** In the order of the help page. A module is loaded when its command is called, so that each starts fast. */
const COMMANDS: Readonly<Record<string, () => Promise<(context: CliContext) => Command>>> = {
  data: async () => (await import('./data.ts')).dataCommand,
  train: async () => (await import('./train.ts')).trainCommand,
  tune: async () => (await import('./tune.ts')).tuneCommand,
  score: async () => (await import('./score.ts')).scoreCommand,
  evaluate: async () => (await import('./evaluate.ts')).evaluateCommand,
  validate: async () => (await import('./validate.ts')).validateCommand,
  threshold: async () => (await import('./threshold.ts')).thresholdCommand,
  drift: async () => (await import('./drift.ts')).driftCommand,
  ab: async () => (await import('./ab.ts')).abCommand,
  retrain: async () => (await import('./retrain.ts')).retrainCommand,
  models: async () => (await import('./models.ts')).modelsCommand,
  runs: async () => (await import('./runs.ts')).runsCommand,
  tracking: async () => (await import('./tracking.ts')).trackingCommand,
  users: async () => (await import('./users.ts')).usersCommand,
  serve: async () => (await import('./serve.ts')).serveCommand,
  decisions: async () => (await import('./decisions.ts')).decisionsCommand,
  simulate: async () => (await import('./simulate.ts')).simulateCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
}

/** The one that is called; all of them for help, and for a name to suggest. */
function commandsFor([, , name = '']: readonly string[]) {
  const called = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  return called ? [called] : Object.values(COMMANDS)
}

/** Makes every command throw instead of ending the process, and print nothing of its own on an error. */
function exitByThrowing(command: Command): void {
  command.exitOverride()
  command.configureOutput({ outputError: () => {} })
  for (const child of command.commands) exitByThrowing(child)
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    if (error.code !== 'commander.help') writeLine(oneLine(error.message))
    return EXIT_BAD_INPUT
  }
  if (error instanceof FdsError) {
    writeLine(oneLine(`error: ${error.message}`))
    return EXIT_BAD_INPUT
  }
  writeLine(`internal error, please report it: ${error instanceof Error ? error.stack : String(error)}`)
  return EXIT_BUG
}

/** A message may quote what came; no line break and no terminal command in it gets out. */
function oneLine(message: string): string {
  return message.replace(/\p{Cc}+/gu, ' ')
}

function writeLine(text: string): void {
  process.stderr.write(`${text}\n`)
}
