import { userInfo } from 'node:os'
import { Command, CommanderError } from 'commander'
import { readConfig } from '../config.ts'
import { FdsError } from '../errors.ts'
import type { CliContext } from './context.ts'
import { dataCommand } from './data.ts'
import { demoCommand } from './demo.ts'
import { driftCommand } from './drift.ts'
import { evaluateCommand } from './evaluate.ts'
import { modelsCommand } from './models.ts'
import { runsCommand } from './runs.ts'
import { scoreCommand } from './score.ts'
import { serveCommand } from './serve.ts'
import { simulateCommand } from './simulate.ts'
import { thresholdCommand } from './threshold.ts'
import { trackingCommand } from './tracking.ts'
import { trainCommand } from './train.ts'
import { tuneCommand } from './tune.ts'
import { validateCommand } from './validate.ts'

const EXIT_BAD_INPUT = 2
const EXIT_BUG = 70

/** Runs one command line; gives 0 done, 1 a check failed, 2 bad usage or bad input, 70 a fault of ours. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const context = createContext()
    await createProgram(context).parseAsync(argv)
    return context.exitCode
  } catch (error) {
    return report(error)
  }
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

function createProgram(context: CliContext): Command {
  const program = new Command('fds')
    .description('Train, track, register, serve, test, monitor and price fraud models')
    .showSuggestionAfterError()
  const commands = [
    dataCommand,
    trainCommand,
    tuneCommand,
    scoreCommand,
    evaluateCommand,
    validateCommand,
    thresholdCommand,
    driftCommand,
    modelsCommand,
    runsCommand,
    trackingCommand,
    serveCommand,
    simulateCommand,
    demoCommand,
  ]
  for (const create of commands) program.addCommand(create(context))
  exitByThrowing(program)
  return program
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
