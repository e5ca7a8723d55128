import type { Metric, MetricValue, Registry } from '@prometheus-io/client'
import { METRICS, type MetricDefinition, type MetricName } from './metrics.ts'

export type ExposedValue = MetricValue<string> & { readonly metricName?: string }

/** A metric of the list whose values are worked out when it is read. */
export function exposeValues(
  registry: Registry,
  name: MetricName,
  values: () => readonly ExposedValue[],
): void {
  const { type, help, aggregator = 'sum' }: MetricDefinition = METRICS[name]
  const metric = {
    name,
    help,
    type,
    aggregator,
    get: async () => ({ name, help, type, aggregator, values: values() }),
  }
  // the registry asks a metric for its values and nothing else
  registry.registerMetric(metric as unknown as Metric<string>)
}
