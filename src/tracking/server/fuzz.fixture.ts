import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { createWorld, type Json, type World } from './hostile.fixture.ts'
import { type GuardedServer, injectedServer, type ServedRoute } from './security.fixture.ts'
import { createTrackingApp } from './tracking-app.ts'
import { openTestServer } from './tracking-test-server.ts'

/** The server as it listens, with every route that it has. */
export async function openInjectedServer(): Promise<GuardedServer> {
  const served = await openTestServer()
  const app = createTrackingApp(served.server, pino({ level: 'silent' }))
  const routes: ServedRoute[] = []
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) routes.push({ method: one, pattern: url, url, effect: config?.effect })
  })
  await app.ready()
  return injectedServer(served, app, routes)
}

/** With tags to be deleted and a history to be read. */
export async function createFullWorld(server: GuardedServer): Promise<World> {
  const world = await createWorld(server)
  const { client } = server.served
  await client.setExperimentTag(world.experimentId, { key: 'k', value: 'v' })
  await client.setTag(world.runId, { key: 'k', value: 'v' })
  await client.logMetric(world.runId, { key: 'm', value: 1 })
  await client.setLoggedModelTags(world.modelId, { k: 'v' })
  return world
}

/**
 * What every answer must be: never 500 and never 503, for what a client sends is never the server's fault; 501 where
 * MLflow has it; and a refusal in MLflow's shape. Gives the status.
 */
export function checkAnswer(answer: LightMyRequestResponse, what: string): number {
  const { statusCode, body, headers } = answer
  const shown = `${what.slice(0, 2000)}\n→ ${statusCode} ${body.slice(0, 500)}`
  assert.ok(statusCode < 500 || statusCode === 501, shown)
  if (statusCode < 400 || answer.raw.req.method === 'HEAD' || statusCode === 416) return statusCode
  assert.match(String(headers['content-type']), /^application\/json/, shown)
  const refusal = JSON.parse(body) as Json
  assert.ok(typeof refusal['error_code'] === 'string' && typeof refusal['message'] === 'string', shown)
  assert.ok(refusal['error_code'] !== 'INTERNAL_ERROR', shown)
  return statusCode
}

/** What fast-check had better not print, by the names that stand for it. */
const HUGE: ReadonlyMap<unknown, () => unknown> = new Map([
  ['nested 500 times', () => nested(500)],
  ['a text 20,000 times', () => Array(20_000).fill('name')],
  ['a pair 2000 times', () => Array(2000).fill({ key: 'k', value: '1', timestamp: 1 })],
  ['a text of 200,000 characters', () => 'x'.repeat(200_000)],
])

export type Change = { readonly at: number; readonly value?: unknown }

/** Changes to make to a request: some place of it holds another value, or nothing. */
export function changesOf(most: number): fc.Arbitrary<Change[]> {
  const at = fc.nat()
  const put = fc.record({ at, value: oddValues })
  return fc.array(fc.oneof({ weight: 5, arbitrary: put }, fc.record({ at })), { maxLength: most })
}

/** The request with each change made somewhere in it. */
export function changed(request: Json, changes: readonly Change[]): Json {
  const copy = structuredClone(request)
  for (const change of changes) {
    const place = placeAt(copy, change.at)
    if (!place) continue
    if ('value' in change)
      place.holder[place.key] = HUGE.get(change.value)?.() ?? structuredClone(change.value)
    else delete place.holder[place.key]
  }
  return copy
}

/** Walks down from key to key, by the digits of `at`, and stops where a digit says so or nothing lies below. */
function placeAt(holder: Json, at: number): { holder: Json; key: string } | undefined {
  const keys = Object.keys(holder)
  if (keys.length === 0) return undefined
  const key = keys[at % keys.length]!
  const left = Math.floor(at / keys.length)
  const inner = holder[key]
  const isLast = left % 2 === 0 || typeof inner !== 'object' || inner === null
  return (isLast ? undefined : placeAt(inner as Json, left >> 1)) ?? { holder, key }
}

const filterParts = fc.constantFrom(
  ...[
    'metrics.m',
    'params.`k`',
    'tags."k"',
    'attributes.run_id',
    'name',
    'dataset.name',
    'start_time',
    'foo.bar',
  ],
  ...[
    '=',
    '!=',
    '>',
    '<=',
    'LIKE',
    'ILIKE',
    'IN',
    'NOT IN',
    'IS NULL',
    'IS NOT NULL',
    'AND',
    'OR',
    'ASC',
    'DESC',
  ],
  ...["'a'", '"a"', "('a','b')", '1', '-1.5e300', '1e999', "'%_'", "''", '(', ')', ';', '--', "'", '`', '\\'],
)
const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(filterParts, { maxLength: 8 }).map((parts) => parts.join(' ')),
  fc.constantFrom(
    ...['', ' ', '0', '1', '-1', 'NaN', '-Infinity', '1e400', '1_0', '0x10', 'true', 'null', '[]', '{}'],
    ...['9223372036854775807', '-9223372036854775809', '9'.repeat(400), 'champion', 'latest', 'v1', 'None'],
    ...['\ud800', 'a\0b', 'a\nb', 'é'.repeat(300), '😀'.repeat(9000), '../x', 'a/b', '%2e%2e'],
    ...[
      '__proto__',
      'constructor',
      'toString',
      'mlflow.runName',
      'mlflow.log-model.history',
      'm-1',
      "'; drop table runs",
    ],
    ...[
      'models:/m/1',
      'models:/m@champion',
      'runs:/r/a',
      'mlflow-artifacts:/a',
      'file:///etc',
      's3://a',
      'eyJvZmZzZXQiOiAxfQ==',
    ],
    ...[
      'eyJhZnRlciI6WzEsMiwzLDRdfQ==',
      'eyJhZnRlciI6WyJhIl19',
      'eyJhZnRlciI6W251bGxdfQ==',
      'bnVsbA==',
      'W10=',
    ],
  ),
)
const numbers = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 0.5, 2 ** 31, 2 ** 53 - 1, 2 ** 53, -(2 ** 63), 2 ** 63, 1e308, -1e308, 5e-324),
)
const structures = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, true, false, [], {}, [null], [[]], [{}], { key: {} }, [
    { key: 'k', value: 'v' },
  ]),
  fc.array(texts, { maxLength: 4 }),
  fc.constantFrom(...HUGE.keys()),
)
/** Values that some request's author might send by mistake or malice. */
export const oddValues: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: texts },
  { weight: 2, arbitrary: numbers },
  { weight: 2, arbitrary: structures },
)

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = [value]
  return value
}
