import type { Group } from './alert.ts'
import { LEAST_EVENTS } from './selectors.ts'
import { DAY, MINUTE } from './times.ts'

const decided = (level: string) =>
  `fds_predictions_total{job="fds-api", risk_level="${level}", model_version="champion"}`
const served = 'fds_model_served{job="fds-api", instance="a", alias="champion"}'
const trouble = 'fds_model_trouble{job="fds-api", instance="a", alias="champion", reason="registry_away"}'
const version = (number: number, instance: string) =>
  `fds_model_info{job="fds-api", instance="${instance}", alias="champion", version="${number}"}`
const registered = 'fds_model_registered_timestamp_seconds{job="fds-api", instance="a", alias="champion"}'
const fellBack = (by: string) =>
  `fds_fallback_total{job="fds-api", instance="a", reason="threw", answered_by="${by}"}`

/** Which model decides, whether it does, and what it decides. */
export const modelGroup: Group = {
  name: 'fds-model',
  recordings: [
    {
      record: 'fds:predictions:rate5m',
      expr: (time) => `sum by (job, risk_level) (rate(fds_predictions_total[${time(5 * MINUTE)}]))`,
    },
    {
      record: 'fds:blocks:ratio_rate5m',
      expr: () =>
        'sum by (job) (fds:predictions:rate5m{risk_level="block"}) / sum by (job) (fds:predictions:rate5m)',
    },
  ],
  alerts: [
    {
      name: 'FdsBlockRateHigh',
      severity: 'ticket',
      labels: { topic: 'traffic' },
      lasting: 2 * MINUTE,
      expr: (time) =>
        `fds:blocks:ratio_rate5m > 0.05\nand sum by (job) ` +
        `(increase(fds_predictions_total{risk_level="block"}[${time(5 * MINUTE)}])) >= ${LEAST_EVENTS}`,
      summary: 'More than 5% of the payments are blocked',
      description: ([share]) =>
        `${share} of the payments of the last 5 minutes were blocked: a wave of fraud, or a model gone wrong.`,
      values: ['$value | humanizePercentage'],
      firing: {
        series: { [decided('approve')]: '0+92x20', [decided('block')]: '0+8x20' },
        at: 10 * MINUTE,
        values: ['8%'],
        labels: { job: 'fds-api' },
      },
      silent: [
        { series: { [decided('approve')]: '0+96x20', [decided('block')]: '0+4x20' }, at: 10 * MINUTE },
        // every payment, but there are few
        { series: { [decided('approve')]: '0x20', [decided('block')]: '0+1x20' }, at: 10 * MINUTE },
      ],
    },
    {
      name: 'FdsChampionMissing',
      severity: 'page',
      lasting: MINUTE,
      expr: () => 'min by (job, instance) (fds_model_served{alias="champion"}) == 0',
      summary: 'No champion is served',
      description: ([instance]) =>
        `${instance} has no model to decide with: its payments get 503 or the fallback.`,
      values: ['$labels.instance'],
      firing: {
        series: { [served]: '1 1 0x10' },
        at: 5 * MINUTE,
        values: ['a'],
        labels: { job: 'fds-api', instance: 'a' },
      },
      silent: [{ series: { [served]: '1x10' }, at: 5 * MINUTE }],
    },
    {
      name: 'FdsModelStale',
      severity: 'ticket',
      lasting: 5 * MINUTE,
      expr: () => 'max by (job, instance, alias, reason) (fds_model_trouble) == 1',
      summary: 'The served model may not be the one that its alias names',
      description: ([instance, alias, reason]) => `${instance} cannot follow the alias ${alias}: ${reason}.`,
      values: ['$labels.instance', '$labels.alias', '$labels.reason'],
      firing: {
        series: { [trouble]: '0 1x20' },
        at: 10 * MINUTE,
        values: ['a', 'champion', 'registry_away'],
        labels: { job: 'fds-api', instance: 'a', alias: 'champion', reason: 'registry_away' },
      },
      silent: [{ series: { [trouble]: '0 1 1 0x20' }, at: 10 * MINUTE }],
    },
    {
      name: 'FdsModelVersionsDiffer',
      severity: 'ticket',
      lasting: 5 * MINUTE,
      expr: () => 'count by (job, alias) (count by (job, alias, version) (fds_model_info)) > 1',
      summary: 'Two versions decide under one alias',
      description: ([count, alias]) => `Instances serve ${count} versions as ${alias}.`,
      values: ['$value', '$labels.alias'],
      firing: {
        series: { [version(1, 'a')]: '1x20', [version(2, 'b')]: '1x20' },
        at: 10 * MINUTE,
        values: ['2', 'champion'],
        labels: { job: 'fds-api', alias: 'champion' },
      },
      silent: [
        // each instance follows the alias in its own time
        {
          series: {
            [version(1, 'a')]: '1 1 1 stale',
            [version(2, 'a')]: '_ _ _ 1x20',
            [version(2, 'b')]: '1x20',
          },
          at: 10 * MINUTE,
        },
      ],
    },
    {
      name: 'FdsModelOld',
      severity: 'ticket',
      lasting: MINUTE,
      expr: () =>
        `time() - min by (job) (fds_model_registered_timestamp_seconds{alias="champion"}) > ${90 * DAY}`,
      summary: 'The champion is older than 90 days',
      description: ([age]) => `The champion was registered ${age} ago; fraud has changed since.`,
      values: ['$value | humanizeDuration'],
      firing: {
        series: { [registered]: `${-91 * DAY}+0x20` },
        at: 10 * MINUTE,
        values: ['91d 0h 10m 0s'],
        labels: { job: 'fds-api' },
      },
      silent: [{ series: { [registered]: '10x20' }, at: 10 * MINUTE }],
    },
    {
      name: 'FdsFallbackActive',
      severity: 'ticket',
      lasting: 0,
      expr: (time) =>
        `sum by (job, reason, answered_by) (increase(fds_fallback_total[${time(5 * MINUTE)}])) > 0`,
      summary: 'Payments are decided by a stand-in for the asked model',
      description: ([count, answeredBy, reason]) =>
        `${count} payments of the last 5 minutes were answered by ${answeredBy} because the model ${reason}.`,
      values: ['$value | humanize', '$labels.answered_by', '$labels.reason'],
      firing: {
        series: { [fellBack('previous')]: '0+20x20' },
        at: 10 * MINUTE,
        values: ['100', 'previous', 'threw'],
        labels: { job: 'fds-api', reason: 'threw', answered_by: 'previous' },
      },
      silent: [{ series: { [fellBack('previous')]: '12x20' }, at: 10 * MINUTE }],
    },
    {
      name: 'FdsFallbackDeclared',
      severity: 'page',
      lasting: MINUTE,
      expr: (time) =>
        'sum by (job, answered_by) (increase(fds_fallback_total{answered_by=~"open|closed"}' +
        `[${time(5 * MINUTE)}])) >= ${LEAST_EVENTS}`,
      summary: 'Payments are approved or blocked without any model',
      description: ([count, answer]) =>
        `${count} payments of the last 5 minutes got the declared answer of --fallback ${answer}.`,
      values: ['$value | humanize', '$labels.answered_by'],
      firing: {
        series: { [fellBack('open')]: '0+20x20' },
        at: 10 * MINUTE,
        values: ['100', 'open'],
        labels: { job: 'fds-api', answered_by: 'open' },
      },
      silent: [
        { series: { [fellBack('open')]: '0x20', [fellBack('previous')]: '0+20x20' }, at: 10 * MINUTE },
      ],
    },
  ],
}
