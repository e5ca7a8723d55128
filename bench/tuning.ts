import type { Row } from './rows.ts'

const PARTS = {
  functions: async () => (await import('./tuning/functions.ts')).benchFunctions(),
  suggest: async () => (await import('./tuning/suggest.ts')).benchSuggest(),
  specification: async () => (await import('./tuning/specification.ts')).benchSpecification(),
} as const satisfies Record<string, () => Promise<readonly Row[]>>

/** How good and how fast studies are beside Optuna's; each part says how it measures. */
export function benchTuning(part: keyof typeof PARTS): Promise<readonly Row[]> {
  return PARTS[part]()
}
