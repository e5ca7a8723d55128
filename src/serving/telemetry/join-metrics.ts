import {
  AggregatorRegistry,
  type MetricObjectWithValues,
  type MetricValue,
  type Registry,
} from '@prometheus-io/client'
import { joinDrift } from './join-drift.ts'

/** One process's metrics as data that can be sent to another process. */
export type MetricSnapshot = readonly Omit<MetricObjectWithValues<MetricValue<string>>, 'collect'>[]

/** Reads a registry, without the quantiles of summaries: those of several processes have no sum. */
export async function takeSnapshot(registry: Registry): Promise<MetricSnapshot> {
  const metrics = await registry.getMetricsAsJSON()
  return metrics.map((metric) => (metric.type === 'summary' ? withoutQuantiles(metric) : metric))
}

/**
 * The Prometheus text of several processes as if they were one: counters, histograms and gauges are summed, unless a
 * metric names another way (`max`, `first`, `omit`, …). The stability indices are worked out from joined counts.
 */
export function joinMetrics(snapshots: readonly MetricSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate(joinDrift(snapshots)).metrics()
}

/**
 * What must live on when a process ends: its counts. Without them a sum over processes would fall, which Prometheus
 * takes for a restart and `rate()` for a burst. What the process was at the moment (gauges) goes with it.
 */
export function lastingMetrics(snapshots: readonly MetricSnapshot[]): Promise<MetricSnapshot> {
  const counts = snapshots.map((metrics) => metrics.filter(({ type }) => type !== 'gauge'))
  return takeSnapshot(AggregatorRegistry.aggregate(counts))
}

function withoutQuantiles(metric: MetricSnapshot[number]): MetricSnapshot[number] {
  // the library gives no labels at all to the sum and the count of a summary without labels
  const values = metric.values.map((value) => ({ ...value, labels: value.labels ?? {} }))
  return { ...metric, values: values.filter(({ labels }) => !('quantile' in labels)) }
}
