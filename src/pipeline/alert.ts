import { FdsError } from '../errors.ts'
import { type DriftAlert, pagerdutyEvent, slackMessage } from './alert-messages.ts'
import { type AlertPosting, postAlert } from './alert-post.ts'

/** Where alerts go; a channel without its secret is not used. */
export interface AlertChannels {
  readonly slackWebhookUrl: string | undefined
  readonly pagerdutyRoutingKey: string | undefined
  readonly pagerdutyUrl: string
}

export interface AlertResult {
  /** The channels that took the alert. */
  readonly notified: readonly ('slack' | 'pagerduty')[]
  /** One line for each channel that did not. */
  readonly failures: readonly string[]
}

/**
 * Tells of a drift check: Slack when it failed, PagerDuty when it failed and, to close its incident, when it passed.
 * The channels are tried at once; one that fails is a line in `failures` and stops nothing.
 */
export async function sendDriftAlert(
  alert: DriftAlert,
  channels: AlertChannels,
  posting: AlertPosting,
): Promise<AlertResult> {
  const { slackWebhookUrl: slack, pagerdutyRoutingKey: key, pagerdutyUrl } = channels
  const messages: { channel: 'slack' | 'pagerduty'; url: string; body: unknown }[] = []
  if (slack !== undefined && !alert.passed) {
    messages.push({ channel: 'slack', url: slack, body: slackMessage(alert) })
  }
  if (key !== undefined) {
    messages.push({ channel: 'pagerduty', url: pagerdutyUrl, body: pagerdutyEvent(alert, key) })
  }
  const sent = await Promise.allSettled(messages.map((each) => postAlert(each.channel, each, posting)))
  return {
    notified: messages.filter((_, i) => sent[i]!.status === 'fulfilled').map(({ channel }) => channel),
    failures: sent.flatMap((each) => (each.status === 'rejected' ? [lineOf(each.reason)] : [])),
  }
}

function lineOf(error: unknown): string {
  if (error instanceof FdsError) return error.message
  throw error
}
