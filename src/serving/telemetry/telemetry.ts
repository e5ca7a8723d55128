import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client'
import { RISK_LEVELS } from '../../decision/risk-level.ts'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import type { Decision, Label } from '../log/decision.ts'
import { ARMS, type ModelSource } from '../models/model-source.ts'

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** Upper edges, of histograms alone. */
  readonly buckets?: readonly number[]
}

/** Who may label a transaction; a closed list, since each is a label value of a metric. */
export const LABEL_SOURCES = ['chargeback', 'review', 'customer', 'other'] as const
export type LabelSource = (typeof LABEL_SOURCES)[number]

/**
 * Every metric of ours, beside the process metrics that the client library adds. Label values are bounded:
 * `endpoint` is a route pattern or `unknown`, `model_version` an arm or `none`, `source` one of LABEL_SOURCES.
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
  },
  fds_active_requests: { type: 'gauge', help: 'Requests being processed now', labels: [] },
  fds_labels_total: {
    type: 'counter',
    help: 'Labels added to the ledger, by source and verdict',
    labels: ['source', 'is_fraud'],
  },
  fds_labels_unknown_total: {
    type: 'counter',
    help: 'Labels added for transactions without a decision in the log',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>

type MetricName = keyof typeof METRICS

export interface EndedRequest {
  /** The route pattern, `unknown` where no route matched. */
  readonly endpoint: string
  readonly status: number
  readonly arm: Arm | 'none'
  readonly seconds: number
}

/** Counts what happens in one app; each app has its own registry. */
export interface Telemetry {
  readonly contentType: string
  requestStarted(): void
  requestEnded(request: EndedRequest): void
  decided(decision: Decision): void
  labelled(label: Label): void
  labelsUnknown(count: number): void
  /** The Prometheus text format, version 0.0.4. */
  exposition(): Promise<string>
}

/** Makes the metrics of one app. Series with known labels exist from the start, at zero. */
export function createTelemetry(models: ModelSource): Telemetry {
  const registry = new Registry()
  const requests = counter(registry, 'fds_requests_total')
  const latency = histogram(registry, 'fds_latency_seconds')
  const predictions = counter(registry, 'fds_predictions_total')
  const probability = histogram(registry, 'fds_fraud_probability')
  const active = gauge(registry, 'fds_active_requests')
  const labels = counter(registry, 'fds_labels_total')
  const unknownLabels = counter(registry, 'fds_labels_unknown_total')
  exposeLoadTime(registry, models)
  collectDefaultMetrics({ register: registry })
  startAtZero({ requests, latency, predictions, labels })

  return {
    contentType: registry.contentType,
    requestStarted: () => active.inc(),
    requestEnded: ({ endpoint, status, arm, seconds }) => {
      active.dec()
      requests.inc({ endpoint, status, model_version: arm })
      latency.observe({ endpoint }, seconds)
    },
    decided: ({ riskLevel, arm, probability: value }) => {
      predictions.inc({ risk_level: riskLevel, model_version: arm })
      probability.observe(value)
    },
    labelled: ({ source, isFraud }) => labels.inc({ source, is_fraud: String(isFraud) }),
    labelsUnknown: (count) => unknownLabels.inc(count),
    exposition: () => registry.metrics(),
  }
}

function counter(registry: Registry, name: MetricName): Counter<string> {
  return new Counter<string>({ ...definition(name), registers: [registry] })
}

function gauge(registry: Registry, name: MetricName): Gauge<string> {
  return new Gauge<string>({ ...definition(name), registers: [registry] })
}

function histogram(registry: Registry, name: MetricName): Histogram<string> {
  const { buckets } = METRICS[name] as MetricDefinition
  return new Histogram<string>({ ...definition(name), buckets: [...(buckets ?? [])], registers: [registry] })
}

function definition(name: MetricName) {
  const { help, labels } = METRICS[name]
  return { name, help, labelNames: [...labels] }
}

function exposeLoadTime(registry: Registry, models: ModelSource): void {
  new Gauge<string>({
    ...definition('fds_model_load_time_seconds'),
    registers: [registry],
    collect() {
      this.set({ model_name: models.name }, models.served('champion')?.loadSeconds ?? 0)
    },
  })
}

interface LabelledMetrics {
  readonly requests: Counter<string>
  readonly latency: Histogram<string>
  readonly predictions: Counter<string>
  readonly labels: Counter<string>
}

function startAtZero({ requests, latency, predictions, labels }: LabelledMetrics): void {
  for (const endpoint of ['/predict', '/predict/batch', '/labels']) {
    latency.zero({ endpoint })
    for (const status of [200, 400, 500, 503]) {
      const arm = status === 200 && endpoint !== '/labels' ? 'champion' : 'none'
      requests.inc({ endpoint, status, model_version: arm }, 0)
    }
  }
  for (const arm of ARMS) {
    for (const level of RISK_LEVELS) predictions.inc({ risk_level: level, model_version: arm }, 0)
  }
  for (const source of LABEL_SOURCES) {
    for (const verdict of ['true', 'false']) labels.inc({ source, is_fraud: verdict }, 0)
  }
}
