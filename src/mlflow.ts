import { type Config, readConfig } from './config.ts'
import { FdsError } from './errors.ts'
import {
  type ClientOptions,
  environmentOptions,
  MlflowClient,
  setTrackingClient,
  setTrackingDefaults,
} from './tracking/index.ts'

/**
 * A client of the tracking server that the environment names (FDS_TRACKING_URI or MLFLOW_TRACKING_URI), with the
 * credentials, certificates and retries of MLflow's variables (MLFLOW_TRACKING_USERNAME and _PASSWORD,
 * MLFLOW_TRACKING_TOKEN, FDS_API_KEY, MLFLOW_HTTP_REQUEST_MAX_RETRIES and the like). Options go before the environment.
 * CONFIG_INVALID without an address, or for a variable that cannot be read.
 *
 * @example
 * createMlflowClient({ uri: 'http://localhost:5000' }).uri // 'http://localhost:5000'
 */
export function createMlflowClient(
  options: Partial<ClientOptions> = {},
  config: Config = readConfig(),
): MlflowClient {
  const uri = options.uri ?? config.trackingUri
  if (uri === undefined) {
    const expected = 'the http:// or https:// address of a tracking server'
    throw new FdsError('CONFIG_INVALID', { name: 'MLFLOW_TRACKING_URI', expected, got: 'nothing' })
  }
  const key = config.apiKey === undefined ? {} : { apiKey: config.apiKey }
  return new MlflowClient({ now: Date.now, ...environmentOptions(config.mlflow), ...key, ...options, uri })
}

/**
 * Chooses the server of the fluent functions (`startRun`, `logMetric`, …) by its address, with the rest from the
 * environment. Not needed where MLFLOW_TRACKING_URI is set.
 *
 * @example
 * setTrackingUri('http://localhost:5000')
 * getTrackingUri() // 'http://localhost:5000'
 */
export function setTrackingUri(uri: string): void {
  setTrackingClient(createMlflowClient({ uri }))
}

setTrackingDefaults(() => {
  const config = readConfig()
  const { experimentName, experimentId, runId, asyncLogging } = config.mlflow
  const createClient = () => (config.trackingUri === undefined ? undefined : createMlflowClient({}, config))
  return {
    createClient,
    experimentName,
    experimentId,
    runId,
    asyncLogging,
  }
})
