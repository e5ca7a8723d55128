// Acknowledged means durable: a real service in its own process, under load, killed, stopped, swapped, and out of disk.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test, { type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../http/app.fixture.ts'
import { fixtureModel } from '../models/model.fixture.ts'
import { type FixtureRegistry, openFixtureRegistry } from '../models/registry.fixture.ts'

const SERVE = join(import.meta.dirname, '../../../test/fixtures/serving/serve.ts')
const CALLERS = 8
const first = fixtureModel({ trees: 3 })
const second = fixtureModel({ trees: 4 })

interface Answer {
  readonly transaction_id: string
  readonly fraud_probability: number
  readonly model: { readonly version: string }
}

interface Load {
  readonly answers: Answer[]
  /** Answers that were no success. */
  readonly refused: number[]
  /** Requests that got no answer. */
  broken: number
}

interface Service {
  readonly child: ChildProcess
  readonly address: string
}

async function openHome(t: TestContext): Promise<{ home: string; registry: FixtureRegistry }> {
  const home = temporaryFolder(t)
  const registry = await openFixtureRegistry(home, { now: Date.now })
  t.after(() => registry.server.close())
  await registry.setAlias('champion', await registry.register(first.files))
  return { home, registry }
}

async function startService(t: TestContext, home: string, shell = ''): Promise<Service> {
  const command = `${shell} exec "$0" "$1" "$2"`
  const child = spawn('sh', ['-c', command, process.execPath, SERVE, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the service ended with ${code} before it listened`)
  })
  const [address] = await Promise.race([once(child.stdout!, 'data'), ended])
  ended.catch(() => {})
  return { child, address: String(address) }
}

/** Callers that post one payment after the other until `signal`, each with an id of its own. */
async function load({ address }: Service, signal: AbortSignal): Promise<Load> {
  const result: Load = { answers: [], refused: [], broken: 0 }
  const call = async (caller: number) => {
    for (let i = 0; !signal.aborted && result.broken < CALLERS; i++) {
      await post(address, { transaction_id: `${caller}-${i}`, amount: i, n1: caller }, result)
      await sleep(2)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)))
  return result
}

async function post(address: string, payment: object, result: Load): Promise<void> {
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${address}/predict`, {
      method: 'POST',
      headers,
      body: JSON.stringify(payment),
    })
    const body = (await response.json()) as Answer
    if (response.status === 200) result.answers.push(body)
    else result.refused.push(response.status)
  } catch {
    result.broken++
  }
}

/** Every acknowledged decision must be in the log as it was answered. */
function assertStored(home: string, { answers }: Load): void {
  const database = new DatabaseSync(join(home, 'decisions.db'), { readOnly: true })
  const rows = database.prepare('SELECT transaction_id, probability FROM decisions').all()
  database.close()
  const stored = new Map(rows.map((row) => [row['transaction_id'], row['probability']]))
  assert.equal(stored.size, rows.length, 'no transaction is stored twice')
  const lost = answers.filter((answer) => stored.get(answer.transaction_id) !== answer.fraud_probability)
  assert.deepEqual(lost, [])
}

test('kill -9 under load loses no acknowledged decision, and a restart gives them again', async (t) => {
  const { home } = await openHome(t)
  const service = await startService(t, home)
  const stop = new AbortController()
  const loading = load(service, stop.signal)
  await sleep(500)
  service.child.kill('SIGKILL')
  await once(service.child, 'exit')
  const result = await loading
  assert.ok(result.answers.length > 20 && result.broken > 0, `${result.answers.length} answers`)
  assertStored(home, result)

  const again = await startService(t, home)
  const repeated: Load = { answers: [], refused: [], broken: 0 }
  const some = result.answers.slice(-20)
  for (const { transaction_id } of some) await post(again.address, { transaction_id, amount: 123 }, repeated)
  assert.deepEqual(repeated.answers, some)
})

test('a graceful stop under load answers what it took, stores it and ends by itself', async (t) => {
  const { home } = await openHome(t)
  const service = await startService(t, home)
  const loading = load(service, new AbortController().signal)
  await sleep(300)
  service.child.kill('SIGTERM')
  const [code] = await once(service.child, 'exit')
  const result = await loading
  assert.equal(code, 0)
  assert.deepEqual(result.refused, [])
  assert.ok(result.answers.length > 20)
  assertStored(home, result)
})

test('moving the alias under load fails no request and is followed within two seconds', async (t) => {
  const { home, registry } = await openHome(t)
  const next = await registry.register(second.files)
  const service = await startService(t, home)
  const stop = new AbortController()
  const loading = load(service, stop.signal)
  await sleep(100)
  await registry.setAlias('champion', next)
  await sleep(2000)
  const result: Load = { answers: [], refused: [], broken: 0 }
  for (let i = 0; i < 10; i++) await post(service.address, { transaction_id: `late-${i}` }, result)
  stop.abort()
  const { answers, refused, broken } = await loading
  assert.deepEqual([refused, broken], [[], 0])
  assert.deepEqual(new Set(answers.map((answer) => answer.model.version)), new Set(['1', next]))
  assert.deepEqual(new Set(result.answers.map((answer) => answer.model.version)), new Set([next]))
})

test('on a full disk nothing is acknowledged that is not stored, and the service stays up', async (t) => {
  const { home } = await openHome(t)
  // the shell's limit on the size of a file ends a write as a full disk does
  const service = await startService(t, home, 'ulimit -f 300;')
  const result: Load = { answers: [], refused: [], broken: 0 }
  for (let i = 0; result.refused.length < 3 && i < 5000; i++) {
    await post(service.address, { transaction_id: `tx-${i}`, merchant: 'x'.repeat(2000) }, result)
  }
  assert.deepEqual([result.refused, result.broken], [[503, 503, 503], 0])
  assert.ok(result.answers.length > 0)
  assert.equal((await fetch(`${service.address}/health`)).status, 200)
  let ready = await fetch(`${service.address}/ready`)
  // a probe is smaller than a decision: a few may still fit
  for (let i = 0; ready.ok && i < 50; i++) ready = await fetch(`${service.address}/ready`)
  const { error } = (await ready.json()) as { error: { code: string } }
  assert.deepEqual([ready.status, error.code], [503, 'STORAGE_FAILED'])
  service.child.kill('SIGKILL')
  await once(service.child, 'exit')
  assertStored(home, result)
})
