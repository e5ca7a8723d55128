import type { Registry } from '@prometheus-io/client'
import type { DriftCounter } from '../models/drift-counter.ts'
import { BINS, MISSING } from '../models/drift-layout.ts'
import type { ModelSource } from '../models/model-source.ts'
import { type ExposedValue, exposeValues } from './expose-values.ts'
import { psiValues, snapshotOf, WINDOW } from './join-drift.ts'
import type { MetricSnapshot } from './join-metrics.ts'

export interface DriftMetrics {
  /** What the champion decided within the last hour, by bin: what a joined index is made of. */
  window(): MetricSnapshot[number]
}

/**
 * Exposes how the champion's columns and scores lie in the bins of its training data. A champion without a profile,
 * such as one that Python logged, has none of these series; its scores are in `fds_fraud_probability` all the same.
 */
export function exposeDrift(
  registry: Registry,
  { models, now }: { readonly models: ModelSource; readonly now: () => number },
): DriftMetrics {
  const champion = () => {
    const scorer = models.served('champion')?.scorer
    return scorer?.drift && { drift: scorer.drift, version: scorer.version }
  }
  const valuesOf = (pick: (bins: BinsOfFeature, bin: number) => number) => {
    const served = champion()
    return served ? binsOf(served, now() / 1000).flatMap((bins) => valuesOfBins(bins, pick)) : []
  }
  const totals = () => valuesOf(({ totals }, bin) => totals[bin]!)
  const shares = () =>
    valuesOf(({ feature, filled, rows }, bin) => (feature.reference[bin]! + 0.5) / (rows + filled / 2))
  const window = () => valuesOf(({ window: counts }, bin) => counts[bin]!)
  exposeValues(registry, 'fds_drift_bin_total', totals)
  exposeValues(registry, 'fds_drift_reference_share', shares)
  exposeValues(registry, 'fds_drift_psi', () => psiValues(window(), shares()))
  return { window: () => snapshotOf(WINDOW, window()) }
}

interface BinsOfFeature {
  readonly version: string
  readonly feature: DriftCounter['features'][number]
  readonly totals: Float64Array
  readonly window: Float64Array
  /** The reference's rows, and its bins that hold any. */
  readonly rows: number
  readonly filled: number
}

function binsOf(
  { drift, version }: { readonly drift: DriftCounter; readonly version: string },
  seconds: number,
): BinsOfFeature[] {
  const window = drift.window(seconds)
  const totals = drift.totals()
  return drift.features.map((feature, f) => ({
    version,
    feature,
    totals: totals.subarray(f * BINS, (f + 1) * BINS),
    window: window.subarray(f * BINS, (f + 1) * BINS),
    rows: feature.reference.reduce((sum, count) => sum + count, 0),
    filled: feature.reference.filter((count) => count > 0).length,
  }))
}

/** Bins that hold no row on either side have no series. */
function valuesOfBins(
  bins: BinsOfFeature,
  pick: (bins: BinsOfFeature, bin: number) => number,
): ExposedValue[] {
  const { feature, version, totals } = bins
  return Array.from(totals, (_, bin) => bin)
    .filter((bin) => totals[bin]! > 0 || feature.reference[bin]! > 0)
    .map((bin) => ({
      labels: { feature: feature.name, bin: bin === MISSING ? 'missing' : String(bin), version },
      value: pick(bins, bin),
    }))
}
