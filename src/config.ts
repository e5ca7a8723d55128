import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { FdsError } from './errors.ts'
import { type MlflowEnvironment, readMlflowEnvironment } from './mlflow-environment.ts'

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
  /** A second key, that may read alone (FDS_READ_API_KEY). */
  readonly readApiKey: string | undefined
  /** File of users with passwords, as `fds users add` writes it (FDS_USERS_FILE). */
  readonly usersFile: string | undefined
  /** What may be done without a credential; by default `read` where FDS_API_KEY alone is set (FDS_ANONYMOUS). */
  readonly anonymous: 'none' | 'read' | undefined
  /** Host names, besides loopback and private addresses, that the tracking server answers to (FDS_ALLOWED_HOSTS). */
  readonly allowedHosts: readonly string[]
  /** Slack's incoming webhook, a secret: drift alerts go there when set (FDS_SLACK_WEBHOOK_URL). */
  readonly slackWebhookUrl: string | undefined
  /** A PagerDuty service's integration key, a secret: drift opens and closes incidents there (FDS_PAGERDUTY_ROUTING_KEY). */
  readonly pagerdutyRoutingKey: string | undefined
  /** PagerDuty's Events API v2; another address for its EU region (FDS_PAGERDUTY_URL). */
  readonly pagerdutyUrl: string
  /** Where the folder of reports can be read by a browser, for links in alerts (FDS_REPORT_URL). */
  readonly reportUrl: string | undefined
  /** How another tracking server is reached, in the variables of MLflow's Python client (MLFLOW_…). */
  readonly mlflow: MlflowEnvironment
  readonly logLevel: string
}

type Environment = Readonly<Record<string, string | undefined>>

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/**
 * Reads and checks the environment once, at the start of a command. An empty variable counts as absent. What may hold a
 * secret (FDS_DATABASE_URL, FDS_API_KEY, FDS_READ_API_KEY, FDS_SLACK_WEBHOOK_URL, FDS_PAGERDUTY_ROUTING_KEY) may lie in a
 * file instead, which the variable with `_FILE` names; an empty file counts as absent too. CONFIG_INVALID.
 *
 * @example
 * readConfig({ FDS_HOME: '/srv/fds' }).artifactRoot // '/srv/fds/artifacts'
 */
export function readConfig(environment: Environment = process.env): Config {
  const read = (name: string) => environment[name] || undefined
  const readSecret = (name: string) => secretOf(name, read)
  const home = resolve(read('FDS_HOME') ?? '.fds')
  const secureUrl = (name: string) =>
    checked(readSecret(name), name, 'an https:// address', (value) => protocolOf(value) === 'https:')
  return Object.freeze({
    home,
    databaseUrl: checked(
      readSecret('FDS_DATABASE_URL'),
      'FDS_DATABASE_URL',
      'a postgres:// address',
      isPostgres,
    ),
    artifactRoot: resolve(home, read('FDS_ARTIFACT_ROOT') ?? 'artifacts'),
    trackingUri: checked(
      read('FDS_TRACKING_URI') ?? read('MLFLOW_TRACKING_URI'),
      'FDS_TRACKING_URI',
      'an http:// or https:// address',
      (value) => /^https?:$/.test(protocolOf(value)),
    ),
    apiKey: checkedKey(readSecret('FDS_API_KEY'), 'FDS_API_KEY'),
    readApiKey: checkedKey(readSecret('FDS_READ_API_KEY'), 'FDS_READ_API_KEY'),
    usersFile: read('FDS_USERS_FILE') && resolve(home, read('FDS_USERS_FILE')!),
    anonymous: checked(read('FDS_ANONYMOUS'), 'FDS_ANONYMOUS', 'none or read', (value) =>
      /^(none|read)$/.test(value),
    ) as Config['anonymous'],
    allowedHosts: hostsOf(read('FDS_ALLOWED_HOSTS') ?? ''),
    slackWebhookUrl: secureUrl('FDS_SLACK_WEBHOOK_URL'),
    pagerdutyRoutingKey: checkedKey(readSecret('FDS_PAGERDUTY_ROUTING_KEY'), 'FDS_PAGERDUTY_ROUTING_KEY'),
    pagerdutyUrl: secureUrl('FDS_PAGERDUTY_URL') ?? 'https://events.pagerduty.com/v2/enqueue',
    reportUrl: checked(read('FDS_REPORT_URL'), 'FDS_REPORT_URL', 'an http:// or https:// address', (value) =>
      /^https?:$/.test(protocolOf(value)),
    ),
    mlflow: readMlflowEnvironment(environment),
    logLevel:
      checked(read('FDS_LOG_LEVEL'), 'FDS_LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`, (value) =>
        LOG_LEVELS.includes(value),
      ) ?? 'info',
  })
}

/** The variable's value, or that of the file that its sister with `_FILE` names, without the blanks at its ends. */
function secretOf(name: string, read: (name: string) => string | undefined): string | undefined {
  const value = read(name)
  const file = read(`${name}_FILE`)
  if (file === undefined) return value
  const refuse = (expected: string, got: string) =>
    new FdsError('CONFIG_INVALID', { name: `${name}_FILE`, expected, got })
  if (value !== undefined) throw refuse(`absent where ${name} is set`, 'both')
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch (error) {
    throw refuse('a file that can be read', (error as Error).message)
  }
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

/** A header must be able to carry the key as it is. */
function checkedKey(value: string | undefined, name: string): string | undefined {
  return checked(value, name, 'printable ASCII without blanks at its ends', (key) =>
    /^[!-~]([ -~]*[!-~])?$/.test(key),
  )
}

function hostsOf(list: string): string[] {
  const hosts = list
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '')
  const expected = 'host names without ports and wildcards, separated by commas'
  for (const host of hosts) {
    checked(host, 'FDS_ALLOWED_HOSTS', expected, (name) => /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(name))
  }
  return hosts
}

function isPostgres(value: string): boolean {
  return /^postgres(ql)?:$/.test(protocolOf(value))
}

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : ''
}
