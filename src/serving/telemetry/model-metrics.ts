import type { Registry } from '@prometheus-io/client'
import { ARMS, type ModelSource, type ServedModel } from '../models/model-source.ts'
import { TROUBLES, troubleOf } from '../models/model-trouble.ts'
import { exposeValues } from './expose-values.ts'

/** Exposes which versions are served, since when, and whether they are what the registry's aliases say. */
export function exposeModels(registry: Registry, models: ModelSource): void {
  const ofServed = (read: (served: ServedModel) => number) => () =>
    ARMS.flatMap((alias) => {
      const served = models.served(alias)
      return served ? [{ labels: { alias }, value: read(served) }] : []
    })
  exposeValues(registry, 'fds_model_load_time_seconds', () => [
    { labels: { model_name: models.name }, value: models.served('champion')?.loadSeconds ?? 0 },
  ])
  exposeValues(registry, 'fds_model_served', () =>
    ARMS.map((alias) => ({ labels: { alias }, value: models.served(alias) ? 1 : 0 })),
  )
  exposeValues(registry, 'fds_model_info', () =>
    ARMS.flatMap((alias) => {
      const served = models.served(alias)
      return served ? [{ labels: { alias, version: served.scorer.version }, value: 1 }] : []
    }),
  )
  exposeValues(
    registry,
    'fds_model_registered_timestamp_seconds',
    ofServed(({ registeredAt }) => registeredAt / 1000),
  )
  exposeValues(
    registry,
    'fds_model_loaded_timestamp_seconds',
    ofServed(({ loadedAt }) => loadedAt / 1000),
  )
  exposeValues(registry, 'fds_model_trouble', () =>
    ARMS.flatMap((alias) => {
      const trouble = models.trouble(alias)
      const current = trouble && troubleOf(trouble)
      return TROUBLES.map((reason) => ({ labels: { alias, reason }, value: reason === current ? 1 : 0 }))
    }),
  )
}
