import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client'

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** Upper edges, of histograms alone. */
  readonly buckets?: readonly number[]
  /** How the values of several workers become one; their sum by default. `omit`: worked out anew from the others. */
  readonly aggregator?: 'sum' | 'max' | 'min' | 'first' | 'omit'
}

const HOUR = 3600
const DAY = 86_400

/**
 * Every metric of ours, beside the process metrics that the client library adds. Label values are bounded:
 * `endpoint` is a route pattern or `unknown`, `model_version` an arm or `none`, `source` one of LABEL_SOURCES,
 * `version` a version that is served, `feature` one of at most 20 columns of the champion or `score`; the others are
 * closed lists in the code that counts.
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
  fds_label_delay_seconds: {
    type: 'histogram',
    help: 'Seconds from a transaction to its label; from the decision where the label came without a time of its own',
    labels: [],
    buckets: [HOUR, 6 * HOUR, ...[1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120].map((days) => days * DAY)],
  },
  fds_shadow_waiting: {
    type: 'gauge',
    help: 'Transactions that wait for the model that did not decide, or are being stored',
    labels: [],
  },
  fds_shadow_disagreements_total: {
    type: 'counter',
    help: 'Transactions to which champion and challenger gave different risk levels, by both levels',
    labels: ['champion', 'challenger'],
  },
  fds_model_served: {
    type: 'gauge',
    help: '1 where a model is served under the alias, else 0',
    labels: ['alias'],
    aggregator: 'min',
  },
  fds_model_info: {
    type: 'gauge',
    help: 'Always 1, for the versions served now; two of one alias mean workers that differ',
    labels: ['alias', 'version'],
    aggregator: 'max',
  },
  fds_model_registered_timestamp_seconds: {
    type: 'gauge',
    help: 'When the served version was registered, in seconds since 1970',
    labels: ['alias'],
    aggregator: 'min',
  },
  fds_model_loaded_timestamp_seconds: {
    type: 'gauge',
    help: 'When the served version was loaded, in seconds since 1970',
    labels: ['alias'],
    aggregator: 'max',
  },
  fds_model_trouble: {
    type: 'gauge',
    help: '1 while the served version may not be what the alias says, by cause: the registry is away, the alias is gone, the version cannot be loaded',
    labels: ['alias', 'reason'],
    aggregator: 'max',
  },
  fds_drift_psi: {
    type: 'gauge',
    help: "Population stability index of a column, or of the score, against the champion's training data; over the last hour or since the champion was loaded, from 500 transactions on",
    labels: ['feature'],
    aggregator: 'omit',
  },
  fds_drift_bin_total: {
    type: 'counter',
    help: "Transactions that the champion decided, by bin of a column's or the score's values; the version that made the bins",
    labels: ['feature', 'bin', 'version'],
  },
  fds_drift_reference_share: {
    type: 'gauge',
    help: "Share of a bin in the champion's training data, (n_i + 1/2) / (n + bins/2)",
    labels: ['feature', 'bin', 'version'],
    aggregator: 'max',
  },
  fds_experiment_running: {
    type: 'gauge',
    help: '1 while an A/B test runs, else 0',
    labels: [],
    aggregator: 'max',
  },
  fds_experiment_assigning: {
    type: 'gauge',
    help: '1 while the running A/B test assigns entities; 0 when none runs or an alias was moved away from its versions',
    labels: [],
    aggregator: 'min',
  },
  fds_experiment_started_timestamp_seconds: {
    type: 'gauge',
    help: 'When the running A/B test was started, in seconds since 1970; absent when none runs, as are all below',
    labels: [],
    aggregator: 'max',
  },
  fds_experiment_evaluated_timestamp_seconds: {
    type: 'gauge',
    help: 'When the running A/B test was last evaluated, in seconds since 1970; what follows is as of then',
    labels: [],
    aggregator: 'max',
  },
  fds_experiment_decisions: {
    type: 'gauge',
    help: 'Decisions of the running A/B test, by arm',
    labels: ['arm'],
    aggregator: 'max',
  },
  fds_experiment_labelled_decisions: {
    type: 'gauge',
    help: 'Decisions of the running A/B test whose label counts, by arm',
    labels: ['arm'],
    aggregator: 'max',
  },
  fds_experiment_expected_ratio: {
    type: 'gauge',
    help: "An arm's planned share of the running A/B test's decisions",
    labels: ['arm'],
    aggregator: 'max',
  },
  fds_experiment_information_ratio: {
    type: 'gauge',
    help: 'Labelled decisions of the running A/B test over the planned ones, at most 1',
    labels: [],
    aggregator: 'max',
  },
  fds_experiment_looks: {
    type: 'gauge',
    help: 'Looks that the running A/B test has had',
    labels: [],
    aggregator: 'max',
  },
  fds_experiment_z: {
    type: 'gauge',
    help: 'Challenger less champion over its standard error at the last look; negative: the challenger is cheaper',
    labels: [],
    aggregator: 'first',
  },
  fds_experiment_boundary_z: {
    type: 'gauge',
    help: 'A z beyond this in either direction at the last look is a verdict',
    labels: [],
    aggregator: 'first',
  },
  fds_experiment_cost_difference: {
    type: 'gauge',
    help: 'Challenger less champion at the last look, in units of cost',
    labels: [],
    aggregator: 'first',
  },
  fds_experiment_sample_ratio_p_value: {
    type: 'gauge',
    help: 'Sequential p-value that the arms got their planned shares; the comparison is void from 0.001 down',
    labels: [],
    aggregator: 'min',
  },
  fds_experiment_guardrail_alarm: {
    type: 'gauge',
    help: '1 while the challenger is over the margin of a guardrail, else 0',
    labels: ['guardrail'],
    aggregator: 'max',
  },
  fds_experiment_status: {
    type: 'gauge',
    help: "1 for the state of the running A/B test's verdict, else 0",
    labels: ['status'],
    aggregator: 'first',
  },
  fds_experiment_actions_total: {
    type: 'counter',
    help: 'What this service did to A/B tests: start, ramp, stop, promote (the challenger is champion), rollback',
    labels: ['action'],
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
