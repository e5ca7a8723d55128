import { pino } from 'pino'

export type { Logger } from 'pino'

/**
 * The one logger's maker: JSON lines on stderr, so that stdout stays free for results.
 * Levels: ERROR means someone must act now (expected count in health: zero); WARN, degraded but coping;
 * INFO, a state change worth a line (model swapped, alias moved); DEBUG, one line a request.
 * Secrets never reach a line: authorization headers, keys, passwords and addresses of databases are censored.
 */
export function createLogger(level: string) {
  return pino(
    {
      level,
      redact: { paths: [...SECRETS], censor: '***' },
    },
    pino.destination({ fd: 2, sync: false }),
  )
}

const SECRETS = [
  'req.headers.authorization',
  'req.headers["x-api-key"]',
  'apiKey',
  'readApiKey',
  'password',
  'databaseUrl',
] as const

/**
 * An unexpected error as a line may show it: its kind and where it was thrown. Its message may quote a payment, so
 * it is left out.
 */
export function faultOf(error: unknown): { readonly type: string; readonly at: readonly string[] } {
  if (!(error instanceof Error)) return { type: typeof error, at: [] }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { type: error.name, at: frames.map((line) => line.trim()) }
}
