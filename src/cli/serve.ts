import { Command } from 'commander'
import { type CliContext, type CommonOptions, configFor, loggerFor, withCommonOptions } from './context.ts'
import { integerOption } from './options.ts'
import { startProgress } from './progress.ts'
import { untilStopped } from './until-stopped.ts'

interface ServeOptions extends CommonOptions {
  readonly host: string
  readonly port: number
  readonly name: string
  readonly firstChampion?: boolean
}

/** `fds serve`: decisions, tracking and registry on one port. */
export function serveCommand(context: CliContext): Command {
  const command = new Command('serve')
    .description('serve decisions, tracking and registry on one port')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--port <port>',
      'port to listen on; 0 takes a free one',
      integerOption('--port', { min: 0, max: 65_535 }),
      8000,
    )
    .option('--name <model>', 'registered model whose champion decides', 'fraud_detector')
    .option('--first-champion', 'train a first champion on simulated payments if there is none')
  return withCommonOptions(command, 'fds serve --port 8000').action((options: ServeOptions) =>
    serve(context, options),
  )
}

async function serve(context: CliContext, options: ServeOptions): Promise<void> {
  const { startService } = await import('../pipeline/start-service.ts')
  const { createRandom } = await import('../math/random.ts')
  const config = configFor(context, options)
  const { host, port, name, firstChampion } = options
  const started = context.now()
  const service = await startService({
    ...config,
    now: context.now,
    random: createRandom(context.entropy),
    logger: loggerFor(config, false),
    host,
    port,
    modelName: name,
    ...(firstChampion && { prepare: ({ client }) => prepareChampion(context, client, name) }),
  })
  // before the address is told: who reads it may send the signal at once
  const stopped = untilStopped()
  const seconds = ((context.now() - started) / 1000).toFixed(1)
  const ready = { address: service.address, home: config.home, seconds: Number(seconds) }
  context.stdout.write(
    options.json
      ? `${JSON.stringify(ready)}\n`
      : `fds serves ${service.address} after ${seconds} s: start page /, API /docs, metrics /metrics, tracking at the same address\n`,
  )
  await stopped
  await service.close()
}

async function prepareChampion(
  context: CliContext,
  client: Parameters<typeof import('../pipeline/first-champion.ts')['ensureChampion']>[0]['client'],
  name: string,
): Promise<void> {
  const { ensureChampion } = await import('../pipeline/first-champion.ts')
  const progress = startProgress(context, 'first champion')
  const trained = await ensureChampion({
    client,
    name,
    now: context.now,
    onIteration: (done, total) => progress.update(done, total, `tree ${done} of ${total}`),
  }).finally(() => progress.stop())
  if (trained)
    context.stderr.write(`trained a first champion on simulated payments (${trained.rows.train} rows)\n`)
}
