import { Command } from 'commander'
import { type CliContext, type CommonOptions, printResult, withCommonOptions } from './context.ts'
import { prepareChampion } from './first-champion.ts'
import { withTracking } from './session.ts'

/** `fds models first-champion`: what `fds serve --first-champion` does before it serves, alone; for several replicas. */
export function firstChampionCommand(context: CliContext): Command {
  const command = new Command('first-champion')
    .description('train a first champion on simulated payments if the name has none')
    .argument('<name>')
  return withCommonOptions(command, 'fds models first-champion fraud_detector').action(
    (name: string, options: CommonOptions) =>
      withTracking(context, options, async (openClient) => {
        const trained = await prepareChampion(context, await openClient(), name)
        printResult(context, options, { name, trained }, () =>
          trained ? `${name}@champion is a model of simulated payments` : `${name}@champion stands already`,
        )
      }),
  )
}
