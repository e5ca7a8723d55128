import type { Alert, Recording } from './alert.ts'
import { LEAST_EVENTS, ONE_DECISION, WORK } from './selectors.ts'
import { MINUTE, type Times } from './times.ts'

const answered = (status: string) =>
  `fds_requests_total{job="fds-api", endpoint="/predict", status="${status}", model_version="champion"}`
const bucket = (le: string) => `fds_latency_seconds_bucket{job="fds-api", endpoint="/predict", le="${le}"}`

/** All that is asked of the service, in requests a second. */
export const requestRate: Recording = {
  record: 'fds:requests:rate5m',
  expr: (time) => `sum by (job) (rate(fds_requests_total{${WORK}}[${time(5 * MINUTE)}]))`,
}

/** How long one decision takes. */
export const latencyQuantiles: readonly Recording[] = [0.5, 0.95, 0.99].map((quantile) => ({
  record: `fds:latency_seconds:p${quantile * 100}_5m`,
  expr: (time: Times) =>
    `histogram_quantile(${quantile}, sum by (job, le) (` +
    `rate(fds_latency_seconds_bucket{${ONE_DECISION}}[${time(5 * MINUTE)}])))`,
}))

/** The specification's bound on errors. */
export const errorRateHigh: Alert = {
  name: 'FdsErrorRateHigh',
  severity: 'page',
  labels: { slo: 'availability' },
  lasting: MINUTE,
  expr: (time) =>
    `fds:request_errors:ratio_rate5m > 0.01\nand sum by (job) ` +
    `(increase(fds_requests_total{${WORK}, status=~"5.."}[${time(5 * MINUTE)}])) >= ${LEAST_EVENTS}`,
  summary: 'More than 1% of the requests fail',
  description: ([share]) => `${share} of the requests of the last 5 minutes were answered with 5xx.`,
  values: ['$value | humanizePercentage'],
  firing: {
    series: { [answered('200')]: '0+980x20', [answered('503')]: '0+20x20' },
    at: 10 * MINUTE,
    values: ['2%'],
    labels: { job: 'fds-api' },
  },
  silent: [
    {
      series: { [answered('200')]: '0+992x20', [answered('503')]: '0+8x20' },
      at: 10 * MINUTE,
    },
    // one failure of eleven requests
    { series: { [answered('200')]: '0+2x20', [answered('503')]: '0 0 1+0x18' }, at: 5 * MINUTE },
  ],
}

/** The specification's bound on latency. */
export const latencyHigh: Alert = {
  name: 'FdsLatencyHigh',
  severity: 'ticket',
  labels: { slo: 'latency' },
  lasting: 2 * MINUTE,
  expr: (time) =>
    `fds:latency_seconds:p99_5m > 0.2\nand sum by (job) ` +
    `(increase(fds_latency_seconds_count{${ONE_DECISION}}[${time(5 * MINUTE)}])) >= 100`,
  summary: 'The 99th percentile of a decision is above 200 ms',
  description: ([seconds]) =>
    `1% of the decisions of the last 5 minutes took longer than ${seconds}; the promise is 200 ms.`,
  values: ['$value | humanizeDuration'],
  firing: {
    series: {
      [bucket('0.2')]: '0+95x20',
      [bucket('0.25')]: '0+95x20',
      [bucket('0.5')]: '0+100x20',
      [bucket('+Inf')]: '0+100x20',
      'fds_latency_seconds_count{job="fds-api", endpoint="/predict"}': '0+100x20',
    },
    at: 10 * MINUTE,
    values: ['450ms'],
    labels: { job: 'fds-api' },
  },
  silent: [
    {
      series: {
        [bucket('0.1')]: '0+99x20',
        [bucket('0.2')]: '0+100x20',
        [bucket('+Inf')]: '0+100x20',
        'fds_latency_seconds_count{job="fds-api", endpoint="/predict"}': '0+100x20',
      },
      at: 10 * MINUTE,
    },
  ],
}
