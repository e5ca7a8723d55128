import type { Alert, Group, Recording } from './alert.ts'
import { errorRateHigh, latencyHigh, latencyQuantiles, requestRate } from './request-alerts.ts'
import { LEAST_EVENTS, ONE_DECISION, WORK } from './selectors.ts'
import { DAY, HOUR, MINUTE, realTimes, type Times } from './times.ts'

/** A promise about requests, kept over 30 days. */
interface Objective {
  /** Label `slo`, and the alerts' names with a capital. */
  readonly slo: 'availability' | 'latency'
  /** Share of good requests that is promised. */
  readonly target: number
  /** Recorded share of bad requests: `fds:<bad>:ratio_rate<window>`. */
  readonly bad: string
  readonly badRate: (window: string) => string
  readonly allRate: (window: string) => string
  readonly summary: string
  /** What the specification asks besides, over five minutes alone. */
  readonly specified: { readonly recordings: readonly Recording[]; readonly alert: Alert }
  /** Series of a service with this many requests and bad ones a minute, for the cases. */
  readonly series: (all: number, bad: number) => Readonly<Record<string, string>>
}

const AVAILABILITY: Objective = {
  slo: 'availability',
  target: 0.999,
  bad: 'request_errors',
  badRate: (window) => `sum by (job) (rate(fds_requests_total{${WORK}, status=~"5.."}[${window}]))`,
  allRate: (window) => `sum by (job) (rate(fds_requests_total{${WORK}}[${window}]))`,
  summary: 'Requests fail faster than the availability objective allows',
  specified: { recordings: [requestRate], alert: errorRateHigh },
  series: (all, bad) => ({
    [requests('200')]: `0+${all - bad}x400`,
    [requests('503')]: `0+${bad}x400`,
  }),
}

const LATENCY: Objective = {
  slo: 'latency',
  target: 0.99,
  bad: 'slow_requests',
  badRate: (window) =>
    `sum by (job) (rate(fds_latency_seconds_count{${ONE_DECISION}}[${window}])) - ` +
    `sum by (job) (rate(fds_latency_seconds_bucket{${ONE_DECISION}, le="0.2"}[${window}]))`,
  allRate: (window) => `sum by (job) (rate(fds_latency_seconds_count{${ONE_DECISION}}[${window}]))`,
  summary: 'Decisions take longer than 200 ms more often than the latency objective allows',
  specified: { recordings: latencyQuantiles, alert: latencyHigh },
  series: (all, bad) => ({
    [`fds_latency_seconds_bucket{job="fds-api", endpoint="/predict", le="0.2"}`]: `0+${all - bad}x400`,
    [`fds_latency_seconds_count{job="fds-api", endpoint="/predict"}`]: `0+${all}x400`,
  }),
}

export const OBJECTIVES = [AVAILABILITY, LATENCY]

/** How fast the budget burns, over which windows: Google's SRE workbook, chapter 5, table 5-8. */
const BURNS = [
  { name: 'Fast', rate: 14.4, long: HOUR, short: 5 * MINUTE, lasting: 2 * MINUTE, severity: 'page' },
  { name: 'Slow', rate: 6, long: 6 * HOUR, short: 30 * MINUTE, lasting: 2 * MINUTE, severity: 'page' },
  { name: 'Steady', rate: 1, long: 3 * DAY, short: 6 * HOUR, lasting: 2 * MINUTE, severity: 'ticket' },
] as const

/** Recording rules and alerts on the error budgets. */
export const objectiveGroups: readonly Group[] = OBJECTIVES.map((objective) => ({
  name: `fds-${objective.slo}`,
  recordings: [...objective.specified.recordings, ...recordings(objective)],
  alerts: [objective.specified.alert, ...BURNS.map((burn) => burnAlert(objective, burn))],
}))

function recordings({ bad, badRate, allRate }: Objective): Recording[] {
  return [5 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, 3 * DAY].map((window) => ({
    record: ratio(bad, window),
    expr: (time) => `(${badRate(time(window))})\n/\n${allRate(time(window))}`,
  }))
}

function burnAlert(objective: Objective, burn: (typeof BURNS)[number]): Alert {
  const { slo, target, bad, badRate, summary, series } = objective
  const { name, rate, long, short, lasting, severity } = burn
  const budget = 1 - target
  const bound = Number((rate * budget).toPrecision(6))
  const guard = (time: Times) => `(${badRate(time(long))}) * ${secondsOf(time(long))} >= ${LEAST_EVENTS}`
  const all = 1000
  return {
    name: `Fds${capital(slo)}Burn${name}`,
    severity,
    labels: { slo },
    lasting,
    expr: (time) => `${ratio(bad, long)} > ${bound}\nand ${ratio(bad, short)} > ${bound}\nand ${guard(time)}`,
    summary,
    description: ([share]) =>
      `${share} of the requests of the last ${realTimes(long)} were bad, and as many of the last ` +
      `${realTimes(short)}: ${rate} times the share that ${percent(target)} over 30 days allows.`,
    values: ['$value | humanizePercentage'],
    firing: {
      series: series(all, all * bound * 1.25),
      at: short + 2 * lasting,
      values: [percent(bound * 1.25)],
      labels: { job: 'fds-api' },
    },
    silent: [
      { series: series(all, all * bound * 0.75), at: short + 2 * lasting },
      // all are bad, but they are a handful
      { series: series(4 / all, 4 / all), at: short + 2 * lasting },
    ],
  }
}

function ratio(bad: string, window: number): string {
  return `fds:${bad}:ratio_rate${realTimes(window)}`
}

function requests(status: string): string {
  return `fds_requests_total{job="fds-api", endpoint="/predict", status="${status}", model_version="champion"}`
}

function secondsOf(duration: string): number {
  const unit = { d: DAY, h: HOUR, m: MINUTE, s: 1 }[duration.at(-1)!]!
  return Number(duration.slice(0, -1)) * unit
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1)
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`
}
