import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Command } from 'commander'
import type { Config } from '../config.ts'
import { type CliContext, type CommonOptions, configFor, loggerFor, withCommonOptions } from './context.ts'
import { databaseOption, integerOption, listOption } from './options.ts'
import { untilStopped } from './until-stopped.ts'

interface TrackingOptions extends CommonOptions {
  readonly host: string
  readonly port: number
  readonly artifactRoot?: string
  readonly databaseUrl?: string
  readonly allowedHosts?: readonly string[]
  readonly allowAnonymous?: boolean
}

/** `fds tracking`: the tracking server and registry alone, for MLflow's clients and ours. */
export function trackingCommand(context: CliContext): Command {
  const command = new Command('tracking')
    .description("serve tracking and registry alone, by MLflow's protocol")
    .option('--host <address>', 'address to listen on; another than loopback needs a credential', '127.0.0.1')
    .option(
      '--port <port>',
      'port to listen on; 0 takes a free one',
      integerOption('--port', { min: 0, max: 65_535 }),
      5000,
    )
    .option(
      '--artifact-root <dir>',
      'folder of the artifacts (default: FDS_ARTIFACT_ROOT or artifacts in the home)',
    )
    .option(
      '--database-url <url>',
      'postgres://… instead of SQLite in the home (default: FDS_DATABASE_URL, which no list of processes shows)',
      databaseOption('--database-url'),
    )
    .option(
      '--allowed-hosts <names>',
      'host names to answer to besides loopback and private addresses, A,B (default: FDS_ALLOWED_HOSTS)',
      listOption,
    )
    .option('--allow-anonymous', 'let everybody who reaches the address read and change everything')
  return withCommonOptions(command, 'fds tracking --port 5000').action((options: TrackingOptions) =>
    serve(context, options),
  )
}

/** What a call leaves behind is young and small; V8 by itself would keep 64 MB for it and sweep the rest seldom. */
const SMALL_HEAP = ['--semi-space-growth-factor=1', '--heap-growing-percent=30']

async function serve(context: CliContext, options: TrackingOptions): Promise<void> {
  for (const flag of SMALL_HEAP) setFlagsFromString(flag)
  const started = context.now()
  const { startTracking } = await import('../pipeline/start-tracking.ts')
  const { createRandom } = await import('../math/random.ts')
  const config = trackingConfig(context, options)
  const service = await startTracking({
    ...config,
    now: context.now,
    random: createRandom(context.entropy),
    logger: loggerFor(config, false),
    host: options.host,
    port: options.port,
    allowAnonymous: options.allowAnonymous,
  })
  // before the address is told: who reads it may send the signal at once
  const stopped = untilStopped()
  const { address, guarded } = service
  const seconds = (context.now() - started) / 1000
  const ready = { address, home: config.home, artifact_root: config.artifactRoot, seconds }
  context.stdout.write(options.json ? `${JSON.stringify(ready)}\n` : greeting(address, guarded))
  await stopped
  await service.close()
}

function trackingConfig(context: CliContext, options: TrackingOptions): Config {
  const config = configFor(context, options)
  const { artifactRoot, databaseUrl, allowedHosts } = options
  return {
    ...config,
    ...(artifactRoot !== undefined && { artifactRoot: resolve(artifactRoot) }),
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(allowedHosts !== undefined && { allowedHosts }),
  }
}

function greeting(address: string, guarded: boolean): string {
  const lines = [
    `fds tracking serves ${address}`,
    `  Python:      export MLFLOW_TRACKING_URI=${address}`,
    ...(guarded ? ['               export MLFLOW_TRACKING_TOKEN=<the API key>'] : []),
    `  TypeScript:  new MlflowClient({ uri: '${address}', now: Date.now })`,
    `  fds:         export FDS_TRACKING_URI=${address}`,
  ]
  return `${lines.join('\n')}\n`
}
