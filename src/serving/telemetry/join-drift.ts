import type { ExposedValue } from './expose-values.ts'
import type { MetricSnapshot } from './join-metrics.ts'
import { METRICS } from './metrics.ts'

/** Counts of the last hour by feature, bin and version, which travel between processes and are not exposed. */
export const WINDOW = 'fds_drift_window'

/** Transactions from which on an index is told: by chance alone it is then 0.02 in the mean, and 0.05 hardly ever. */
export const FEWEST_TRANSACTIONS = 500

/**
 * Puts the index of all processes together in the place of what each says for itself. Counts by bins of a version that
 * no process serves any more, which those that ended left behind, are dropped: versions come and go without end.
 */
export function joinDrift(snapshots: readonly MetricSnapshot[]): MetricSnapshot[] {
  const all = (name: string): ExposedValue[] =>
    snapshots.flatMap((metrics) =>
      metrics.filter((metric) => metric.name === name).flatMap(({ values }) => values),
    )
  const shares = all('fds_drift_reference_share')
  const window = all(WINDOW)
  const served = new Set(shares.map(({ labels }) => labels['version']))
  const rest = snapshots.map((metrics) =>
    metrics
      .filter(({ name }) => name !== WINDOW && name !== 'fds_drift_psi')
      .map((metric) =>
        metric.name === 'fds_drift_bin_total'
          ? { ...metric, values: metric.values.filter(({ labels }) => served.has(labels['version'])) }
          : metric,
      ),
  )
  return [...rest, [snapshotOf('fds_drift_psi', psiValues(window, shares))]]
}

/** A metric as a process tells it to another. */
export function snapshotOf(
  name: 'fds_drift_psi' | typeof WINDOW,
  values: ExposedValue[],
): MetricSnapshot[number] {
  const help = name === WINDOW ? '' : METRICS[name].help
  return { name, help, type: 'gauge', aggregator: 'sum', values }
}

/**
 * The index of each feature from the counts of any number of processes and the reference's shares; of the version
 * that decided most, where processes differ for a moment. None below 500 transactions. As `psiTest`, with half a row
 * a bin.
 */
export function psiValues(window: readonly ExposedValue[], shares: readonly ExposedValue[]): ExposedValue[] {
  const shareOf = new Map(shares.map(({ labels, value }) => [keyOf(labels), value]))
  const byFeature = new Map<string, Map<string, Bins>>()
  for (const { labels, value } of window) {
    const versions = at(byFeature, String(labels['feature']), () => new Map<string, Bins>())
    const bins = at(versions, String(labels['version']), () => new Map())
    at(bins, String(labels['bin']), () => ({ count: 0, share: shareOf.get(keyOf(labels)) ?? 0 })).count +=
      value
  }
  return [...byFeature].flatMap(([feature, versions]) => {
    const bins = [...versions.values()].sort((a, b) => rowsOf(b) - rowsOf(a))[0]!
    return rowsOf(bins) < FEWEST_TRANSACTIONS ? [] : [{ labels: { feature }, value: indexOf(bins) }]
  })
}

interface Bin {
  count: number
  readonly share: number
}
type Bins = Map<string, Bin>

function indexOf(bins: Bins): number {
  const rows = rowsOf(bins)
  let psi = 0
  for (const { count, share } of bins.values()) {
    const current = (count + 0.5) / (rows + bins.size / 2)
    psi += (current - share) * Math.log(current / share)
  }
  return psi
}

function rowsOf(bins: Bins): number {
  let rows = 0
  for (const { count } of bins.values()) rows += count
  return rows
}

function keyOf(labels: ExposedValue['labels']): string {
  return `${labels['feature']}\n${labels['bin']}\n${labels['version']}`
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make()
  map.set(key, found)
  return found
}
