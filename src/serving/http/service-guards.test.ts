// What keeps the service in service, over real sockets: limits, shedding, fallback, and a log without personal data.
import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { createLogger } from '../../log.ts'
import { createDecisionLog } from '../log/decision-log.ts'
import { openServingFile } from '../log/serving-database.ts'
import { fixtureModel } from '../models/model.fixture.ts'
import type { ModelSource, ServedModel } from '../models/model-source.ts'
import { type FixtureApp, fixtureApp, fixtureModels, NOW, temporaryFolder } from './app.fixture.ts'

const { files } = fixtureModel()
const PAYMENT = {
  transaction_id: 'tx-1',
  customer_id: 'customer-SECRET',
  amount: 98_765.4321,
  merchant: 'm-SECRET',
}

async function call({ app }: FixtureApp) {
  const address = app.server.listening
    ? `http://127.0.0.1:${(app.server.address() as { port: number }).port}`
    : await app.listen({ host: '127.0.0.1', port: 0 })
  const get = (path: string) => fetch(`${address}${path}`)
  const post = (path: string, body: unknown, type = 'application/json') =>
    fetch(`${address}${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const read = async (series: string) => {
    const line = (await (await get('/metrics')).text())
      .split('\n')
      .find((text) => text.startsWith(`${series} `))
    return Number(line?.slice(series.length))
  }
  return { get, post, read }
}

/** A served model whose scoring fails by a fault of ours. */
function brokenModels(): ModelSource {
  const models = fixtureModels()
  models.serve(files, '1')
  const champion = models.served('champion')!
  const score = (transaction: object): never => {
    throw new TypeError(`no node for ${JSON.stringify(transaction)}`)
  }
  const broken = { ...champion, scorer: { ...champion.scorer, score } }
  return { ...models, served: (arm) => (arm === 'champion' ? broken : undefined) }
}

test('one client may send so many requests a second; who watches is always answered', async (t) => {
  const fixture = fixtureApp(t, { rateLimit: 2 })
  fixture.models.serve(files, '1')
  const { get, post, read } = await call(fixture)
  const lane = [
    await post('/predict', PAYMENT),
    await post('/predict', PAYMENT),
    await post('/predict', PAYMENT),
  ]
  assert.deepEqual(
    lane.map(({ status }) => status),
    [200, 200, 429],
  )
  const refused = [lane[2]!, await post('/labels', { transaction_id: 'tx-1', is_fraud: true })]
  for (const answer of refused) {
    assert.equal(answer.status, 429)
    assert.equal(answer.headers.get('retry-after'), '1')
    assert.equal(((await answer.json()) as { error: { code: string } }).error.code, 'RATE_LIMITED')
  }
  for (const path of ['/health', '/ready', '/metrics']) assert.equal((await get(path)).status, 200)
  assert.equal(await read('fds_rate_limited_total'), 2)
})

test('a log that does not keep up makes requests wait elsewhere: 503 with Retry-After, counted', async (t) => {
  const log = createDecisionLog(openServingFile(temporaryFolder(t)), {
    now: () => NOW,
    logger: createLogger('silent'),
  })
  let depth = 1_000_000
  const full = {
    ...log,
    get depth() {
      return depth
    },
  }
  const fixture = fixtureApp(t, { log: full })
  fixture.models.serve(files, '1')
  const { get, post, read } = await call(fixture)
  const until = async (status: number) => {
    for (let i = 0; i < 100 && (await post('/predict', PAYMENT)).status !== status; i++) await sleep(50)
    return post('/predict', PAYMENT)
  }
  const refused = await until(503)
  assert.equal(refused.headers.get('retry-after'), '1')
  assert.equal(((await refused.json()) as { error: { code: string } }).error.code, 'OVERLOADED')
  assert.equal(
    (await post('/predict/batch', `${JSON.stringify(PAYMENT)}\n`, 'application/x-ndjson')).status,
    503,
  )
  for (const path of ['/health', '/ready', '/metrics']) assert.equal((await get(path)).status, 200)
  assert.ok((await read('fds_shed_total{reason="log_queue"}')) >= 3)
  depth = 0
  assert.equal((await until(200)).status, 200)
})

test('a model that fails is answered by the declared fallback, stored and counted', async (t) => {
  const fixture = fixtureApp(t, { models: brokenModels(), fallback: 'closed' })
  const { get, post, read } = await call(fixture)
  const answer = await post('/predict', PAYMENT)
  assert.equal(answer.status, 200)
  const decided = (await answer.json()) as Record<string, unknown>
  assert.deepEqual(decided['model'], { name: 'fallback', version: 'fail_closed' })
  assert.equal(decided['risk_level'], 'block')
  const batch = await post('/predict/batch', [{ ...PAYMENT, transaction_id: 'tx-2' }])
  assert.equal(((await batch.json()) as { risk_level: string }[])[0]!.risk_level, 'block')
  const stored = (await (await get('/decisions/tx-1')).json()) as Record<string, unknown>
  assert.deepEqual(stored['model'], decided['model'])
  assert.equal(await read('fds_fallback_total{reason="threw",answered_by="closed"}'), 2)
})

test('a challenger that fails stays in the experiment, as its failure', async (t) => {
  const models = brokenModels()
  const [broken, sound] = [models.served('champion')!, fixtureModels()]
  sound.serve(files, '1')
  const challenger: ServedModel = { ...broken, arm: 'challenger', scorer: { ...broken.scorer, version: '2' } }
  const rule = { id: 'e-1', modelName: 'fraud_detector', championVersion: '1', challengerVersion: '2' }
  const fixture = fixtureApp(t, {
    models: { ...sound, served: (arm) => (arm === 'champion' ? sound.served(arm) : challenger) },
    experiment: () => ({ ...rule, mode: 'ab', trafficSplit: 1, coverage: 1 }),
  })
  const { post } = await call(fixture)
  const answer = (await (await post('/predict', PAYMENT)).json()) as Record<string, unknown>
  assert.deepEqual(
    [answer['model_version'], answer['model']],
    ['champion', { name: 'fraud_detector', version: '1' }],
  )
  const { experiment, arm, failedArm, shadow } = await fixture.log.getDecision('tx-1')
  assert.deepEqual([experiment, arm, failedArm, shadow], ['e-1', 'champion', 'challenger', null])
})

test('without a declared fallback a model that fails is 503, and what the caller did wrong stays 4xx', async (t) => {
  const { post } = await call(fixtureApp(t, { models: brokenModels() }))
  const failed = await post('/predict', PAYMENT)
  assert.equal(failed.status, 503)
  assert.equal(((await failed.json()) as { error: { code: string } }).error.code, 'MODEL_FAILED')
  assert.equal((await post('/predict', '[]')).status, 400)
})

function recorder() {
  const lines: string[] = []
  const write = (chunk: Buffer, _: string, done: () => void) => {
    lines.push(String(chunk))
    done()
  }
  return { lines, logger: pino({ level: 'trace' }, new Writable({ write })) }
}

test('no line of the log holds what a payment says, whether it is decided, refused or fails', async (t) => {
  const { lines, logger } = recorder()
  const good = fixtureApp(t, { logger })
  good.models.serve(files, '1')
  const broken = fixtureApp(t, { logger, models: brokenModels() })
  const away = fixtureApp(t, { logger })
  away.models.serve(files, '1')
  await away.log.close()
  const labels = { transaction_id: 'id-SECRET', is_fraud: true, source: 'SECRET' }
  for (const fixture of [good, broken, away]) {
    const { post, get } = await call(fixture)
    for (const path of ['/predict', '/predict/batch', '/labels']) {
      await post(path, PAYMENT)
      await post(path, [PAYMENT])
      await post(path, { ...PAYMENT, amount: 'SECRET' })
      await post(path, { ...PAYMENT, column_SECRET: 'SECRET' })
      await post(path, `{"customer_id": "SECRET", `)
      await post(path, labels)
    }
    await get('/decisions/id-SECRET')
    await get('/nowhere?card=SECRET')
  }
  assert.ok(lines.length > 0, 'failures are told')
  assert.deepEqual(
    lines.filter((line) => /SECRET|98765|98_765/.test(line)),
    [],
  )
})

test('a clock that jumps changes the times that are told and nothing else', async (t) => {
  let now = NOW
  const fixture = fixtureApp(t, { now: () => now, rateLimit: 1000 })
  fixture.models.serve(files, '1')
  const { get, post } = await call(fixture)
  for (const [i, jump] of [0, -86_400_000, 172_800_000, -3_600_000, 5].entries()) {
    now += jump
    const answer = await post('/predict', { ...PAYMENT, transaction_id: `tx-${i}` })
    assert.equal(answer.status, 200)
    const label = { transaction_id: `tx-${i}`, is_fraud: i % 2 === 0 }
    assert.ok((await post('/labels', label)).ok)
    const stored = (await (await get(`/decisions/tx-${i}`)).json()) as {
      created_at: string
      latency_ms: number
    }
    assert.equal(Date.parse(stored.created_at), now)
    assert.ok(stored.latency_ms >= 0)
  }
})
