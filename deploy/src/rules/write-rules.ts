import { stringify } from 'yaml'
import { type Alert, type Case, type Group, labelsOf, runbookOf } from './alert.ts'
import { MINUTE, realTimes, type Times } from './times.ts'

/** The first line of what is made. */
export const MADE = '# Made by deploy/src: npm run deploy:build\n'

/** The rule file of a group. */
export function writeRules({ name, recordings = [], alerts = [] }: Group, time: Times): string {
  const rules = [
    ...recordings.map(({ record, expr }) => ({ record, expr: expr(time) })),
    ...alerts.map((alert) => writeAlert(alert, time)),
  ]
  return writeYaml({ groups: [{ name, rules }] })
}

/** The `promtool` cases of a group: each alert fires in one and says nothing in another. */
export function writeCases({ name, alerts = [] }: Group): string {
  const tests = alerts.flatMap((alert) => [
    writeCase(alert, alert.firing, 'fires', [expected(alert)]),
    ...alert.silent.map((silent) => writeCase(alert, silent, 'is silent', [])),
  ])
  return writeYaml({ rule_files: [`../rules/${name}.yml`], evaluation_interval: '1m', tests })
}

function writeYaml(value: unknown): string {
  return MADE + stringify(value, { lineWidth: 0, blockQuote: 'literal' })
}

function writeAlert(alert: Alert, time: Times) {
  const { name, expr, lasting, summary, description, values = [] } = alert
  return {
    alert: name,
    expr: expr(time),
    ...(lasting > 0 && { for: time(lasting) }),
    labels: labelsOf(alert),
    annotations: {
      summary,
      description: description(values.map((value) => `{{ ${value} }}`)),
      runbook_url: runbookOf(name),
    },
  }
}

function expected(alert: Alert) {
  const { name, summary, description, firing } = alert
  return {
    exp_labels: { ...labelsOf(alert), ...firing.labels },
    exp_annotations: {
      summary,
      description: description(firing.values ?? []),
      runbook_url: runbookOf(name),
    },
  }
}

function writeCase({ name }: Alert, { series, at, step = MINUTE }: Case, does: string, alerts: unknown[]) {
  return {
    name: `${name} ${does}`,
    interval: realTimes(step),
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: realTimes(at), alertname: name, exp_alerts: alerts }],
  }
}
