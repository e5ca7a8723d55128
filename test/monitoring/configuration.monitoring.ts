// The committed rules and configurations, judged by Prometheus' and Alertmanager's own tools.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import test from 'node:test'
import { temporaryFolder } from '../fds.ts'
import { freePort } from '../interop/postgres.ts'
import { startAlertmanager } from './alertmanager.ts'
import { findPrograms } from './programs.ts'

const programs = findPrograms()
const skip = programs === undefined
const ALERTMANAGER = 'deploy/alertmanager/alertmanager.yml'

function judge(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${stdout}${stderr}`)
  return stdout
}

test('promtool accepts the configuration and every rule', { skip }, () => {
  const rules = globSync('deploy/prometheus/rules/*.yml')
  assert.match(
    judge(programs!.promtool, ['check', 'config', 'deploy/prometheus/prometheus.yml']),
    new RegExp(`${rules.length} rule files found`),
  )
  judge(programs!.promtool, ['check', 'rules', ...rules])
})

for (const path of globSync('deploy/prometheus/tests/*.yml')) {
  test(`promtool: ${path}`, { skip }, () => void judge(programs!.promtool, ['test', 'rules', path]))
}

test('amtool accepts Alertmanager’s configuration', { skip }, () => {
  assert.match(judge(programs!.amtool, ['check-config', ALERTMANAGER]), /4 receivers/)
})

for (const [labels, receivers] of [
  ['severity=page', 'pagerduty,slack'],
  ['severity=ticket', 'slack'],
  ['severity=info', 'dashboard'],
  ['severity=unheard-of', 'slack'],
  ['alertname=Watchdog severity=info', 'dead-man'],
] as const) {
  test(`amtool: ${labels} goes to ${receivers}`, { skip }, () => {
    const args = [`--config.file=${ALERTMANAGER}`, `--verify.receivers=${receivers}`]
    judge(programs!.amtool, ['config', 'routes', 'test', ...args, 'service=fds-api', ...labels.split(' ')])
  })
}

test('Alertmanager comes up without any secret, and has nobody to tell', { skip }, async (t) => {
  const folder = await temporaryFolder(t)
  const program = programs!.alertmanager
  const { address, stop } = await startAlertmanager({ program, port: await freePort(), folder })
  t.after(stop)
  const status = (await (await fetch(`${address}/api/v2/status`)).json()) as { config: { original: string } }
  assert.doesNotMatch(status.config.original, /_configs:/)
  assert.match(status.config.original, /name: pagerduty/)
})
