import type { ArmChoice } from '../experiments/choose-arm.ts'
import type { ShadowQueue } from '../experiments/shadow-queue.ts'
import type { ScoreOrFallback } from '../models/score-or-fallback.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { AppDependencies } from './app.ts'
import type { LoadGate } from './guard-load.ts'

/** What every route works with. */
export interface Service extends AppDependencies {
  readonly ticks: () => number
  readonly telemetry: Telemetry
  /** Which model decides for an entity, or for a transaction id where there is none. */
  readonly choose: (unit: string) => ArmChoice
  readonly shadows: ShadowQueue
  readonly scoreOrFallback: ScoreOrFallback
  readonly gate: LoadGate
  /** Runs work after all that was given before: one batch is scored while the disk has the one before. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

/** See `Service.inTurn`. */
export function createTurns(): Service['inTurn'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}

/** Says on every answer to a write how it was stored: `group` is one sync for all that came together. */
export function durabilityOf({ log }: Pick<Service, 'log'>): { readonly 'x-fds-durability': string } {
  return { 'x-fds-durability': log.durability }
}
