// What compose brings up, without an engine: secrets, PostgreSQL, first champion, two replicas of the image, the balancer.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
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

test('two replicas on one PostgreSQL decide behind the balancer, and either of them may go', async () => {
  const environment = await environmentOfReplicas()
  const champion = services['first-champion']!.command!
  for (const home of ['once', 'again'])
    assert.equal(
      await runContainer(image, { ...environment, FDS_HOME: makeVolume(image, home) }, champion),
      0,
    )

  const [own, health, ...replicas] = await Promise.all(Array.from({ length: 4 }, freePort))
  const start = (index: number, home: string) =>
    startReplica(environment, replicas[index]!, makeVolume(image, home))
  const [first, second] = [start(0, 'home-0'), start(1, 'home-1')]
  const balancer = startHaproxy(image.folder, { own: own!, health: health!, replicas })
  stops.push(() => balancer.kill())
  for (const port of replicas) await untilHealthy(image, port)
  const at = `http://127.0.0.1:${own}`
  await until(async () => (await fetch(`${at}/ready`)).ok)
  assert.equal((await fetch(`http://127.0.0.1:${health}/health`)).status, 200)

  const asks = createAsker(at)
  await untilBothDecide(replicas, asks)
  const before = await decisionsOf(replicas)
  await asks(100)
  const after = await decisionsOf(replicas)
  for (const [index, count] of after.entries()) assert.equal(count - before[index]!, 50)

  assert.equal((await whileAsking(asks, first.stop())).status, 0)
  start(0, 'home-2')
  await untilHealthy(image, replicas[0]!)
  await untilBothDecide(replicas, asks)
  const death = once(second.process, 'exit')
  second.process.kill('SIGKILL')
  await whileAsking(asks, death)

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
  const container = startContainer(image, { ...environment, FDS_HOME: home }, command)
  stops.push(() => container.stop())
  return container
}

/** Asks for decisions on new payments one after another; every one must come. */
function createAsker(at: string): (payments: number) => Promise<void> {
  let next = 0
  return async (payments) => {
    for (let asked = 0; asked < payments; asked++) {
      const index = next++
      const answer = await fetch(`${at}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ transaction_id: `t-${index}`, amount: index }),
      })
      assert.equal(answer.status, 200, `decision ${index}: ${await answer.text()}`)
    }
  }
}

/** Four callers ask until something has happened, and for a while after it; nothing may break for them. */
async function whileAsking<T>(asks: (payments: number) => Promise<void>, event: Promise<T>): Promise<T> {
  let isOver = false
  const call = async () => {
    while (!isOver) await asks(1)
    await asks(100)
  }
  const over = event.finally(() => {
    isOver = true
  })
  const [happened] = await Promise.all([over, ...Array.from({ length: 4 }, call)])
  return happened
}

/** The balancer looks every two seconds, so one replica may be known to it before the other. */
async function untilBothDecide(
  replicas: readonly number[],
  asks: (payments: number) => Promise<void>,
): Promise<void> {
  const before = await decisionsOf(replicas)
  do await asks(1)
  while ((await decisionsOf(replicas)).some((count, index) => count === before[index]))
}

function decisionsOf(replicas: readonly number[]): Promise<number[]> {
  return Promise.all(
    replicas.map(async (port) => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      const lines = text.matchAll(/^fds_predictions_total\{.*\} (\d+)$/gm)
      return [...lines].reduce((sum, [, count]) => sum + Number(count), 0)
    }),
  )
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
