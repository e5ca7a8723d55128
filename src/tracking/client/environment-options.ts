import { readFileSync } from 'node:fs'
import { FdsError } from '../../errors.ts'
import type { ClientOptions } from './tracking-client.ts'
import type { TlsOptions } from './transport.ts'

/** What MLflow's variables say of a connection; `src/config.ts` reads them. */
export interface ConnectionEnvironment {
  /** Another server for the model registry (MLFLOW_REGISTRY_URI). */
  readonly registryUri?: string
  /** MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, where both are set. */
  readonly basic?: { readonly username: string; readonly password: string }
  /** MLFLOW_TRACKING_TOKEN, which goes before a password. */
  readonly token?: string
  /** Takes any certificate of the server (MLFLOW_TRACKING_INSECURE_TLS). */
  readonly insecureTls: boolean
  /** A file of authorities in PEM (MLFLOW_TRACKING_SERVER_CERT_PATH). */
  readonly serverCertPath?: string
  /** A file with certificate and key in PEM (MLFLOW_TRACKING_CLIENT_CERT_PATH). */
  readonly clientCertPath?: string
  /** MLFLOW_HTTP_REQUEST_MAX_RETRIES, …_BACKOFF_FACTOR, …_BACKOFF_JITTER and …_TIMEOUT, the last in seconds. */
  readonly maxRetries?: number
  readonly backoffFactor?: number
  readonly backoffJitter?: number
  readonly timeoutSeconds?: number
}

/** The same in the words of `MlflowClient`. CONFIG_INVALID for a certificate that cannot be read. */
export function environmentOptions(environment: ConnectionEnvironment): Omit<ClientOptions, 'uri' | 'now'> {
  const { registryUri, basic, token, maxRetries, backoffFactor, backoffJitter, timeoutSeconds } = environment
  return {
    tls: tlsOf(environment),
    ...(registryUri !== undefined && { registryUri }),
    ...(basic && { basic }),
    ...(token !== undefined && { token }),
    ...(maxRetries !== undefined && { maxRetries }),
    ...(backoffFactor !== undefined && { backoffFactor }),
    ...(backoffJitter !== undefined && { backoffJitter }),
    ...(timeoutSeconds !== undefined && { silenceMs: timeoutSeconds * 1000 }),
  }
}

function tlsOf({ insecureTls, serverCertPath, clientCertPath }: ConnectionEnvironment): TlsOptions {
  return {
    insecure: insecureTls,
    ...(serverCertPath !== undefined && { ca: readPem('MLFLOW_TRACKING_SERVER_CERT_PATH', serverCertPath) }),
    ...(clientCertPath !== undefined && {
      clientCertificate: readPem('MLFLOW_TRACKING_CLIENT_CERT_PATH', clientCertPath),
    }),
  }
}

function readPem(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new FdsError('CONFIG_INVALID', { name, expected: 'a file that can be read', got: path }, { cause })
  }
}
