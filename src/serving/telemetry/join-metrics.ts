import {
  AggregatorRegistry,
  type MetricObjectWithValues,
  type MetricValue,
  type Registry,
} from '@prometheus-io/client'

/** One process's metrics as data that can be sent to another process. */
export type MetricSnapshot = readonly Omit<MetricObjectWithValues<MetricValue<string>>, 'collect'>[]

/** Reads a registry. */
export function takeSnapshot(registry: Registry): Promise<MetricSnapshot> {
  return registry.getMetricsAsJSON()
}

/**
 * The Prometheus text of several processes as if they were one: counters, histograms and gauges are summed, unless a
 * metric names another way (`max`, `first`, `omit`, …).
 */
export function joinMetrics(snapshots: readonly MetricSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate([...snapshots]).metrics()
}

/**
 * What must live on when a process ends: its counts. Without them a sum over processes would fall, which Prometheus
 * takes for a restart and `rate()` for a burst. What the process was at the moment (gauges) goes with it.
 */
export function lastingMetrics(snapshots: readonly MetricSnapshot[]): Promise<MetricSnapshot> {
  const counts = snapshots.map((metrics) => metrics.filter(({ type }) => type !== 'gauge'))
  return takeSnapshot(AggregatorRegistry.aggregate(counts))
}
