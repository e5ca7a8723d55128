import { setTimeout as sleep } from 'node:timers/promises'
import { FdsError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import type { MlflowClient } from '../../tracking/index.ts'
import { AliasFollower } from './follow-alias.ts'
import type { Scorer } from './scorer.ts'

/** The registry's aliases that are served. The champion decides. */
export const ARMS: readonly Arm[] = ['champion', 'challenger']

/** A model version in service. Times are milliseconds since 1970. */
export interface ServedModel {
  readonly arm: Arm
  readonly scorer: Scorer
  readonly runId: string
  /** The latest metrics of the run that made it. */
  readonly metrics: Readonly<Record<string, number>>
  readonly registeredAt: number
  readonly loadedAt: number
  readonly loadSeconds: number
}

/** Gives the models that the registry's aliases point to now, without ever making a request wait for one. */
export interface ModelSource {
  readonly name: string
  served(arm: Arm): ServedModel | undefined
  /** What the arm served before, kept for the case that the served model fails. */
  previous(arm: Arm): ServedModel | undefined
  /** Why the arm is not what the registry says, if so: its alias or its model could not be had at the last look. */
  trouble(arm: Arm): FdsError | undefined
  /** Stops looking; what is served stays. */
  close(): Promise<void>
}

export interface WatchInput {
  /** Give it a client with a short deadline (`deadlineMs`), so that a silent registry is noticed soon. */
  readonly client: MlflowClient
  /** Registered model, such as `fraud_detector`. */
  readonly name: string
  readonly now: () => number
  readonly logger: Logger
  /** Between two looks at the aliases; default 500. */
  readonly pollMs?: number
}

/**
 * Looks at the aliases `champion` and `challenger`, at once and then every `pollMs`, and loads what they point
 * to: read, checked and warmed beside the serving model, then swapped by one assignment. When the new model
 * cannot be loaded, or the registry is away, or the champion's alias is gone, the old model keeps serving and
 * `trouble` says why. Resolves after the first look; it never rejects.
 */
export async function watchModels(input: WatchInput): Promise<ModelSource> {
  const followers = {
    champion: new AliasFollower('champion', input),
    challenger: new AliasFollower('challenger', input),
  }
  const stop = new AbortController()
  const look = async () => {
    for (const arm of ARMS) await followers[arm].look()
  }
  await look()
  const watching = repeat(look, { pollMs: input.pollMs ?? 500, signal: stop.signal })

  return {
    name: input.name,
    served: (arm) => followers[arm].served,
    previous: (arm) => followers[arm].previous,
    trouble: (arm) => followers[arm].trouble,
    close: async () => {
      stop.abort()
      await watching
    },
  }
}

/** The champion, or why there is none: NO_CHAMPION, MODEL_UNAVAILABLE. */
export function requireChampion(models: Pick<ModelSource, 'name' | 'served' | 'trouble'>): ServedModel {
  const champion = models.served('champion')
  if (champion) return champion
  throw models.trouble('champion') ?? new FdsError('NO_CHAMPION', { name: models.name })
}

async function repeat(
  look: () => Promise<void>,
  { pollMs, signal }: { pollMs: number; signal: AbortSignal },
) {
  while (!signal.aborted) {
    await sleep(pollMs, undefined, { signal }).catch(() => {})
    if (!signal.aborted) await look()
  }
}
