import type { Group } from './alert.ts'
import { DAY, HOUR, MINUTE } from './times.ts'

const failures = 'fds_log_failures_total{job="fds-api", instance="a"}'
const stores = (durability: string) => `fds_log_info{job="fds-api", instance="a", durability="${durability}"}`
const waiting = 'fds_log_waiting{job="fds-api", instance="a"}'
const labelled = 'fds_labels_total{job="fds-api", source="chargeback", is_fraud="true"}'
const decided = 'fds_predictions_total{job="fds-api", risk_level="approve", model_version="champion"}'
const shadows = (outcome: string) =>
  `fds_shadow_scores_total{job="fds-api", instance="a", outcome="${outcome}"}`
const experiment = (metric: string, labels = '') =>
  `fds_experiment_${metric}{job="fds-api", instance="a"${labels}}`

/** What is written down, and what comes back: the decision log and the labels. */
export const recordGroup: Group = {
  name: 'fds-records',
  alerts: [
    {
      name: 'FdsLogFailing',
      severity: 'page',
      lasting: 0,
      expr: (time) => `sum by (job, instance) (increase(fds_log_failures_total[${time(5 * MINUTE)}])) > 0`,
      summary: 'Decisions cannot be written to the log',
      description: ([count, instance]) =>
        `${count} commits of ${instance} failed in the last 5 minutes; what is not on disk is answered with 503.`,
      values: ['$value | humanize', '$labels.instance'],
      firing: {
        series: { [failures]: '0+2x20' },
        at: 10 * MINUTE,
        values: ['10', 'a'],
        labels: { job: 'fds-api', instance: 'a' },
      },
      silent: [{ series: { [failures]: '3x20' }, at: 10 * MINUTE }],
    },
    {
      name: 'FdsLogAsync',
      severity: 'ticket',
      lasting: 5 * MINUTE,
      expr: () => 'max by (job, instance) (fds_log_info{durability="async"}) == 1',
      summary: 'Decisions are answered before they are on disk',
      description: ([instance]) =>
        `${instance} runs with --durability async: a crash loses its last decisions.`,
      values: ['$labels.instance'],
      firing: {
        series: { [stores('async')]: '1x20' },
        at: 10 * MINUTE,
        values: ['a'],
        labels: { job: 'fds-api', instance: 'a' },
      },
      silent: [{ series: { [stores('group')]: '1x20' }, at: 10 * MINUTE }],
    },
    {
      name: 'FdsLogBehind',
      severity: 'ticket',
      lasting: 2 * MINUTE,
      expr: () => 'max by (job, instance) (fds_log_waiting) > 10000',
      summary: 'The disk does not keep up with the decisions',
      description: ([count, instance]) =>
        `${count} decisions of ${instance} wait for the disk; from 20,000 on a worker refuses requests.`,
      values: ['$value | humanize', '$labels.instance'],
      firing: {
        series: { [waiting]: '0 15000x20' },
        at: 10 * MINUTE,
        values: ['15k', 'a'],
        labels: { job: 'fds-api', instance: 'a' },
      },
      silent: [{ series: { [waiting]: '0 15000 0 15000 0x20' }, at: 3 * MINUTE }],
    },
    {
      name: 'FdsLabelsStopped',
      severity: 'ticket',
      labels: { topic: 'traffic' },
      lasting: HOUR,
      expr: (time) =>
        `sum by (job) (increase(fds_labels_total[${time(DAY)}])) == 0\n` +
        `and sum by (job) (increase(fds_predictions_total[${time(DAY)}] offset ${time(DAY)})) > 0`,
      summary: 'No label has come for a day',
      description: () =>
        'Payments were decided the day before, but none has been labelled since: quality can no longer be seen.',
      firing: {
        series: { [labelled]: '0+1x48 48x100', [decided]: '0+100x200' },
        step: 30 * MINUTE,
        at: 50 * HOUR,
        labels: { job: 'fds-api' },
      },
      silent: [
        { series: { [labelled]: '0+1x200', [decided]: '0+100x200' }, step: 30 * MINUTE, at: 50 * HOUR },
        // a first day without labels is no stop
        { series: { [labelled]: '0x200', [decided]: '0+100x200' }, step: 30 * MINUTE, at: 20 * HOUR },
      ],
    },
  ],
}

/** The A/B test and the model that does not decide. */
export const experimentGroup: Group = {
  name: 'fds-experiment',
  alerts: [
    {
      name: 'FdsSampleRatioMismatch',
      severity: 'ticket',
      lasting: MINUTE,
      expr: () => 'min by (job) (fds_experiment_sample_ratio_p_value) < 0.001',
      summary: 'The arms of the A/B test do not get their planned shares',
      description: ([p]) => `The p-value of the planned shares is ${p}: the comparison is void.`,
      values: ['$value | printf "%.2g"'],
      firing: {
        series: { [experiment('sample_ratio_p_value')]: '0.0002x20' },
        at: 5 * MINUTE,
        values: ['0.0002'],
        labels: { job: 'fds-api' },
      },
      silent: [{ series: { [experiment('sample_ratio_p_value')]: '0.3x20' }, at: 5 * MINUTE }],
    },
    {
      name: 'FdsExperimentGuardrail',
      severity: 'page',
      lasting: 0,
      expr: () => 'max by (job, guardrail) (fds_experiment_guardrail_alarm) == 1',
      summary: 'The challenger does harm',
      description: ([guardrail]) => `The challenger is over the margin of the guardrail ${guardrail}.`,
      values: ['$labels.guardrail'],
      firing: {
        series: { [experiment('guardrail_alarm', ', guardrail="block_rate"')]: '0 1x20' },
        at: 5 * MINUTE,
        values: ['block_rate'],
        labels: { job: 'fds-api', guardrail: 'block_rate' },
      },
      silent: [
        { series: { [experiment('guardrail_alarm', ', guardrail="block_rate"')]: '0x20' }, at: 5 * MINUTE },
      ],
    },
    {
      name: 'FdsExperimentStuck',
      severity: 'ticket',
      lasting: 10 * MINUTE,
      expr: () =>
        'max by (job) (fds_experiment_running) == 1 and min by (job) (fds_experiment_assigning) == 0',
      summary: 'The A/B test runs but assigns nobody',
      description: () => 'An alias was moved away from the versions of the running A/B test.',
      firing: {
        series: { [experiment('running')]: '1x30', [experiment('assigning')]: '1 0x30' },
        at: 20 * MINUTE,
        labels: { job: 'fds-api' },
      },
      silent: [
        { series: { [experiment('running')]: '0x30', [experiment('assigning')]: '0x30' }, at: 20 * MINUTE },
      ],
    },
    {
      name: 'FdsShadowFailing',
      severity: 'ticket',
      lasting: 5 * MINUTE,
      expr: (time) =>
        'sum by (job, outcome) (increase(fds_shadow_scores_total{outcome!="scored"}' +
        `[${time(15 * MINUTE)}])) > 10`,
      summary: 'The comparison loses transactions',
      description: ([count, outcome]) =>
        `${count} transactions of the last 15 minutes were ${outcome} for the model that does not decide.`,
      values: ['$value | humanize', '$labels.outcome'],
      firing: {
        series: { [shadows('failed')]: '0+2x30', [shadows('scored')]: '0+100x30' },
        at: 25 * MINUTE,
        values: ['30', 'failed'],
        labels: { job: 'fds-api', outcome: 'failed' },
      },
      silent: [{ series: { [shadows('failed')]: '5x30', [shadows('scored')]: '0+100x30' }, at: 25 * MINUTE }],
    },
  ],
}
