import { LABEL_BOUNDS } from '../src/serving/telemetry/label-bounds.ts'
import { METRICS, type MetricDefinition } from '../src/serving/telemetry/metrics.ts'

/** The page docs/metrics.md: every metric of the list, what its labels hold, and what to ask of it. */
export function metricsPage(): string {
  const metrics = Object.entries<MetricDefinition>(METRICS)
  return `${[
    ...HEAD,
    ...table(
      ['metric', 'type', 'meaning', 'labels'],
      metrics.map(([name, { type, help, labels }]) => [code(name), type, help, labels.map(code).join(' ')]),
    ),
    '',
    'Edges of the histograms:',
    '',
    ...metrics.flatMap(([name, { buckets }]) => (buckets ? [`- ${code(name)}: ${buckets.join(', ')}`] : [])),
    '',
    '## Labels',
    '',
    'No label holds a card, a customer, a merchant, or anything else that a caller wrote.',
    '',
    ...table(
      ['label', 'what it holds', 'values'],
      Object.entries(LABEL_BOUNDS).map(([label, { holds, values, atMost }]) => [
        code(label),
        holds,
        values ? values.map(code).join(' ') : `at most ${atMost}`,
      ]),
    ),
    '',
    ...BESIDE,
    '## Queries',
    '',
    ...table(
      ['question', 'PromQL'],
      QUERIES.map(([question, query]) => [question, code(query)]),
    ),
    '',
    ...PSI,
  ].join('\n')}\n`
}

const HEAD = [
  '# Metrics',
  '',
  '`GET /metrics` answers in the Prometheus text format, version 0.0.4. With several workers one scrape shows all of',
  'them: counters, histograms and gauges are summed, except where a sum has no sense (times, flags, versions), and the',
  'counts of a worker that ended stay in the sum. This page is made from `src/serving/telemetry/metrics.ts` by',
  '`npm run docs:metrics`, and a test keeps the two equal.',
  '',
]

const BESIDE = [
  '## Beside these',
  '',
  '- `process_*` and `nodejs_*`: the default metrics of `@prometheus-io/client` (CPU, memory, file descriptors, garbage',
  '  collection, delay of the event loop).',
  '- `mlflow_http_request_total{method,endpoint,status}`, `mlflow_http_request_duration_seconds{endpoint}` and',
  '  `mlflow_http_requests_in_progress`: MLflow’s routes, each by its pattern. In `fds_*` they share the endpoint',
  '  `/api/2.0/*`.',
  '',
]

const QUERIES: readonly (readonly [question: string, query: string])[] = [
  ['Decisions a second, by risk level', 'sum by (risk_level) (rate(fds_predictions_total[5m]))'],
  [
    'Share of answers that failed (MLflow’s calls apart)',
    'sum(rate(fds_requests_total{status=~"5..",endpoint!="/api/2.0/*"}[5m])) / sum(rate(fds_requests_total{endpoint!="/api/2.0/*"}[5m]))',
  ],
  [
    'The 99th percentile of latency',
    'histogram_quantile(0.99, sum by (le) (rate(fds_latency_seconds_bucket{endpoint="/predict"}[5m])))',
  ],
  [
    'Share of payments that are blocked',
    'sum(rate(fds_predictions_total{risk_level="block"}[1h])) / sum(rate(fds_predictions_total[1h]))',
  ],
  [
    'Decisions that another than the asked model made',
    'sum by (reason, answered_by) (increase(fds_fallback_total[1h]))',
  ],
  ['Labels of the last day; 0: they have stopped', 'sum(increase(fds_labels_total[1d]))'],
  [
    'Share of labels that are fraud',
    'sum(rate(fds_labels_total{is_fraud="true"}[7d])) / sum(rate(fds_labels_total[7d]))',
  ],
  [
    'Days until half of the labels are there',
    'histogram_quantile(0.5, sum by (le) (rate(fds_label_delay_seconds_bucket[7d]))) / 86400',
  ],
  [
    'Seconds of one commit, 99th percentile',
    'histogram_quantile(0.99, sum by (le) (rate(fds_log_commit_seconds_bucket[5m])))',
  ],
  ['Decisions on their way to the disk', 'sum(fds_log_waiting)'],
  [
    'Age of the champion in days',
    '(time() - min(fds_model_registered_timestamp_seconds{alias="champion"})) / 86400',
  ],
  ['A champion that is missing', 'min(fds_model_served{alias="champion"}) == 0'],
  ['A champion that may be stale, and why', 'max by (reason) (fds_model_trouble{alias="champion"}) == 1'],
  [
    'Replicas that serve different champions',
    'count(count by (version) (fds_model_info{alias="champion"})) > 1',
  ],
  [
    'Share of shadowed payments on which the models disagree',
    'sum(rate(fds_shadow_disagreements_total[1h])) / sum(rate(fds_shadow_scores_total{outcome="scored"}[1h]))',
  ],
  ['An A/B test whose arms did not get their shares', 'min(fds_experiment_sample_ratio_p_value) < 0.001'],
  ['Age of the A/B test’s numbers in seconds', 'time() - max(fds_experiment_evaluated_timestamp_seconds)'],
]

const PSI = [
  '## Live drift',
  '',
  'Every transaction that the champion decides is counted in the bins of the profile that was saved with the model:',
  'deciles of numbers, the nine most frequent categories of texts (with 1 % of the rows) and one bin for the rest, one for',
  'what is missing. Watched are the 20 columns whose features gain most in the trees, and the score (`feature="score"`),',
  'whose reference are the scores of the holdout (of the training rows where nothing was held out). Ids, entities and',
  'times are left out. In an A/B test the champion’s share of the traffic is counted, which stands for all. It costs some',
  '0.3 µs a decision and no look at the disk.',
  '',
  '`fds_drift_psi` is the index over the last hour, in steps of five minutes, or since the champion was loaded, over all',
  'workers of one process group, and absent below 500 transactions: neither a start nor a promotion fakes drift. Below',
  '0.1 nothing has changed, from 0.25 on much has; chance alone gives about 10 / transactions.',
  '',
  'A model without a profile (one that Python logged, or one of before profiles were saved) has none of these series; its',
  'scores are in `fds_fraud_probability` all the same. A profile without scores watches the columns alone.',
  '',
  'Counts add up over workers and replicas, indices do not. The index of the whole fleet, over any window:',
  '',
  '```promql',
  'sum by (feature, version) (',
  '  (C - on (feature, bin, version) R) * on (feature, bin, version) ln(C / on (feature, bin, version) R)',
  ')',
  '```',
  '',
  'where R is `max by (feature, bin, version) (fds_drift_reference_share)` and C, the share of a bin now with half a row a',
  'bin, is',
  '',
  '```promql',
  '(sum by (feature, bin, version) (increase(fds_drift_bin_total[1h])) + 0.5)',
  '  / on (feature, version) group_left ()',
  '(',
  '  sum by (feature, version) (increase(fds_drift_bin_total[1h]))',
  '  + 0.5 * count by (feature, version) (sum by (feature, bin, version) (increase(fds_drift_bin_total[1h])))',
  ')',
  '```',
  '',
  'The recording rule `fds:drift_psi:1h` (`deploy/prometheus/rules/`) is this, with a least number of rows. Bins that are',
  'empty on both sides have no series.',
]

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)]
}

function code(text: string): string {
  return `\`${text}\``
}
