import type { Row } from './rows.ts'

const PARTS = {
  'false-verdicts': async () => (await import('./experiments/false-verdicts.ts')).benchFalseVerdicts(),
  'returning-cards': async () => (await import('./experiments/returning-cards.ts')).benchReturningCards(),
  power: async () => (await import('./experiments/power.ts')).benchPower(),
  speed: async () => (await import('./experiments/speed.ts')).benchSpeed(),
} as const satisfies Record<string, () => Promise<readonly Row[]>>

/** How often an experiment errs, how often it finds what is there, and how fast; each part says how it measures. */
export function benchExperiments(part: keyof typeof PARTS): Promise<readonly Row[]> {
  return PARTS[part]()
}
