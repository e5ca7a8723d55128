import { createHash } from 'node:crypto'
import type { ColumnDrift, RetrainAdvice } from '../monitoring/index.ts'

/** What an alert tells of a drift check. */
export interface DriftAlert {
  /** What was checked: equal in every run of one check, different for another; its incident is known by it. */
  readonly check: string
  readonly passed: boolean
  /** Drifted columns among those that were compared. */
  readonly driftShare: number
  /** The drifted columns, the worst first. */
  readonly drifted: readonly ColumnDrift[]
  /** What to do about it. */
  readonly advice: RetrainAdvice
  readonly reference: string
  readonly current: string
  /** Path of the page, or the address where a browser finds it. */
  readonly report: string
}

/** Columns that a message names; the page has them all. */
const NAMED = 5

/** The message for Slack's incoming webhook, as text alone, which services like Slack show too. */
export function slackMessage(alert: DriftAlert): { readonly text: string } {
  const { report } = alert
  const isLink = /^https?:/.test(report)
  const lines = [
    `*${slackText(headline(alert))}*`,
    slackText(`${alert.current} against ${alert.reference}`),
    ...namedColumns(alert).map(
      ({ name, message }) => `• *${slackText(short(name))}*: ${slackText(short(message))}`,
    ),
    ...moreOf(alert),
    slackText(short(adviceText(alert))),
    isLink ? `<${slackText(report)}|Open the report>` : `Report: ${slackText(report)}`,
  ]
  return { text: lines.join('\n') }
}

/** One event of PagerDuty's Events API v2: drift triggers an incident, a check that passes resolves it. */
export function pagerdutyEvent(alert: DriftAlert, routingKey: string): object {
  const { check, passed, report } = alert
  const key = { routing_key: routingKey, dedup_key: dedupKey(check) }
  if (passed) return { ...key, event_action: 'resolve' }
  const columns = namedColumns(alert).map(({ name, message }) => [short(name), short(message)] as const)
  return {
    ...key,
    event_action: 'trigger',
    payload: {
      summary: headline(alert),
      source: alert.current,
      severity: alert.advice.cause === 'broken_data' ? 'error' : 'warning',
      component: alert.reference,
      class: 'data drift',
      custom_details: {
        advice: short(adviceText(alert)),
        columns: Object.fromEntries(columns),
        drift_share: alert.driftShare,
        report,
      },
    },
    ...(/^https?:/.test(report) && { links: [{ href: report, text: 'Open the report' }] }),
  }
}

/** The same for the same check on every machine and day, and of a length that PagerDuty takes. */
function dedupKey(check: string): string {
  return `fds-drift-${createHash('sha256').update(check).digest('hex').slice(0, 32)}`
}

function headline({ drifted, driftShare, advice }: DriftAlert): string {
  const columns = drifted.length === 1 ? '1 column' : `${drifted.length} columns`
  const { length: faults } = advice.broken
  const broken = faults === 0 ? '' : `, ${faults} of them broken`
  return `Drift in ${columns} (${(100 * driftShare).toFixed(1)} %)${broken}`
}

function adviceText({ advice: { retrain, cause, reason } }: DriftAlert): string {
  if (cause === 'broken_data') return `${reason}.`
  return `${retrain ? 'Retrain' : 'Watch'}: ${reason}.`
}

function namedColumns({ drifted }: DriftAlert): readonly ColumnDrift[] {
  return drifted.slice(0, NAMED)
}

function moreOf({ drifted }: DriftAlert): string[] {
  return drifted.length > NAMED ? [`and ${drifted.length - NAMED} more`] : []
}

/** Names come from data, and may be of any length. */
function short(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

/** Data must not become Slack's markup: links and mentions begin with `<`, lines end a point. */
function slackText(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
  return text.replace(/[&<>]/g, (character) => escapes[character]!).replace(/\p{Cc}+/gu, ' ')
}
