import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../log.ts'
import type { Experiment } from './experiment.ts'
import type { ExperimentStore } from './experiment-store.ts'

/** Gives the running experiment, as last read, without ever making a request wait. */
export interface ExperimentSource {
  current(): Experiment | undefined
  /** Why it may not be what the store says, if so. */
  trouble(): string | undefined
  /** Looks now, so that a change made by this process holds in it at once. */
  refresh(): Promise<void>
  /** Stops looking. */
  close(): Promise<void>
}

/**
 * Reads the running experiment of a model, at once and then every `pollMs` (500), so that every worker and replica
 * takes up a start, a ramp and a stop well within two seconds. While the store is away the last known experiment
 * stays, and the trouble is told once. Resolves after the first look; it never rejects.
 */
export async function watchExperiment(input: {
  readonly store: Pick<ExperimentStore, 'running'>
  readonly modelName: string
  readonly logger: Logger
  readonly pollMs?: number
}): Promise<ExperimentSource> {
  const { store, modelName, logger, pollMs = 500 } = input
  let current: Experiment | undefined
  let trouble: string | undefined
  const look = async () => {
    try {
      const found = await store.running(modelName)
      // the same object as long as nothing changed, so that what was worked out from it stays
      if (found?.id !== current?.id || found?.revision !== current?.revision) {
        logger.info(
          { model: modelName, experiment: found?.id ?? null, coverage: found?.coverage },
          'A/B test',
        )
        current = found
      }
      if (trouble !== undefined) logger.info({ model: modelName }, 'the store of A/B tests answers again')
      trouble = undefined
    } catch (error) {
      const message = (error as Error).message
      if (message !== trouble) logger.warn({ model: modelName, experiment: current?.id }, message)
      trouble = message
    }
  }
  await look()
  const stop = new AbortController()
  const watching = repeat(look, pollMs, stop.signal)
  return {
    current: () => current,
    trouble: () => trouble && `A/B tests are as they were last read: ${trouble}`,
    refresh: look,
    close: async () => {
      stop.abort()
      await watching
    },
  }
}

async function repeat(look: () => Promise<void>, pollMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(pollMs, undefined, { signal }).catch(() => {})
    if (!signal.aborted) await look()
  }
}
