import type { Group } from './alert.ts'
import { MINUTE } from './times.ts'

const up = (instance: string) => `up{job="fds-api", instance="${instance}"}`
const shed = 'fds_shed_total{job="fds-api", instance="a", reason="log_queue"}'
const late = 'fds_workers{job="fds-api", instance="a", state="late"}'
const restarts = 'fds_worker_restarts_total{job="fds-api", instance="a"}'

/** Whether the service is there, with all its instances and workers, and takes what comes. */
export const serviceGroup: Group = {
  name: 'fds-service',
  alerts: [
    {
      name: 'FdsApiDown',
      severity: 'page',
      lasting: MINUTE,
      expr: () => 'absent(up{job="fds-api"} == 1)',
      summary: 'No instance of the service answers',
      description: () => 'Prometheus can scrape no instance of the job fds-api: payments are not decided.',
      firing: { series: { [up('a')]: '0x10', [up('b')]: '0x10' }, at: 5 * MINUTE },
      silent: [{ series: { [up('a')]: '0x10', [up('b')]: '1x10' }, at: 5 * MINUTE }],
    },
    {
      name: 'FdsInstanceDown',
      severity: 'ticket',
      lasting: 2 * MINUTE,
      expr: () => 'up{job="fds-api"} == 0',
      summary: 'An instance of the service does not answer',
      description: ([instance]) => `${instance} cannot be scraped; the others carry its load.`,
      values: ['$labels.instance'],
      firing: {
        series: { [up('a')]: '0x10', [up('b')]: '1x10' },
        at: 5 * MINUTE,
        values: ['a'],
        labels: { job: 'fds-api', instance: 'a' },
      },
      silent: [{ series: { [up('a')]: '1 0 1x10', [up('b')]: '1x10' }, at: 4 * MINUTE }],
    },
    {
      name: 'FdsWorkersDown',
      severity: 'ticket',
      lasting: MINUTE,
      expr: (time) =>
        `fds_workers{state="late"} > 0\nor increase(fds_worker_restarts_total[${time(15 * MINUTE)}]) > 2`,
      summary: 'Workers of an instance hang or keep dying',
      description: ([instance, count]) =>
        `${instance}: ${count} workers are late to answer or were restarted in the last 15 minutes.`,
      values: ['$labels.instance', '$value | humanize'],
      firing: {
        series: { [late]: '0 0 1x20', [restarts]: '0x20' },
        at: 5 * MINUTE,
        values: ['a', '1'],
        labels: { job: 'fds-api', instance: 'a', state: 'late' },
      },
      silent: [{ series: { [late]: '0x20', [restarts]: '0 0 1x20' }, at: 10 * MINUTE }],
    },
    {
      name: 'FdsShedding',
      severity: 'ticket',
      lasting: MINUTE,
      expr: (time) => `sum by (job, reason) (increase(fds_shed_total[${time(5 * MINUTE)}])) > 0`,
      summary: 'Requests are refused to protect the others',
      description: ([reason, count]) =>
        `${count} requests of the last 5 minutes got 503 OVERLOADED because of ${reason}.`,
      values: ['$labels.reason', '$value | humanize'],
      firing: {
        series: { [shed]: '0+20x20' },
        at: 10 * MINUTE,
        values: ['log_queue', '100'],
        labels: { job: 'fds-api', reason: 'log_queue' },
      },
      silent: [{ series: { [shed]: '7x20' }, at: 10 * MINUTE }],
    },
    {
      name: 'Watchdog',
      severity: 'info',
      lasting: 0,
      expr: () => 'vector(1)',
      summary: 'Always fires: whoever stops hearing it knows that alerting is broken',
      description: () => 'Prometheus evaluates rules and Alertmanager delivers what they say.',
      firing: { series: {}, at: 0 },
      silent: [],
    },
  ],
}
