import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import test, { after, before } from 'node:test'
import { pino } from 'pino'
import { type CredentialRequest, createAccess, userOf } from './access.ts'
import { parseUsers, userLine } from './passwords.ts'
import { changesState, type GuardedServer, guarded, openGuardedServer } from './security.fixture.ts'

const SALT = Buffer.from('0123456789abcdef')
const PASSWORD = 'correct horse battery'
const KEYS = [
  { name: 'writer', role: 'write', key: 'write-key-1' },
  { name: 'reader', role: 'read', key: 'read-key-2' },
] as const
const users = parseUsers(
  `${await userLine({ name: 'alice', role: 'write', password: PASSWORD }, SALT)}\n` +
    `${await userLine({ name: 'bob', role: 'read', password: `${PASSWORD} bob` }, SALT)}`,
  'users',
)
const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
})
const lines: string[] = []

let server: GuardedServer

before(async () => {
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  server = await openGuardedServer({
    access: createAccess({ apiKeys: KEYS, users, anonymous: 'none' }),
    logger: pino({ level: 'trace' }, stream),
  })
})
after(() => server.close())

const READ_KEY = { 'x-api-key': 'read-key-2' }
const WRITE_KEY = { 'x-api-key': 'write-key-1' }

test('every route but health and version answers 401 to who has no credential, under both prefixes', async () => {
  const routes = guarded(server.routes)
  for (const { method, url } of routes) {
    const answer = await server.send({ method, url })
    assert.equal(answer.statusCode, 401, `${method} ${url}`)
    const challenge = 'Basic realm="mlflow", charset="UTF-8", Bearer realm="mlflow"'
    assert.equal(answer.headers['www-authenticate'], challenge)
    if (method !== 'HEAD') assert.equal(answer.json().error_code, 'UNAUTHENTICATED')
  }
  const twins = (prefix: string) =>
    routes
      .filter(({ pattern }) => pattern.startsWith(prefix))
      .map(({ method, pattern }) => method + pattern.slice(prefix.length))
  assert.deepEqual(
    twins('/api').filter((route) => !twins('/ajax-api').includes(route)),
    [],
  )
  for (const url of ['/health', '/version']) assert.equal((await server.send({ url })).statusCode, 200, url)
})

test('a credential to read is answered 403 wherever state changes, and passes everywhere else', async () => {
  for (const route of guarded(server.routes)) {
    const answer = await server.send({ ...route, headers: READ_KEY })
    const what = `${route.method} ${route.url} ${answer.statusCode}`
    if (changesState(route)) {
      assert.equal(answer.statusCode, 403, what)
      assert.equal(answer.json().error_code, 'PERMISSION_DENIED')
    } else assert.ok(![401, 403].includes(answer.statusCode), what)
  }
})

test('a credential to write passes everywhere', async () => {
  for (const { method, url } of guarded(server.routes)) {
    const answer = await server.send({ method, url, headers: WRITE_KEY })
    assert.ok(![401, 403].includes(answer.statusCode), `${method} ${url} ${answer.statusCode}`)
  }
})

test('a path that no route has is answered 401 too, so that nobody can feel for routes', async () => {
  for (const prefix of ['/api/2.0', '/ajax-api/2.0']) {
    const url = `${prefix}/mlflow/nothing/here`
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      assert.equal((await server.send({ method, url })).statusCode, 401)
      assert.equal((await server.send({ method, url, headers: READ_KEY })).statusCode, 404)
    }
  }
})

const CREATE = '/api/2.0/mlflow/experiments/create'
const GET = '/api/2.0/mlflow/experiments/get?experiment_id=0'

test('keys come in two headers, users by HTTP basic; nothing near them passes', async () => {
  const right = [
    WRITE_KEY,
    READ_KEY,
    { authorization: 'Bearer write-key-1' },
    { authorization: 'bearer read-key-2' },
    basic('alice', PASSWORD),
    basic('bob', `${PASSWORD} bob`),
  ]
  for (const headers of right) assert.equal((await server.send({ url: GET, headers })).statusCode, 200)
  const wrong: Record<string, string>[] = [
    { 'x-api-key': '' },
    { 'x-api-key': 'write-key-' },
    { 'x-api-key': 'write-key-12' },
    { 'x-api-key': 'WRITE-KEY-1' },
    { 'x-api-key': 'write-key-1, read-key-2' },
    { 'x-api-key': 'wrong', authorization: 'Bearer write-key-1' },
    { 'api-key': 'write-key-1' },
    { cookie: 'x-api-key=write-key-1' },
    { authorization: 'write-key-1' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer  ' },
    { authorization: 'Bearer write-key-1 x' },
    { authorization: 'Token write-key-1' },
    { authorization: `Basic ${Buffer.from('write-key-1').toString('base64')}` },
    { authorization: 'Basic' },
    { authorization: 'Basic !!!' },
    { authorization: 'Basic Og==' },
    basic('write-key-1', ''),
    basic('', 'write-key-1'),
    basic('alice', ''),
    basic('alice', 'password1234'),
    basic('admin', 'password1234'),
    basic('bob', PASSWORD),
    basic('alice:', PASSWORD),
    basic('alice', `${PASSWORD}\n`),
    basic('alice', `${PASSWORD}\0`),
  ]
  for (const headers of wrong) {
    assert.equal((await server.send({ url: GET, headers })).statusCode, 401, JSON.stringify(headers))
  }
  const inUrl = await server.send({ url: `${GET}&x-api-key=write-key-1&access_token=write-key-1` })
  assert.equal(inUrl.statusCode, 401)
})

test('users have the rights of their role', async () => {
  const create = (headers: Record<string, string>) =>
    server.send({ method: 'POST', url: CREATE, headers, payload: { name: 'of alice' } })
  assert.equal((await create(basic('bob', `${PASSWORD} bob`))).statusCode, 403)
  assert.equal((await create(basic('alice', PASSWORD))).statusCode, 200)
})

test('who is refused has sent no body to be parsed', async () => {
  const broken = {
    url: CREATE,
    method: 'POST',
    payload: '{"name":',
    headers: { 'content-type': 'application/json' },
  }
  assert.equal((await server.send(broken)).statusCode, 401)
  assert.equal(
    (await server.send({ ...broken, headers: { ...broken.headers, ...WRITE_KEY } })).statusCode,
    400,
  )
})

test('a handler knows who sent the request', async () => {
  const access = createAccess({ apiKeys: KEYS, users, anonymous: 'read' })
  const judge = async (headers: CredentialRequest['headers'], role: 'read' | 'write') => {
    const request = { headers }
    return [await access.judge(request, role), userOf(request)]
  }
  assert.deepEqual(await judge(WRITE_KEY, 'write'), ['granted', 'writer'])
  assert.deepEqual(await judge(basic('alice', PASSWORD), 'write'), ['granted', 'alice'])
  assert.deepEqual(await judge(READ_KEY, 'write'), ['forbidden', 'reader'])
  assert.deepEqual(await judge({}, 'write'), ['unknown', undefined])
  assert.deepEqual(await judge({ 'x-api-key': 'wrong' }, 'write'), ['unknown', undefined])
})

test('where anonymous may read, reading needs nothing and looks at no password', async () => {
  const access = createAccess({ apiKeys: KEYS, users, anonymous: 'read' })
  assert.equal(await access.judge({ headers: {} }, 'read'), 'granted')
  assert.equal(await access.judge({ headers: {} }, 'write'), 'unknown')
  const flood = Array.from({ length: 1000 }, () => access.judge({ headers: basic('alice', 'guess') }, 'read'))
  assert.deepEqual(new Set(await Promise.all(flood)), new Set(['granted']))
})

test('a flood of guesses is told to wait, in the shape of MLflow, and a key still passes at once', async () => {
  const guess = (index: number) => server.send({ url: GET, headers: basic('alice', `guess ${index}`) })
  const flood = Array.from({ length: 40 }, (_, index) => guess(index))
  assert.equal((await server.send({ url: GET, headers: WRITE_KEY })).statusCode, 200)
  const answers = await Promise.all(flood)
  assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([401, 429]))
  const busy = answers.find(({ statusCode }) => statusCode === 429)!
  assert.equal(busy.headers['retry-after'], '1')
  assert.equal(busy.json().error_code, 'REQUEST_LIMIT_EXCEEDED')
})

test('no secret is in a log line or in the text of a refusal', async () => {
  const secrets = [
    'write-key-1',
    'read-key-2',
    PASSWORD,
    'guessed-secret',
    Buffer.from(PASSWORD).toString('base64'),
  ]
  const texts: string[] = []
  for (const headers of [
    WRITE_KEY,
    READ_KEY,
    basic('alice', PASSWORD),
    { authorization: 'Bearer guessed-secret' },
  ]) {
    for (const { method, url } of guarded(server.routes)) {
      if (method === 'HEAD' || pathHasFiles(url)) continue
      texts.push((await server.send({ method, url, headers })).body)
    }
  }
  assert.ok(texts.length > 400)
  for (const secret of secrets) assert.ok(![...texts, ...lines].some((text) => text.includes(secret)), secret)
})

const pathHasFiles = (url: string): boolean => url.includes('/mlflow-artifacts/')
