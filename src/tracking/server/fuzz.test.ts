import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import fc from 'fast-check'
import { pathsOf } from '../protocol/endpoints.ts'
import { wireName } from '../protocol/fields.ts'
import { changed, changesOf, checkAnswer, createFullWorld, openInjectedServer } from './fuzz.fixture.ts'
import { CALLS, type Call, createWorld, type Json, type World } from './hostile.fixture.ts'
import type { GuardedServer, Sent, ServedRoute } from './security.fixture.ts'

let server: GuardedServer
before(async () => {
  server = await openInjectedServer()
})
after(() => server.close())

/** The call as a client sends it: query or JSON body, ids in the path. */
function requestOf({ endpoint }: Call, message: Json, choice = 0): Sent {
  const paths = pathsOf(endpoint)
  const url = paths[choice % paths.length]!.replace(/\{(\w+)\}/g, (_, key: string) => plainText(message[key]))
  const method = endpoint.methods[choice % endpoint.methods.length]!
  if (method === 'GET') return { method, url: `${url}?${queryOf(message)}` }
  return { method, url, headers: JSON_TYPE, payload: JSON.stringify(message) }
}

const JSON_TYPE = { 'content-type': 'application/json' }

function queryOf(message: Json): string {
  const pairs = Object.entries(message).flatMap(([key, value]) => {
    return (Array.isArray(value) ? value.slice(0, 200) : [value]).map((item) => `${key}=${plainText(item)}`)
  })
  return pairs.join('&').slice(0, 100_000)
}

function plainText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return encodeURIComponent(text.toWellFormed())
}

async function send(sent: Sent): Promise<number> {
  return checkAnswer(await server.send(sent), `${sent.method} ${sent.url}\n${sent.payload ?? ''}`)
}

async function stillWorks(): Promise<void> {
  const { runId } = await createWorld(server)
  assert.equal(await send({ url: `/api/2.0/mlflow/runs/get?run_id=${runId}` }), 200)
}

/** What is refused whatever it says, and what is not there to be restored. */
const REFUSED: Readonly<Record<string, number>> = {
  transitionModelVersionStage: 400,
  createPresignedUploadUrl: 400,
  createPresignedDownloadUrl: 400,
  restoreExperiment: 404,
  rollbackChampion: 404,
}

test('a whole request to each call is answered, so what follows starts from requests that are good', async () => {
  let world = await createFullWorld(server)
  for (const call of CALLS) {
    const status = await send(requestOf(call, call.request(world)))
    if (call.endpoint.effect !== 'read') world = await createFullWorld(server)
    assert.equal(status, REFUSED[call.name] ?? 200, call.name)
  }
})

test('whatever values a request holds, the answer is never 500', async () => {
  let world: World
  let count = 0
  const statuses = new Map<number, number>()
  const answered = new Set<string>()
  const cases = fc.tuple(fc.constantFrom(...CALLS), changesOf(3), fc.nat(3))
  await fc.assert(
    fc.asyncProperty(cases, async ([call, changes, choice]) => {
      // deleted, renamed and moved things make later requests dull
      if (count++ % 30 === 0) world = await createFullWorld(server)
      const status = await send(requestOf(call, changed(call.request(world), changes), choice))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status === 200) answered.add(call.name)
    }),
    { numRuns: 1500, seed: 5 },
  )
  const share = (statuses.get(200) ?? 0) / count
  assert.ok(share > 0.25 && share < 0.9, JSON.stringify([...statuses]))
  assert.ok(answered.size > CALLS.length * 0.9, [...answered].join())
  await stillWorks()
})

const deep = (open: string, close: string) => `${open.repeat(100_000)}1${close.repeat(100_000)}`
/** Empty objects and objects of odd keys, in JSON of any make. */
const ODD_BODIES: readonly string[] = [
  ...['', ' ', '"{}"', '{"toString":1}', '{"a":"\\ud800"}', '{"__proto__":{"run_id":"x"}}', '{"a":1e999}'],
  ...['{"constructor":{"prototype":{"x":1}}}', `{"x":${deep('[', ']')}}`, `{"tags":${deep('[', ']')}}`],
  `{"run_id":${deep('{"a":', '}')}}`,
]
const BROKEN_BODIES: readonly (string | Buffer)[] = [
  ...[
    '{',
    '}',
    '[]',
    '3',
    '"x"',
    'null',
    'true',
    '"[]"',
    '"\\"{}\\""',
    '{}x',
    '{"a":1,}',
    "{'a':1}",
    '{"a":01}',
  ],
  ...['{"run_id":NaN}', '{"value":-Infinity}', '\0', deep('[', ']')],
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from('{"name":"\xe9"}', 'latin1'),
  Buffer.alloc(100_000),
]
const TYPES: readonly Record<string, string>[] = [
  JSON_TYPE,
  {},
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': ';;;' },
]

test('bodies that are no JSON, no object, no UTF-8 or endlessly deep are refused by every call', async () => {
  const world = await createWorld(server)
  for (const [index, call] of CALLS.entries()) {
    if (call.endpoint.methods[0] === 'GET') continue
    const sent = requestOf(call, call.request(world))
    // what its path names wholly is not asked for a body
    const hasBody = Object.keys(call.endpoint.request).some(
      (key) => !call.endpoint.path.includes(wireName(key)),
    )
    // the long ones take their time
    const isShort = (body: string | Buffer) => body.length < 1000 || index % 8 === 0
    for (const payload of BROKEN_BODIES.filter(isShort)) {
      const status = await send({ ...sent, payload })
      if (hasBody) assert.equal(status, 400, `${call.name} ${payload.toString().slice(0, 100)}`)
    }
    for (const payload of ODD_BODIES.filter(isShort)) await send({ ...sent, payload })
    for (const headers of TYPES) await send({ ...sent, headers, payload: '{}' })
  }
  await stillWorks()
})

test('bare NaN and halves of characters are refused as bad requests, and nothing of them is kept', async () => {
  const { runId } = await createWorld(server)
  const url = '/api/2.0/mlflow/runs/log-metric'
  for (const part of ['"value":NaN', '"value":1,"key":"\\udfff"', '"value":1e999,"timestamp":-1']) {
    const payload = `{"run_id":"${runId}","key":"odd","timestamp":1,${part}}`
    assert.equal(await send({ method: 'POST', url, headers: JSON_TYPE, payload }), 400, part)
  }
  const answer = await server.send({ url: `/api/2.0/mlflow/runs/get?run_id=${runId}` })
  assert.deepEqual(answer.json().run.data.metrics, undefined)
})

test('every list and text that costs work has a limit', async () => {
  const { experimentId, runId } = await createWorld(server)
  const clauses = (count: number) => Array.from({ length: count }, () => "tags.a = 'b'").join(' AND ')
  const experiments = { experiment_ids: [experimentId] }
  const many = (count: number) => Array.from({ length: count }, (_, index) => `name-${index}`)
  const fields = (count: number) => many(count).map((name) => ({ field_name: `metrics.${name}` }))
  const abuses: [string, Json][] = [
    ['runs/search', { ...experiments, order_by: many(20_000).map((name) => `metrics.\`${name}\``) }],
    ['runs/search', { ...experiments, filter: clauses(10_000) }],
    [
      'runs/search',
      { ...experiments, filter: `attributes.run_id IN (${many(100_000).map((id) => `'${id}'`)})` },
    ],
    ['runs/search', { experiment_ids: many(50_000) }],
    ['experiments/search', { max_results: 1, order_by: Array(20_000).fill('name') }],
    ['experiments/search', { max_results: 1, filter: clauses(10_000) }],
    ['logged-models/search', { ...experiments, order_by: fields(20_000) }],
    [
      'logged-models/search',
      { ...experiments, datasets: many(20_000).map((name) => ({ dataset_name: name })) },
    ],
    ['logged-models/search', { ...experiments, filter: clauses(10_000) }],
    ['experiments/search-datasets', { experiment_ids: Array(10_000).fill(experimentId) }],
    ['runs/log-batch', { run_id: runId, tags: many(200_000).map((key) => ({ key, value: '' })) }],
    ['runs/log-inputs', { run_id: runId, models: many(200_000).map((id) => ({ model_id: id })) }],
    ['runs/create', { experiment_id: experimentId, tags: many(100_000).map((key) => ({ key, value: '' })) }],
    ['experiments/create', { name: 'many', tags: many(100_000).map((key) => ({ key, value: '' })) }],
    ['registered-models/create', { name: 'many', tags: many(100_000).map((key) => ({ key, value: '' })) }],
    [
      'logged-models',
      { experiment_id: experimentId, tags: many(100_000).map((key) => ({ key, value: '' })) },
    ],
  ]
  for (const [path, body] of abuses) {
    const sent = {
      method: 'POST',
      url: `/api/2.0/mlflow/${path}`,
      headers: JSON_TYPE,
      payload: JSON.stringify(body),
    }
    assert.equal(await send(sent), 400, `${path} ${JSON.stringify(body).slice(0, 100)}`)
  }
  await stillWorks()
})

const odd = fc.oneof(
  fc.constantFrom(
    ...['', 'a', 'a/b', '..', '%2e%2e', '%00', '%ff', '%', '%zz', '%25', '//', '~', 'x'.repeat(3000), '😀'],
  ),
  fc.string({ maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed())),
)
const KEYS = [
  'path',
  'run_id',
  'run_uuid',
  'name',
  'version',
  'artifact_file_path',
  'filter',
  'max_results',
  'x',
]
const HEADERS: readonly Record<string, string>[] = [
  {},
  JSON_TYPE,
  { range: 'bytes=0-' },
  { range: 'bytes=99999999999999999999-' },
  { range: 'bytes=-0', 'if-range': '"x"' },
  { 'if-none-match': '*' },
  { 'content-type': 'x/y' },
]

test('every route takes any path, query, header and body without falling', async () => {
  const statuses = new Map<number, number>()
  const patterns = server.routes.filter(({ method }) => method !== 'OPTIONS')
  const cases = fc.record({
    route: fc.constantFrom<ServedRoute>(...patterns),
    names: fc.array(odd, { minLength: 1, maxLength: 3 }),
    query: fc.array(fc.tuple(fc.constantFrom(...KEYS), odd), { maxLength: 3 }),
    headers: fc.constantFrom(...HEADERS),
    payload: fc.constantFrom('', '{}', ...BROKEN_BODIES.filter((body) => body.length < 1000)),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ route, names, query, headers, payload }) => {
      const path = route.pattern.replace(/\*/g, () => names.join('/')).replace(/:\w+/g, () => names[0]!)
      const url = `${path}?${query.map((pair) => pair.join('=')).join('&')}`
      const status = await send({
        method: route.method,
        url,
        headers,
        payload: payload.length > 0 ? payload : undefined,
      } as Sent)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }),
    { numRuns: 2000, seed: 8 },
  )
  for (const status of [200, 400, 404, 501]) {
    assert.ok((statuses.get(status) ?? 0) > 10, JSON.stringify([...statuses]))
  }
  await stillWorks()
})
