import cluster from 'node:cluster'
import { Command, Option } from 'commander'
import type { ServiceSettings } from '../pipeline/start-service.ts'
import { type CliContext, type CommonOptions, configFor, loggerFor, withCommonOptions } from './context.ts'
import { prepareChampion } from './first-champion.ts'
import { integerOption, numberOption } from './options.ts'
import { untilStopped } from './until-stopped.ts'

interface ServeOptions extends CommonOptions {
  readonly host: string
  readonly port: number
  readonly name: string
  readonly firstChampion?: boolean
  readonly workers: number
  readonly durability: 'group' | 'sync' | 'async'
  readonly fallback: 'none' | 'open' | 'closed'
  readonly rateLimit?: number
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
    .option(
      '--workers <n>',
      'processes that answer on the port; 1 answers in this one',
      integerOption('--workers', { min: 1, max: 256 }),
      1,
    )
    .addOption(
      new Option(
        '--durability <mode>',
        'a decision is answered when it is on disk with those that came together (group) or alone (sync), ' +
          'or at once and may be lost in a crash (async)',
      )
        .choices(['group', 'sync', 'async'])
        .default('group'),
    )
    .addOption(
      new Option(
        '--fallback <answer>',
        'when no model can score: refuse with 503 (none), approve (open) or block (closed)',
      )
        .choices(['none', 'open', 'closed'])
        .default('none'),
    )
    .option(
      '--rate-limit <n>',
      'requests a second that one client may send to a worker (default: any number)',
      numberOption('--rate-limit', { min: 0.001 }),
    )
  return withCommonOptions(command, 'fds serve --port 8000 --workers 2').action((options: ServeOptions) =>
    serve(context, options),
  )
}

async function serve(context: CliContext, options: ServeOptions): Promise<void> {
  const settings = await settingsOf(context, options)
  if (cluster.isWorker) return serveInWorker(context, settings)
  const started = context.now()
  const service = await start(settings, options.workers)
  // before the address is told: who reads it may send the signal at once
  const stopped = untilStopped()
  tellAddress(context, options, { address: service.address, started, home: settings.home })
  try {
    await Promise.race(service.lost ? [stopped, service.lost] : [stopped])
  } finally {
    await service.close()
  }
}

async function settingsOf(context: CliContext, options: ServeOptions): Promise<ServiceSettings> {
  const { createRandom } = await import('../math/random.ts')
  const config = configFor(context, options)
  const { host, port, name, firstChampion, durability, fallback, rateLimit } = options
  return {
    ...config,
    now: context.now,
    random: createRandom(context.entropy),
    logger: loggerFor(config, false),
    host,
    port,
    modelName: name,
    durability,
    fallback,
    rateLimit,
    ...(firstChampion && {
      prepare: async ({ client }) => void (await prepareChampion(context, client, name)),
    }),
  }
}

interface Started {
  readonly address: string
  /** Rejects when the service cannot go on; never where this process answers itself. */
  readonly lost?: Promise<never>
  close(): Promise<void>
}

async function start(settings: ServiceSettings, workers: number): Promise<Started> {
  if (workers === 1) {
    const { startService } = await import('../pipeline/start-service.ts')
    return startService(settings)
  }
  const { startWorkers } = await import('../pipeline/start-workers.ts')
  const [, file = '', ...args] = process.argv
  return startWorkers({ ...settings, workers, program: { file, args } })
}

async function serveInWorker(context: CliContext, settings: ServiceSettings): Promise<void> {
  const { serveAsWorker } = await import('../pipeline/start-workers.ts')
  const { prepare: _, ...own } = settings
  if (!(await serveAsWorker(own, untilStopped()))) context.exitCode = 1
}

function tellAddress(
  context: CliContext,
  { json }: ServeOptions,
  { address, started, home }: { address: string; started: number; home: string },
): void {
  const seconds = ((context.now() - started) / 1000).toFixed(1)
  context.stdout.write(
    json
      ? `${JSON.stringify({ address, home, seconds: Number(seconds) })}\n`
      : `fds serves ${address} after ${seconds} s: start page /, API /docs, metrics /metrics, tracking at the same address\n`,
  )
}
