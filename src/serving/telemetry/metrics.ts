import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client'

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** Upper edges, of histograms alone. */
  readonly buckets?: readonly number[]
  /** How the values of several workers become one; their sum by default. */
  readonly aggregator?: 'max'
}

/**
 * Every metric of ours, beside the process metrics that the client library adds. Label values are bounded:
 * `endpoint` is a route pattern or `unknown`, `model_version` an arm or `none`, `source` one of LABEL_SOURCES; the
 * others are closed lists in the code that counts.
 */
export const METRICS = {
  fds_requests_total: {
    type: 'counter',
    help: 'Requests answered, by route pattern, HTTP status and the arm that decided',
    labels: ['endpoint', 'status', 'model_version'],
  },
  fds_latency_seconds: {
    type: 'histogram',
    help: 'Seconds from the arrival of a request to the end of its answer',
    labels: ['endpoint'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1],
  },
  fds_predictions_total: {
    type: 'counter',
    help: 'Decisions made, by risk level and arm; a repeated transaction id counts once',
    labels: ['risk_level', 'model_version'],
  },
  fds_fraud_probability: {
    type: 'histogram',
    help: 'Fraud probabilities of the decisions made',
    labels: [],
    buckets: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  },
  fds_model_load_time_seconds: {
    type: 'gauge',
    help: 'Seconds that the last load of the champion took',
    labels: ['model_name'],
    aggregator: 'max',
  },
  fds_active_requests: { type: 'gauge', help: 'Requests being processed now', labels: [] },
  fds_labels_total: {
    type: 'counter',
    help: 'Labels added to the ledger, by source and verdict',
    labels: ['source', 'is_fraud'],
  },
  fds_fallback_total: {
    type: 'counter',
    help: 'Decisions that the asked model could not make, by cause and by who answered instead',
    labels: ['reason', 'answered_by'],
  },
  fds_shed_total: {
    type: 'counter',
    help: 'Requests refused with 503 to protect the others, by what was overloaded',
    labels: ['reason'],
  },
  fds_rate_limited_total: {
    type: 'counter',
    help: 'Requests refused with 429 because one client sent too many',
    labels: [],
  },
  fds_shadow_scores_total: {
    type: 'counter',
    help: 'Transactions for the model that did not decide: scored and stored, dropped by a full queue, or failed',
    labels: ['outcome'],
  },
  fds_log_waiting: {
    type: 'gauge',
    help: 'Decisions that wait for the disk or are on their way',
    labels: [],
  },
  fds_log_commit_decisions: {
    type: 'histogram',
    help: 'Decisions that shared one commit of the log',
    labels: [],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000],
  },
  fds_log_commit_seconds: {
    type: 'histogram',
    help: 'Seconds that one commit of the log took',
    labels: [],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  },
  fds_log_failures_total: { type: 'counter', help: 'Commits of the log that failed', labels: [] },
  fds_log_info: {
    type: 'gauge',
    help: 'How the log stores: group, sync or async',
    labels: ['durability'],
    aggregator: 'max',
  },
  fds_workers: {
    type: 'gauge',
    help: 'Worker processes by whether they answered this scrape; one that was late is shown as it last was',
    labels: ['state'],
  },
  fds_worker_restarts_total: {
    type: 'counter',
    help: 'Worker processes started in place of one that ended',
    labels: [],
  },
  fds_labels_unknown_total: {
    type: 'counter',
    help: 'Labels added for transactions without a decision in the log',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>

export type MetricName = keyof typeof METRICS

export function counter(registry: Registry, name: MetricName): Counter<string> {
  return new Counter<string>({ ...definition(name), registers: [registry] })
}

export function gauge(registry: Registry, name: MetricName): Gauge<string> {
  return new Gauge<string>({ ...definition(name), registers: [registry] })
}

export function histogram(registry: Registry, name: MetricName): Histogram<string> {
  const { buckets } = METRICS[name] as MetricDefinition
  return new Histogram<string>({ ...definition(name), buckets: [...(buckets ?? [])], registers: [registry] })
}

/** The words of a metric as the client library takes them. */
export function definition(name: MetricName) {
  const { help, labels, aggregator }: MetricDefinition = METRICS[name]
  return { name, help, labelNames: [...labels], ...(aggregator && { aggregator }) }
}
