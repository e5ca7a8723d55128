import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { createLogger } from '../log.ts'
import { type CliContext, type CommonOptions, configFor, printResult, withCommonOptions } from './context.ts'

/** `fds demo`: the whole loop, unattended, on a home of its own. */
export function demoCommand(context: CliContext): Command {
  const command = new Command('demo').description(
    'play the whole loop: tune, register, serve, labels, drift, retrain, A/B, promote, roll back',
  )
  return withCommonOptions(command, 'fds demo').action((options: CommonOptions) => demo(context, options))
}

async function demo(context: CliContext, options: CommonOptions): Promise<void> {
  const { playDemo } = await import('../pipeline/demo.ts')
  const { createRandom } = await import('../math/random.ts')
  const config = configFor(context, options)
  // a folder of its own: the demo starts from nothing each time and leaves the real home alone
  const home = join(config.home, 'demo')
  await rm(home, { recursive: true, force: true })
  const started = context.now()
  const steps = options.json ? context.stderr : context.stdout
  const report = await playDemo({
    settings: {
      home,
      artifactRoot: join(home, 'artifacts'),
      now: context.now,
      random: createRandom(context.entropy),
      // the service has no champion at first, which it would rightly warn of
      logger: createLogger('error'),
    },
    reportDir: join(home, 'reports'),
    sleep,
    onStep: (step, line) => steps.write(`${step.padEnd(10)} ${line}\n`),
  })
  const seconds = (context.now() - started) / 1000
  printResult(context, options, { ...report, seconds }, () => `the loop closed in ${seconds.toFixed(0)} s`)
}
