// The whole system under a real engine, as deploy/README.md says; run by the workflow, where there is one.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { ROOT } from './image.ts'

function compose(...args: string[]): string {
  const command = ['compose', '--file', join(ROOT, 'deploy/compose.yaml'), ...args]
  return execFileSync('docker', command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

after(() => compose('down', '--volumes', '--timeout', '30'))

test('docker compose up brings everything up, and the balancer, Prometheus, Alertmanager and Grafana answer', async () => {
  compose('up', '--detach', '--wait', '--wait-timeout', '600')
  const answer = await fetch('http://127.0.0.1:8000/predict', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ transaction_id: 't-1', amount: 812.5 }),
  })
  assert.equal(answer.status, 200)
  await until('two replicas are scraped', async () => {
    const { data } = await json<{ data: { result: { value: [number, string] }[] } }>(
      'http://127.0.0.1:9090/api/v1/query?query=sum(up{job="fds-api"})',
    )
    return data.result[0]?.value[1] === '2'
  })
  await until('Alertmanager has the dead man’s alert', async () => {
    const alerts = await json<{ labels: { alertname: string } }[]>('http://127.0.0.1:9093/api/v2/alerts')
    return alerts.some(({ labels }) => labels.alertname === 'Watchdog')
  })
  await until('Grafana shows the dashboards to who has no password', async () => {
    return (await json<unknown[]>('http://127.0.0.1:3000/api/search?type=dash-db')).length > 0
  })
  const secrets = compose('exec', '-T', 'fds-api', 'node', '-p', 'JSON.stringify(process.env)')
  assert.doesNotMatch(secrets, /postgres:\/\//)
})

test('a second start keeps the champion, with more replicas', async () => {
  compose('up', '--detach', '--wait', '--wait-timeout', '300', '--scale', 'fds-api=3')
  const list = compose('exec', '-T', 'fds-api', 'node', 'src/cli/main.js', 'models', 'list', '--json')
  assert.equal((JSON.parse(list) as { versions: number }[])[0]?.versions, 1)
  assert.equal((await fetch('http://127.0.0.1:8000/ready')).status, 200)
})

async function json<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000
  while (!(await holds().catch(() => false))) {
    assert.ok(Date.now() < end, `within two minutes ${what}`)
    await new Promise((wake) => setTimeout(wake, 1000))
  }
}
