// What compose brings up, without an engine: secrets, PostgreSQL, first champion, two replicas of the image, the balancer.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { freePort, startPostgres } from '../interop/postgres.ts'
import { readCompose } from './compose.ts'
import {
  type Container,
  makeImage,
  makeVolume,
  runContainer,
  startContainer,
  untilHealthy,
} from './container.ts'
import { startHaproxy } from './haproxy.ts'
import { ROOT } from './image.ts'

const { services } = readCompose()
const image = makeImage()
const postgres = await startPostgres()
const stops: (() => unknown)[] = []
after(async () => {
  for (const stop of stops.toReversed()) await stop()
  await postgres.stop()
  rmSync(image.folder, { recursive: true, force: true })
})

test('the secrets are made once, may be given, and are printed nowhere', () => {
  const [made, given] = [join(image.folder, 'made'), join(image.folder, 'given')]
  mkdirSync(given)
  const make = () =>
    execFileSync('/bin/sh', [join(ROOT, 'deploy/make-secrets.sh'), made, given], { encoding: 'utf8' })
  const read = (name: string) => readFileSync(join(made, name), 'utf8')
  const names = ['database/database-password', 'database/database-url', 'api/api-key']
  assert.equal(make(), '')
  const first = names.map(read)
  assert.match(first[0]!, /^[0-9a-f]{64}$/)
  assert.notEqual(first[0], first[2])
  assert.equal(first[1], `postgres://fds:${first[0]}@postgres:5432/fds`)
  make()
  assert.deepEqual(names.map(read), first)
  writeFileSync(join(given, 'api-key'), 'my own key\n')
  make()
  assert.deepEqual(names.map(read), [first[0], first[1], 'my own key'])
  writeFileSync(join(given, 'slack-webhook-url'), 'https://hooks.slack.com/services/T/B/X\n')
  make()
  assert.equal(read('alerts/slack-webhook-url'), 'https://hooks.slack.com/services/T/B/X')
  rmSync(join(given, 'slack-webhook-url'))
  make()
  assert.throws(() => read('alerts/slack-webhook-url'), /ENOENT/)
})

test('two replicas on one PostgreSQL decide behind the balancer, and one of them may go', async () => {
  const environment = await environmentOfReplicas()
  const champion = services['first-champion']!.command!
  assert.equal(
    await runContainer(image, { ...environment, FDS_HOME: makeVolume(image, 'once') }, champion),
    0,
  )
  assert.equal(
    await runContainer(image, { ...environment, FDS_HOME: makeVolume(image, 'again') }, champion),
    0,
  )

  const [own, health, ...replicas] = await Promise.all(Array.from({ length: 4 }, freePort))
  const containers = replicas.map((port, index) => startReplica(environment, port, `home-${index}`))
  const balancer = startHaproxy(image.folder, { own: own!, health: health!, replicas })
  stops.push(() => balancer.kill())
  for (const port of replicas) await untilHealthy(image, port)
  const at = `http://127.0.0.1:${own}`
  await until(async () => (await fetch(`${at}/ready`)).ok)
  assert.equal((await fetch(`http://127.0.0.1:${health}/health`)).status, 200)

  const counts = () => Promise.all(replicas.map(decisionsOf))
  // the balancer looks every two seconds, so one replica may be known before the other
  for (let next = -1; !(await counts()).every((count) => count > 0); next--) await decide(at, next, next + 1)
  const before = await counts()
  await decide(at, 0, 100)
  for (const [index, count] of (await counts()).entries()) assert.equal(count - before[index]!, 50)
  const stopping = containers[0]!.stop()
  await decide(at, 100, 300)
  assert.equal((await stopping).status, 0)
  await decide(at, 300, 400)
  assert.equal((await fetch(`${at}/decisions/t-1`)).status, 200)
  assert.equal(await changed(at, {}), 401)
  assert.notEqual(
    await changed(at, { 'x-api-key': readFileSync(environment['FDS_API_KEY_FILE']!, 'utf8') }),
    401,
  )
})

/** The environment of compose's replicas; paths and the database's address are those of this machine. */
async function environmentOfReplicas(): Promise<Record<string, string>> {
  const { FDS_DATABASE_URL_FILE, FDS_API_KEY_FILE, FDS_ARTIFACT_ROOT, ...rest } =
    services['fds-api']!.environment!
  assert.ok(FDS_DATABASE_URL_FILE && FDS_API_KEY_FILE && FDS_ARTIFACT_ROOT)
  const url = join(image.folder, 'made/database/database-url')
  const here = new URL(await postgres.createDatabase('fds'))
  const text = readFileSync(url, 'utf8').replace('@postgres:5432/', `@127.0.0.1:${here.port}/`)
  const replaced = join(image.folder, 'database-url')
  writeFileSync(replaced, text)
  const plain = Object.entries(rest).map(([name, value]) => [name, value.replace(/^\$\{\w+:-(.*)\}$/, '$1')])
  return {
    ...Object.fromEntries(plain),
    FDS_DATABASE_URL_FILE: replaced,
    FDS_API_KEY_FILE: join(image.folder, 'made/api/api-key'),
    FDS_ARTIFACT_ROOT: makeVolume(image, 'artifacts'),
  }
}

function startReplica(environment: Record<string, string>, port: number, home: string): Container {
  const command = services['fds-api']!.command!.map((word) => (word === '8000' ? String(port) : word))
  const container = startContainer(image, { ...environment, FDS_HOME: makeVolume(image, home) }, command)
  stops.push(() => container.stop())
  return container
}

/** Asks for decisions one after another; every one must come. */
async function decide(at: string, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    const answer = await fetch(`${at}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ transaction_id: `t-${index}`, amount: index }),
    })
    assert.equal(answer.status, 200, `decision ${index}: ${await answer.text()}`)
  }
}

async function decisionsOf(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const lines = text.matchAll(/^fds_predictions_total\{.*\} (\d+)$/gm)
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0)
}

/** The status of a call that changes state. */
async function changed(at: string, headers: Record<string, string>): Promise<number> {
  return (await fetch(`${at}/ab-test/stop`, { method: 'POST', headers })).status
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error('it did not come within 30 s')
    await new Promise((wake) => setTimeout(wake, 100))
  }
}
