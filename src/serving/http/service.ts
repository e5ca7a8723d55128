import type { Telemetry } from '../telemetry/telemetry.ts'
import type { AppDependencies } from './app.ts'

/** What every route works with. */
export interface Service extends AppDependencies {
  readonly telemetry: Telemetry
}

/** Says on every answer to a write how it was stored: `group` is one sync for all that came together. */
export const DURABILITY = { 'x-fds-durability': 'group' } as const
