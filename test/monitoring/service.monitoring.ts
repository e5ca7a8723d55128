// A real Prometheus and a real Alertmanager watch a live service: in health, with a full disk, slow, attacked, drifting.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporarySettings } from '../champion.ts'
import { type DashboardFile, VARIABLES, withVariables } from '../dashboard-queries.fixture.ts'
import { freePort } from '../interop/postgres.ts'
import { startAlertmanager } from './alertmanager.ts'
import { type Background, until } from './background.ts'
import { findPrograms } from './programs.ts'
import { type Prometheus, startPrometheus } from './prometheus.ts'
import { type PagerdutyEvent, type Received, type Receivers, startReceivers } from './receivers.ts'
import { paymentsOf, startTraffic, type Traffic } from './traffic.ts'
import { startWatchedService, type WatchedService } from './watched-service.ts'
import { simulateWorld } from './world.ts'

const HEALTHY_SECONDS = 60
const WARM_UP_SECONDS = 10
const RATE = 30
const FIRING = 'ALERTS{alertstate="firing", alertname!="Watchdog"}'

const programs = findPrograms()

describe('a live service, watched', { skip: programs === undefined }, () => {
  const settings = temporarySettings()
  const { learned, healthy, drifted } = simulateWorld()
  const payments = paymentsOf(healthy)
  let receivers: Receivers
  let service: WatchedService
  let prometheus: Prometheus
  let alertmanager: Background
  let traffic: Traffic

  before(async () => {
    receivers = await startReceivers()
    service = await startWatchedService(settings, learned)
    const port = await freePort()
    prometheus = await startPrometheus({
      program: programs!.prometheus,
      port: await freePort(),
      folder: join(settings.home, 'prometheus'),
      service: new URL(service.address).host,
      alertmanager: `127.0.0.1:${port}`,
    })
    // Prometheus takes five seconds to look for targets, which is minutes in the scaled rules: FdsApiDown
    const isCalm = await until(async () => {
      const [up, firing] = await Promise.all(['up == 1', FIRING].map(prometheus.query))
      return (up!.length === 1 && firing!.length === 0) || undefined
    }, 30)
    assert.ok(isCalm, 'the service is scraped')
    alertmanager = await startAlertmanager({
      program: programs!.alertmanager,
      port,
      folder: join(settings.home, 'alertmanager'),
      receivers: receivers.address,
    })
    await startExperiment(service.address)
    traffic = startTraffic(service.address, payments, RATE)
    // code that runs for the first time
    await sleep(WARM_UP_SECONDS * 1000)
  })

  after(async () => {
    await traffic?.stop()
    await Promise.all([prometheus?.stop(), alertmanager?.stop(), service?.stop()])
    receivers?.close()
  })

  test('in health nothing fires but the Watchdog, and the dead-man’s switch hears it', async (t) => {
    await sleep(HEALTHY_SECONDS * 1000)
    const [p99] = await prometheus.query(`max_over_time(fds:latency_seconds:p99_5m[${HEALTHY_SECONDS}s])`)
    t.diagnostic(`the highest p99 was ${(Number(p99?.value[1]) * 1000).toFixed(1)} ms`)
    const fired = await prometheus.query(`max_over_time(${FIRING}[${HEALTHY_SECONDS}s])`)
    assert.deepEqual(
      fired.map(({ metric }) => metric),
      [],
    )
    const [up] = await prometheus.query(`min_over_time(up{job="fds-api"}[${HEALTHY_SECONDS}s])`)
    assert.equal(up?.value[1], '1')
    const [measured] = await prometheus.query('count(fds:drift_psi:1h)')
    assert.ok(Number(measured?.value[1]) > 5, 'drift is measured')
    assert.deepEqual([...traffic.statuses.keys()], [200])
    assert.ok(receivers.deadMan.length > 5, `${receivers.deadMan.length} beats`)
    assert.deepEqual([receivers.slack, receivers.pagerduty], [[], []])
  })

  for (const path of globSync('deploy/grafana/dashboards/*.json')) {
    const { title, panels } = JSON.parse(readFileSync(path, 'utf8')) as DashboardFile
    test(`every panel of “${title}” has data`, async () => {
      // an A/B test has a z from its first look on, which waits for labels and for an evaluation
      await until(async () => (await prometheus.query('fds_experiment_looks > 0'))[0], 60)
      const empty: string[] = []
      for (const { title: panel, targets = [] } of panels) {
        for (const { expr } of targets) {
          const result = await prometheus.query(withVariables(expr, { ...VARIABLES, __range: '1m' }))
          const isEmpty = !result.some(({ value }) => value[1] !== 'NaN')
          if (isEmpty) empty.push(`${panel}: ${expr}`)
        }
      }
      assert.deepEqual(empty, [])
    })
  }

  test('a full disk is told to PagerDuty and Slack within 90 s, and so is its end', async (t) => {
    const { routing_key, page, seconds } = await tell(
      () => service.fillDisk(),
      () => paged('FdsErrorRateHigh', 'trigger'),
    )
    t.diagnostic(`PagerDuty heard of it after ${seconds.toFixed(1)} s`)
    assert.ok(seconds < 90)
    assert.equal(routing_key, 'key-of-the-test')
    assert.deepEqual([page.body.payload.severity, page.body.event_action], ['critical', 'trigger'])
    const message = await until(() => slacked(/^FIRING: FdsErrorRateHigh/), 30)
    assert.equal(message?.color, 'danger')
    assert.match(message.text, /of the requests of the last 5 minutes were answered with 5xx/)
    assert.match(message.text, /docs\/runbook\.md#fdserrorratehigh/)
    assert.ok(await until(() => paged('FdsLogFailing', 'trigger'), 30), 'its cause is told too')
    assert.ok(traffic.statuses.get(503)! > 0)
    const ticket = 'ALERTS{alertstate="firing", alertname="FdsAvailabilityBurnSteady"}'
    assert.ok(await until(async () => (await prometheus.query(ticket))[0], 30), 'the ticket is due')
    await sleep(5000)
    assert.equal(slacked(/FdsAvailabilityBurnSteady/), undefined, 'but the page goes before it')

    const ended = await tell(
      () => service.freeDisk(),
      () => paged('FdsErrorRateHigh', 'resolve'),
    )
    t.diagnostic(`PagerDuty heard of its end after ${ended.seconds.toFixed(1)} s`)
    assert.equal(ended.page.body.dedup_key, page.body.dedup_key)
    assert.equal((await until(() => slacked(/^RESOLVED: FdsErrorRateHigh/), 60))?.color, 'good')
  })

  test('a writer that holds the log makes decisions slow: a ticket to Slack, no page', async () => {
    const slow = await until(async () => {
      await service.lockLog(500)
      await sleep(4000)
      return slacked(/^FIRING: FdsLatencyHigh/)
    }, 90)
    assert.match(slow?.text ?? '', /took longer than [\d.]+ms; the promise is 200 ms/)
    assert.equal(paged('FdsLatencyBurnFast', 'trigger'), undefined)
  })

  test('a wave of fraud is blocked, and told to Slack', async () => {
    const frauds = payments.filter(({ isFraud }) => isFraud)
    const wave = startTraffic(service.address, frauds, 20)
    const told = await until(() => slacked(/^FIRING: FdsBlockRateHigh/), 60)
    await wave.stop()
    assert.match(told?.text ?? '', /of the payments of the last 5 minutes were blocked/)
  })

  test('payments that changed are told as drift', async () => {
    await traffic.stop()
    traffic = startTraffic(service.address, paymentsOf(drifted), 5 * RATE)
    const told = await until(() => slacked(/^FIRING: FdsDrift /), 110)
    assert.match(told?.text ?? '', /PSI of \w+ over the last hour is 0\.\d+ \(drift from 0\.25\)/)
  })

  test('a service that is gone is told to PagerDuty', async (t) => {
    await traffic.stop()
    const { seconds } = await tell(
      () => void service.stop(),
      () => paged('FdsApiDown', 'trigger'),
    )
    t.diagnostic(`PagerDuty heard of it after ${seconds.toFixed(1)} s`)
  })

  function slacked(title: RegExp) {
    const attachments = receivers.slack.flatMap(({ body }) => body.attachments)
    return attachments.find((attachment) => title.test(attachment.title))
  }

  function paged(alert: string, action: 'trigger' | 'resolve'): Received<PagerdutyEvent> | undefined {
    return receivers.pagerduty.find(
      ({ body }) => body.event_action === action && body.payload.summary.startsWith(alert),
    )
  }

  /** Lets something happen, and says how long it took until PagerDuty heard of it. */
  async function tell(happen: () => void, heard: () => Received<PagerdutyEvent> | undefined) {
    const since = Date.now()
    happen()
    const page = await until(heard, 100)
    assert.ok(page, 'PagerDuty heard nothing')
    return { page, routing_key: page.body.routing_key, seconds: (page.time - since) / 1000 }
  }
})

async function startExperiment(address: string): Promise<void> {
  const wishes = { traffic_split: 0.5, coverage: 1, min_samples: 100, planned_samples: 1000 }
  const headers = { 'content-type': 'application/json' }
  const request = { method: 'POST', headers, body: JSON.stringify(wishes) }
  const started = await fetch(`${address}/ab-test/start`, request)
  assert.equal(started.status, 200, await started.text())
}
