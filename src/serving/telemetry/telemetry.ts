import { type Counter, collectDefaultMetrics, Registry } from '@prometheus-io/client'
import { RISK_LEVELS } from '../../decision/risk-level.ts'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import type { ExperimentHealth } from '../experiments/experiment-health.ts'
import type { Decision, Label } from '../log/decision.ts'
import type { DecisionLog } from '../log/decision-log.ts'
import { ARMS, type ModelSource } from '../models/model-source.ts'
import { exposeDrift } from './drift-metrics.ts'
import { exposeExperiment } from './experiment-metrics.ts'
import { exposeValues } from './expose-values.ts'
import { createGuardCounts, type GuardCounts } from './guard-counts.ts'
import { type HotCounter, type HotHistogram, hotCounter, hotHistogram } from './hot-metrics.ts'
import { type MetricSnapshot, takeSnapshot } from './join-metrics.ts'
import { exposeLog } from './log-metrics.ts'
import { counter, gauge, histogram } from './metrics.ts'
import { exposeModels } from './model-metrics.ts'

/** Who may label a transaction; a closed list, since each is a label value of a metric. */
export const LABEL_SOURCES = ['chargeback', 'review', 'customer', 'other'] as const
export type LabelSource = (typeof LABEL_SOURCES)[number]

export interface EndedRequest {
  /** The route pattern, `unknown` where no route matched. */
  readonly endpoint: string
  readonly status: number
  readonly arm: Arm | 'none'
  readonly seconds: number
}

/** Counts what happens in one app; each app has its own registry. */
export interface Telemetry extends GuardCounts {
  readonly contentType: string
  requestStarted(): void
  requestEnded(request: EndedRequest): void
  decided(decision: Decision): void
  labelled(label: Label): void
  labelsUnknown(count: number): void
  /** A transaction's label came so long after it. */
  labelDelayed(seconds: number): void
  /** The Prometheus text format, version 0.0.4. */
  exposition(): Promise<string>
  /** The same as data, to be joined with those of other processes. */
  snapshot(): Promise<MetricSnapshot>
}

export interface TelemetryInput {
  readonly models: ModelSource
  readonly log: DecisionLog
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Transactions that wait for the model that did not decide. */
  readonly shadowsWaiting: () => number
  /** How the A/B test is doing; without it there are no such series. */
  readonly experiment?: ExperimentHealth | undefined
}

/** Makes the metrics of one app. Series with known labels exist from the start, at zero. */
export function createTelemetry(input: TelemetryInput): Telemetry {
  const { models, log, experiment } = input
  const registry = new Registry()
  const requests = hotCounter(registry, 'fds_requests_total')
  const latency = hotHistogram(registry, 'fds_latency_seconds')
  const predictions = hotCounter(registry, 'fds_predictions_total')
  const probability = hotHistogram(registry, 'fds_fraud_probability').child()
  const active = gauge(registry, 'fds_active_requests')
  const labels = counter(registry, 'fds_labels_total')
  const unknownLabels = counter(registry, 'fds_labels_unknown_total')
  const labelDelay = histogram(registry, 'fds_label_delay_seconds')
  exposeModels(registry, models)
  exposeLog(registry, log)
  const drift = exposeDrift(registry, input)
  exposeValues(registry, 'fds_shadow_waiting', () => [{ labels: {}, value: input.shadowsWaiting() }])
  if (experiment) exposeExperiment(registry, { health: experiment, models })
  collectDefaultMetrics({ register: registry })
  startAtZero({ requests, latency, predictions, labels })

  return {
    contentType: registry.contentType,
    requestStarted: () => active.inc(),
    requestEnded: ({ endpoint, status, arm, seconds }) => {
      active.dec()
      requests.child(endpoint, String(status), arm).count++
      latency.child(endpoint).observe(seconds)
    },
    decided: ({ riskLevel, arm, probability: value }) => {
      predictions.child(riskLevel, arm).count++
      probability.observe(value)
    },
    labelled: ({ source, isFraud }) => labels.inc({ source, is_fraud: String(isFraud) }),
    labelsUnknown: (count) => unknownLabels.inc(count),
    labelDelayed: (seconds) => labelDelay.observe(Math.max(0, seconds)),
    ...createGuardCounts(registry),
    exposition: () => registry.metrics(),
    snapshot: async () => [...(await takeSnapshot(registry)), drift.window()],
  }
}

interface LabelledMetrics {
  readonly requests: HotCounter
  readonly latency: HotHistogram
  readonly predictions: HotCounter
  readonly labels: Counter<string>
}

function startAtZero({ requests, latency, predictions, labels }: LabelledMetrics): void {
  for (const endpoint of ['/predict', '/predict/batch', '/labels']) {
    latency.child(endpoint)
    for (const status of ['200', '400', '500', '503']) {
      requests.child(endpoint, status, status === '200' && endpoint !== '/labels' ? 'champion' : 'none')
    }
  }
  for (const arm of ARMS) {
    for (const level of RISK_LEVELS) predictions.child(level, arm)
  }
  for (const source of LABEL_SOURCES) {
    for (const verdict of ['true', 'false']) labels.inc({ source, is_fraud: verdict }, 0)
  }
}
