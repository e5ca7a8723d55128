import type { Group } from './alert.ts'
import { HOUR, MINUTE } from './times.ts'

/** The field's bands of the population stability index: below 0.1 stable, up to 0.25 watched, above it drift. */
const WATCH = 0.1
const DRIFT = 0.25
/** Below this many transactions the index is mostly noise: its mean without drift is (bins - 1) / transactions. */
const LEAST_TRANSACTIONS = 500

const KEY = 'job, feature, version'

/** Two bins of a feature, planned half and half, that get these counts a minute. */
function bins(feature: string, low: number, high: number): Readonly<Record<string, string>> {
  const labels = (bin: number) =>
    `{job="fds-api", instance="a", feature="${feature}", bin="${bin}", version="1"}`
  return {
    [`fds_drift_bin_total${labels(0)}`]: `0+${low}x100`,
    [`fds_drift_bin_total${labels(1)}`]: `0+${high}x100`,
    [`fds_drift_reference_share${labels(0)}`]: '0.5x100',
    [`fds_drift_reference_share${labels(1)}`]: '0.5x100',
  }
}

const at = 90 * MINUTE
const drifted = (feature: string) => ({ job: 'fds-api', feature, version: '1', topic: 'traffic' })

/**
 * The population stability index of all instances together: their bins are added before shares are taken, which the
 * index of each one would not allow.
 */
export const driftGroup: Group = {
  name: 'fds-drift',
  recordings: [
    {
      record: 'fds:drift_bins:increase1h',
      expr: (time) => `sum by (${KEY}, bin) (increase(fds_drift_bin_total[${time(HOUR)}]))`,
    },
    {
      record: 'fds:drift_transactions:increase1h',
      expr: () => `sum by (${KEY}) (fds:drift_bins:increase1h)`,
    },
    {
      record: 'fds:drift_bins:ratio1h',
      expr: () =>
        `(fds:drift_bins:increase1h + 0.5)\n/ on (${KEY}) group_left ()\n` +
        `(fds:drift_transactions:increase1h + count by (${KEY}) (fds:drift_bins:increase1h) / 2)`,
    },
    {
      record: 'fds:drift_reference:ratio',
      expr: () => `max by (${KEY}, bin) (fds_drift_reference_share)`,
    },
    {
      record: 'fds:drift_psi:1h',
      expr: () =>
        `sum by (${KEY}) (\n  (fds:drift_bins:ratio1h - fds:drift_reference:ratio)\n  * ` +
        `ln(fds:drift_bins:ratio1h / fds:drift_reference:ratio)\n)\n` +
        `and fds:drift_transactions:increase1h >= ${LEAST_TRANSACTIONS}`,
    },
  ],
  alerts: [
    {
      name: 'FdsDriftWatch',
      severity: 'info',
      labels: { topic: 'traffic' },
      lasting: 30 * MINUTE,
      expr: () => `fds:drift_psi:1h > ${WATCH} <= ${DRIFT}`,
      summary: 'A column has begun to differ from the training data',
      description: ([feature, psi]) => `PSI of ${feature} over the last hour is ${psi} (watch from 0.1).`,
      values: ['$labels.feature', '$value | printf "%.2f"'],
      firing: { series: bins('amount', 30, 70), at, values: ['amount', '0.17'], labels: drifted('amount') },
      silent: [
        { series: bins('amount', 45, 55), at },
        { series: bins('amount', 20, 80), at },
      ],
    },
    {
      name: 'FdsDrift',
      severity: 'ticket',
      labels: { topic: 'traffic' },
      lasting: 10 * MINUTE,
      expr: () => `fds:drift_psi:1h{feature!="score"} > ${DRIFT}`,
      summary: 'A column differs from the training data',
      description: ([feature, psi]) => `PSI of ${feature} over the last hour is ${psi} (drift from 0.25).`,
      values: ['$labels.feature', '$value | printf "%.2f"'],
      firing: { series: bins('amount', 20, 80), at, values: ['amount', '0.42'], labels: drifted('amount') },
      silent: [
        { series: bins('amount', 30, 70), at },
        // drifted, but of 60 transactions
        { series: bins('amount', 0, 1), at },
      ],
    },
    {
      name: 'FdsScoreDrift',
      severity: 'ticket',
      labels: { topic: 'traffic' },
      lasting: 10 * MINUTE,
      expr: () => `fds:drift_psi:1h{feature="score"} > ${DRIFT}`,
      summary: 'The scores differ from those of the training data',
      description: ([psi]) =>
        `PSI of the score over the last hour is ${psi} (drift from 0.25): thresholds no longer mean what they did.`,
      values: ['$value | printf "%.2f"'],
      firing: { series: bins('score', 20, 80), at, values: ['0.42'], labels: drifted('score') },
      silent: [{ series: { ...bins('score', 40, 60), ...bins('amount', 20, 80) }, at }],
    },
  ],
}
