import { ajaxOnly, read } from './endpoint.ts'
import { double, integer, keptListOf, listOf, message, required, text } from './fields.ts'
import { metric } from './messages.ts'

const runId = required(text, 'run_uuid')
const metricKey = required(text)
const point = { key: required(text), value: required(double), timestamp: required(integer), step: integer }
const pointOfRun = message({ ...point, runId: required(text) })

/** Histories of metrics: of one run whole, of several runs for plots. */
export const HISTORY_ENDPOINTS = {
  getMetricHistory: read(
    'GET /metrics/get-history',
    { runId, metricKey, maxResults: integer, pageToken: text },
    { metrics: listOf(message(metric)), nextPageToken: text },
  ),
  /** Of several runs, the first points in the order of run, time, step and value. */
  getMetricHistoryBulk: ajaxOnly(
    read(
      'GET /metrics/get-history-bulk',
      { runId: listOf(text), metricKey: text, maxResults: integer },
      { metrics: keptListOf(pointOfRun) },
    ),
  ),
  /** Of each run at most `maxResults` points, spread evenly over its history; for plots. */
  getMetricHistoryBulkInterval: read(
    'GET /metrics/get-history-bulk-interval',
    { runIds: required(listOf(text)), metricKey, startStep: integer, endStep: integer, maxResults: integer },
    { metrics: listOf(pointOfRun) },
  ),
} as const
