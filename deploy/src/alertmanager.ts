import { stringify } from 'yaml'
import { DAY, HOUR, MINUTE, realTimes, type Times } from './rules/times.ts'
import { MADE } from './rules/write-rules.ts'

/** What Alertmanager needs to know of where it runs. */
export interface AlertmanagerInput {
  readonly time?: Times
  /** Folder of the secrets, one file each; `/run/fds/alerts` by default. */
  readonly secrets?: string
  /** PagerDuty's Events API v2; Alertmanager's own default when absent. */
  readonly pagerdutyUrl?: string
}

/** `start.sh` puts the address from the file `dead-man-url` here. */
export const DEAD_MAN_PLACE = 'http://dead-man.invalid/'

/**
 * `alertmanager.yml`: pages go to PagerDuty and Slack, tickets to Slack, infos to the dashboard alone, the Watchdog to
 * a dead-man's switch. What a receiver needs a secret for stands between two marks, so that `start.sh` can leave it out.
 */
export function writeAlertmanager(input: AlertmanagerInput = {}): string {
  const { time = realTimes, secrets = '/run/fds/alerts', pagerdutyUrl } = input
  const settings = {
    ...(pagerdutyUrl !== undefined && { global: { pagerduty_url: pagerdutyUrl } }),
    route: route(time),
    inhibit_rules: INHIBITIONS,
  }
  const receivers = [
    '  - name: dashboard\n',
    receiver('slack', 'slack-webhook-url', { slack_configs: [slack(`${secrets}/slack-webhook-url`)] }),
    receiver('pagerduty', 'pagerduty-routing-key', {
      pagerduty_configs: [pagerduty(`${secrets}/pagerduty-routing-key`)],
    }),
    receiver('dead-man', 'dead-man-url', {
      webhook_configs: [{ url: DEAD_MAN_PLACE, send_resolved: false }],
    }),
  ]
  return `${MADE}${yaml(settings)}receivers:\n${receivers.join('')}`
}

function route(time: Times) {
  return {
    receiver: 'slack',
    group_by: ['alertname', 'service'],
    group_wait: time(30),
    group_interval: time(5 * MINUTE),
    repeat_interval: time(4 * HOUR),
    routes: [
      {
        matchers: ['alertname="Watchdog"'],
        receiver: 'dead-man',
        group_wait: '0s',
        group_interval: time(MINUTE),
        repeat_interval: time(MINUTE),
      },
      { matchers: ['severity="page"'], receiver: 'pagerduty', continue: true },
      { matchers: ['severity="page"'], receiver: 'slack' },
      { matchers: ['severity="info"'], receiver: 'dashboard' },
      { matchers: ['severity="ticket"'], receiver: 'slack', repeat_interval: time(DAY) },
    ],
  }
}

const INHIBITIONS = [
  // who was woken up needs no ticket about the same objective
  {
    source_matchers: ['severity="page"', 'slo=~".+"'],
    target_matchers: ['severity="ticket"'],
    equal: ['service', 'slo'],
  },
  {
    source_matchers: ['alertname=~"Fds.+BurnFast"'],
    target_matchers: ['alertname=~"Fds.+BurnSlow"'],
    equal: ['service', 'slo'],
  },
  // what came in says nothing while nothing comes in
  {
    source_matchers: ['alertname="FdsApiDown"'],
    target_matchers: ['topic=~"traffic|instance"'],
    equal: ['service'],
  },
]

function slack(api_url_file: string) {
  return {
    api_url_file,
    send_resolved: true,
    color:
      '{{ if ne .Status "firing" }}good{{ else if eq .CommonLabels.severity "page" }}danger{{ else }}warning{{ end }}',
    title: '{{ .Status | toUpper }}: {{ .CommonLabels.alertname }} ({{ .Alerts | len }})',
    text:
      '{{ range .Alerts }}*{{ .Annotations.summary }}*\n{{ .Annotations.description }}\n' +
      'What to do: {{ .Annotations.runbook_url }}\n{{ end }}',
  }
}

function pagerduty(routing_key_file: string) {
  return {
    routing_key_file,
    send_resolved: true,
    severity: 'critical',
    class: '{{ .CommonLabels.alertname }}',
    component: '{{ .CommonLabels.service }}',
    description: '{{ .CommonLabels.alertname }}: {{ (index .Alerts 0).Annotations.summary }}',
    details: {
      description: '{{ range .Alerts }}{{ .Annotations.description }}\n{{ end }}',
      runbook: '{{ (index .Alerts 0).Annotations.runbook_url }}',
    },
  }
}

/** A receiver that is nobody where its secret is not given. */
function receiver(name: string, secret: string, configs: object): string {
  const lines = yaml(configs).trimEnd().split('\n')
  return [
    '  - name: ',
    name,
    '\n    # needs ',
    secret,
    '\n',
    ...lines.map((line) => `    ${line}\n`),
    '    # end\n',
  ].join('')
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, blockQuote: 'literal' })
}
