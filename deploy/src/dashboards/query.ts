import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import * as rules from '../rules/selectors.ts'

/** The data source that the reader chose, so that no installation's own id is written into a dashboard. */
export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '$datasource' }

/** The service that the reader chose; every selector of a dashboard holds it. */
export const JOB = 'job=~"$job"'
/** The replicas that the reader chose. */
export const SCOPE = `${JOB},instance=~"$instance"`
/** What the rules call work and one decision, of the chosen replicas. */
export const WORK = `${SCOPE},${rules.WORK}`
export const ONE_DECISION = `${SCOPE},${rules.ONE_DECISION}`

/** One query of a panel. */
export interface Query {
  readonly expr: string
  /** The name of each series, with labels as `{{label}}`. */
  readonly legend: string
  /** Asked once, for the end of the time range, instead of along it. */
  readonly instant?: boolean
  /** `series` by default; `buckets` turns cumulative `le` series into counts of their own. */
  readonly format?: 'series' | 'buckets' | 'table'
}

const FORMATS = {
  series: PromQueryFormat.TimeSeries,
  buckets: PromQueryFormat.Heatmap,
  table: PromQueryFormat.Table,
}

/** A query as Grafana stores it; `refId` is one capital letter, unique in its panel. */
export function toTarget({ expr, legend, instant = false, format = 'series' }: Query, refId: string) {
  const target = new DataqueryBuilder()
    .datasource(DATASOURCE)
    .refId(refId)
    .expr(expr)
    .legendFormat(legend)
    .format(FORMATS[format])
  return instant ? target.instant() : target.range()
}

/** Events a second in windows that Grafana fits to the scrape interval and the zoom. */
export function rate(selector: string, window = '$__rate_interval'): string {
  return `rate(${selector}[${window}])`
}

/** A quantile of a histogram, of all chosen replicas together; empty, not NaN, while nothing is counted. */
export function quantile(q: number, metric: string, matchers: string, window = '$__rate_interval'): string {
  return `histogram_quantile(${q}, sum by (le) (${rate(`${metric}_bucket{${matchers}}`, window)})) >= 0`
}

/** The mean of a histogram; empty while nothing is counted. */
export function mean(metric: string, matchers: string): string {
  const [sum, count] = ['sum', 'count'].map((part) => `sum(${rate(`${metric}_${part}{${matchers}}`)})`)
  return `${sum} / (${count} > 0)`
}
