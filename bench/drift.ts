import type { Row } from './rows.ts'

const PARTS = {
  files: async () => (await import('./drift/files.ts')).benchFiles(),
  large: async () => (await import('./drift/large.ts')).benchLarge(),
  'false-alarms': async () => (await import('./drift/false-alarms.ts')).benchFalseAlarms(),
} as const satisfies Record<string, () => Promise<readonly Row[]>>

/** How fast drift is found, and how often where there is none; each part says how it measures. */
export function benchDrift(part: keyof typeof PARTS): Promise<readonly Row[]> {
  return PARTS[part]()
}
