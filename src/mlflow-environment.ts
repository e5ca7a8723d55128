import { FdsError } from './errors.ts'
import type { ConnectionEnvironment } from './tracking/client/environment-options.ts'

/** The variables of MLflow's Python client that say how to reach a tracking server and what to log to. */
export interface MlflowEnvironment extends ConnectionEnvironment {
  readonly experimentName?: string
  readonly experimentId?: string
  /** The run that the first `startRun` takes up again. */
  readonly runId?: string
  /** MLFLOW_ENABLE_ASYNC_LOGGING. */
  readonly asyncLogging: boolean
}

/**
 * Reads and checks them. An empty variable counts as absent. CONFIG_INVALID names the variable, never its value.
 *
 * @example
 * readMlflowEnvironment({ MLFLOW_EXPERIMENT_NAME: 'fraud', MLFLOW_ENABLE_ASYNC_LOGGING: 'true' })
 * // { insecureTls: false, experimentName: 'fraud', asyncLogging: true }
 */
export function readMlflowEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): MlflowEnvironment {
  const read = (name: string) => environment[`MLFLOW_${name}`] || undefined
  const [username, password] = [read('TRACKING_USERNAME'), read('TRACKING_PASSWORD')]
  const basic = username !== undefined && password !== undefined ? { username, password } : undefined
  return present({
    registryUri: address('MLFLOW_REGISTRY_URI', read('REGISTRY_URI')),
    basic,
    token: read('TRACKING_TOKEN'),
    insecureTls: flag('MLFLOW_TRACKING_INSECURE_TLS', read('TRACKING_INSECURE_TLS')),
    serverCertPath: read('TRACKING_SERVER_CERT_PATH'),
    clientCertPath: read('TRACKING_CLIENT_CERT_PATH'),
    experimentName: read('EXPERIMENT_NAME'),
    experimentId: read('EXPERIMENT_ID'),
    runId: read('RUN_ID'),
    asyncLogging: flag('MLFLOW_ENABLE_ASYNC_LOGGING', read('ENABLE_ASYNC_LOGGING')),
    maxRetries: amount('MLFLOW_HTTP_REQUEST_MAX_RETRIES', read('HTTP_REQUEST_MAX_RETRIES')),
    backoffFactor: amount('MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR', read('HTTP_REQUEST_BACKOFF_FACTOR')),
    backoffJitter: amount('MLFLOW_HTTP_REQUEST_BACKOFF_JITTER', read('HTTP_REQUEST_BACKOFF_JITTER')),
    timeoutSeconds: amount('MLFLOW_HTTP_REQUEST_TIMEOUT', read('HTTP_REQUEST_TIMEOUT')),
  })
}

function present(
  values: {
    [K in keyof MlflowEnvironment]: MlflowEnvironment[K] | undefined
  },
): MlflowEnvironment {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as unknown as MlflowEnvironment
}

function flag(name: string, value: string | undefined): boolean {
  if (value === undefined || /^(false|0)$/i.test(value)) return false
  return /^(true|1)$/i.test(value) || refuse(name, 'true or false')
}

function amount(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) : refuse(name, 'a number of at least 0')
}

function address(name: string, value: string | undefined): string | undefined {
  if (value === undefined || /^https?:/.test(URL.parse(value)?.protocol ?? '')) return value
  return refuse(name, 'an http:// or https:// address')
}

function refuse(name: string, expected: string): never {
  throw new FdsError('CONFIG_INVALID', { name, expected, got: 'another text' })
}
