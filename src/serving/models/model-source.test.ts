import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import test, { type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import type { FdsError } from '../../errors.ts'
import { MlflowClient } from '../../tracking/client/mlflow-client.ts'
import { temporaryFolder } from '../http/app.fixture.ts'
import { encodeJson, fixtureModel } from './model.fixture.ts'
import { type ModelSource, requireChampion, watchModels } from './model-source.ts'
import { troubleOf } from './model-trouble.ts'
import { type FixtureRegistry, NAME, openFixtureRegistry } from './registry.fixture.ts'

const model = fixtureModel({ trees: 2 })

interface Watched {
  readonly registry: FixtureRegistry
  readonly levels: () => number[]
  readonly watch: (client?: MlflowClient) => Promise<ModelSource>
}

async function openRegistry(t: TestContext): Promise<Watched> {
  const registry = await openFixtureRegistry(temporaryFolder(t), { now: Date.now })
  const levels: number[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      levels.push(JSON.parse(String(chunk)).level)
      done()
    },
  })
  t.after(() => registry.server.close())
  const watch = async (client = registry.client) => {
    const models = await watchModels({
      client,
      name: NAME,
      now: Date.now,
      logger: pino({}, stream),
      pollMs: 5,
    })
    t.after(() => models.close())
    return models
  }
  return { registry, watch, levels: () => levels }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !holds(); tries++) await sleep(10)
  assert.ok(holds(), 'it must hold within four seconds')
}

const codeOf = (models: ModelSource) => {
  try {
    return requireChampion(models).scorer.version
  } catch (error) {
    return (error as FdsError).code
  }
}

test('serves nothing at first, then follows the alias from version to version and back', async (t) => {
  const { registry, watch } = await openRegistry(t)
  const models = await watch()
  assert.equal(codeOf(models), 'NO_CHAMPION')
  const first = await registry.register(model.files)
  const second = await registry.register(fixtureModel({ trees: 3 }).files)
  for (const version of [first, second, first]) {
    await registry.setAlias('champion', version)
    await until(() => codeOf(models) === version)
  }
  const { metrics, loadSeconds, registeredAt } = requireChampion(models)
  assert.deepEqual(metrics, { auc_roc: 0.9 })
  assert.ok(loadSeconds >= 0 && Math.abs(registeredAt - Date.now()) < 60_000)
  assert.equal(models.trouble('champion'), undefined)
  assert.equal(models.previous('champion')!.scorer.version, second)
})

test('holds the challenger while it has the alias', async (t) => {
  const { registry, watch } = await openRegistry(t)
  const version = await registry.register(model.files)
  await registry.setAlias('challenger', version)
  const models = await watch()
  assert.equal(models.served('challenger')?.scorer.version, version)
  await registry.client.deleteRegisteredModelAlias({ name: NAME, alias: 'challenger' })
  await until(() => models.served('challenger') === undefined)
  assert.equal(models.trouble('challenger'), undefined)
})

test('keeps the old model when the new one is broken, says so once at ERROR, and recovers', async (t) => {
  const { registry, watch, levels } = await openRegistry(t)
  const good = await registry.register(model.files)
  const broken = await registry.register(new Map([...model.files, ['model.json', encodeJson({})]]))
  await registry.setAlias('champion', good)
  const models = await watch()
  await registry.setAlias('champion', broken)
  await until(() => models.trouble('champion') !== undefined)
  await sleep(100)
  assert.equal(codeOf(models), good)
  assert.match(models.trouble('champion')!.message, /champion of "fraud_detector" cannot be loaded/)
  assert.equal(troubleOf(models.trouble('champion')!), 'not_loadable')
  assert.equal(levels().filter((level) => level >= 50).length, 1)
  await registry.setAlias('champion', good)
  await until(() => models.trouble('champion') === undefined)
})

test('keeps serving when the files of the model are deleted, and refuses a new model without files', async (t) => {
  const { registry, watch } = await openRegistry(t)
  const first = await registry.register(model.files)
  const second = await registry.register(model.files)
  await registry.setAlias('champion', first)
  const models = await watch()
  for (const entry of readdirSync(registry.artifactRoot)) {
    rmSync(join(registry.artifactRoot, entry), { recursive: true })
  }
  await registry.setAlias('champion', second)
  await until(() => models.trouble('champion') !== undefined)
  assert.equal(codeOf(models), first)
  const started = await watch()
  assert.equal(codeOf(started), 'MODEL_UNAVAILABLE')
})

test('keeps the last champion when the alias is deleted, and says so', async (t) => {
  const { registry, watch } = await openRegistry(t)
  const version = await registry.register(model.files)
  await registry.setAlias('champion', version)
  const models = await watch()
  await registry.client.deleteRegisteredModelAlias({ name: NAME, alias: 'champion' })
  await until(() => models.trouble('champion') !== undefined)
  assert.equal(codeOf(models), version)
  assert.equal(troubleOf(models.trouble('champion')!), 'alias_gone')
})

test('keeps serving while the tracking server is away, and notices when it is back', async (t) => {
  const { registry, watch } = await openRegistry(t)
  const versions = [await registry.register(model.files), await registry.register(model.files)] as const
  await registry.setAlias('champion', versions[0])
  let isAway = false
  const proxy = createServer(async (request, response) => {
    if (isAway) return void request.socket.destroy()
    const [path, query] = request.url!.split('?')
    const answer = await registry.server.transport({
      method: request.method!,
      path: path!,
      ...(query !== undefined && { query }),
      headers: {},
    })
    answer.body.pipe(response.writeHead(answer.status))
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.after(() => proxy.closeAllConnections())
  t.after(() => proxy.close())
  const uri = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const models = await watch(new MlflowClient({ uri, now: Date.now, deadlineMs: 100 }))
  assert.equal(codeOf(models), versions[0])
  isAway = true
  await until(() => models.trouble('champion') !== undefined)
  assert.match(models.trouble('champion')!.message, /Cannot reach the tracking server/)
  assert.equal(troubleOf(models.trouble('champion')!), 'registry_away')
  await registry.setAlias('champion', versions[1])
  assert.equal(codeOf(models), versions[0])
  isAway = false
  await until(() => codeOf(models) === versions[1])
  assert.equal(models.trouble('champion'), undefined)
})

test('close waits for the look that is under way and ends the watch', async (t) => {
  const { registry, watch } = await openRegistry(t)
  const models = await watch()
  await models.close()
  await registry.setAlias('champion', await registry.register(model.files))
  await sleep(50)
  assert.equal(codeOf(models), 'NO_CHAMPION')
})
