import { type Config, readConfig } from './config.ts'
import { FdsError } from './errors.ts'
import {
  MlflowClient as BareClient,
  type ClientOptions,
  environmentOptions,
  setTrackingClient,
  setTrackingDefaults,
} from './tracking/index.ts'

/**
 * MLflow's client as in Python: `new MlflowClient()` speaks to the tracking server that the environment names
 * (FDS_TRACKING_URI or MLFLOW_TRACKING_URI), `new MlflowClient('http://host:5000')` to that one. Credentials,
 * certificates and retries come from MLflow's variables (MLFLOW_TRACKING_USERNAME and _PASSWORD,
 * MLFLOW_TRACKING_TOKEN, MLFLOW_HTTP_REQUEST_MAX_RETRIES and the like) and FDS_API_KEY; options go before them, and
 * the clock is the machine's. CONFIG_INVALID without an address, or for a variable that cannot be read.
 *
 * @example
 * const client = new MlflowClient('http://localhost:5000')
 * client.uri // 'http://localhost:5000'
 * const best = () => client.searchRuns({ experimentIds: ['0'], filter: 'metrics.auc > 0.9', orderBy: ['metrics.auc DESC'] })
 * const hurried = client.withSignal(AbortSignal.timeout(5000))
 */
export class MlflowClient extends BareClient {
  constructor(options: string | Partial<ClientOptions> = {}, config: Config = readConfig()) {
    const given = typeof options === 'string' ? { uri: options } : options
    const uri = given.uri ?? config.trackingUri ?? refuseNoAddress()
    const key = config.apiKey === undefined ? {} : { apiKey: config.apiKey }
    super({ now: Date.now, ...environmentOptions(config.mlflow), ...key, ...given, uri })
  }
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
  setTrackingClient(new MlflowClient(uri))
}

function refuseNoAddress(): never {
  const expected = 'the http:// or https:// address of a tracking server'
  throw new FdsError('CONFIG_INVALID', { name: 'MLFLOW_TRACKING_URI', expected, got: 'nothing' })
}

// the fluent functions know neither clock nor environment
setTrackingDefaults(() => {
  const config = readConfig()
  const createClient = () => (config.trackingUri === undefined ? undefined : new MlflowClient({}, config))
  const { experimentName, experimentId, runId, asyncLogging } = config.mlflow
  return { createClient, experimentName, experimentId, runId, asyncLogging }
})
