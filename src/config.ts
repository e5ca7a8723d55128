import { resolve } from 'node:path'
import { FdsError } from './errors.ts'

/** Everything the environment may say. This file alone reads it; the rest of the code receives a Config. */
export interface Config {
  /** Folder of all state, `.fds` in the working folder by default (FDS_HOME). */
  readonly home: string
  /** postgres://… for several machines; SQLite files in the home when absent (FDS_DATABASE_URL). */
  readonly databaseUrl: string | undefined
  /** Where artifacts lie: a folder, by default `artifacts` in the home (FDS_ARTIFACT_ROOT). */
  readonly artifactRoot: string
  /** A real MLflow server instead of the embedded one (FDS_TRACKING_URI, else MLFLOW_TRACKING_URI). */
  readonly trackingUri: string | undefined
  /** Guards what changes state, when set (FDS_API_KEY). */
  readonly apiKey: string | undefined
  readonly logLevel: string
}

type Environment = Readonly<Record<string, string | undefined>>

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/**
 * Reads and checks the environment once, at the start of a command. An empty variable counts as absent.
 *
 * @example
 * readConfig({ FDS_HOME: '/srv/fds' }).artifactRoot // '/srv/fds/artifacts'
 */
export function readConfig(environment: Environment = process.env): Config {
  const read = (name: string) => environment[name] || undefined
  const home = resolve(read('FDS_HOME') ?? '.fds')
  return Object.freeze({
    home,
    databaseUrl: checked(read('FDS_DATABASE_URL'), 'FDS_DATABASE_URL', 'a postgres:// address', isPostgres),
    artifactRoot: resolve(home, read('FDS_ARTIFACT_ROOT') ?? 'artifacts'),
    trackingUri: checked(
      read('FDS_TRACKING_URI') ?? read('MLFLOW_TRACKING_URI'),
      'FDS_TRACKING_URI',
      'an http:// or https:// address',
      (value) => /^https?:$/.test(protocolOf(value)),
    ),
    apiKey: read('FDS_API_KEY'),
    logLevel:
      checked(read('FDS_LOG_LEVEL'), 'FDS_LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`, (value) =>
        LOG_LEVELS.includes(value),
      ) ?? 'info',
  })
}

function checked(
  value: string | undefined,
  name: string,
  expected: string,
  holds: (value: string) => boolean,
): string | undefined {
  // an address may carry a password, so the message never repeats the value
  if (value !== undefined && !holds(value))
    throw new FdsError('CONFIG_INVALID', { name, expected, got: 'another text' })
  return value
}

function isPostgres(value: string): boolean {
  return /^postgres(ql)?:$/.test(protocolOf(value))
}

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : ''
}
