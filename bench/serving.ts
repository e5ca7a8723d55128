import type { Row } from './rows.ts'

const PARTS = {
  load: async () => (await import('./serving/load.ts')).benchLoad(),
  batch: async () => (await import('./serving/load.ts')).benchBatch(),
  telemetry: async () => (await import('./serving/telemetry.ts')).benchTelemetry(),
  memory: async () => (await import('./serving/memory.ts')).benchMemory(),
} as const satisfies Record<string, () => Promise<readonly Row[]>>

/** What one process of the service carries; each part says how it measures. */
export function benchServing(part: keyof typeof PARTS): Promise<readonly Row[]> {
  return PARTS[part]()
}
