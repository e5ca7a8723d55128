import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import test, { after, before } from 'node:test'
import { changesState, type GuardedServer, guarded, openGuardedServer } from './security.fixture.ts'

let server: GuardedServer

before(async () => {
  server = await openGuardedServer({ allowedHosts: ['mlflow.example.com'] })
})
after(() => server.close())

const SEARCH = '/api/2.0/mlflow/experiments/search?max_results=1'
const GOOD_HOSTS = [
  'localhost',
  'localhost:8000',
  'LOCALHOST',
  '127.0.0.1:1',
  '127.9.9.9',
  '[::1]:80',
  '[::1]',
  '0.0.0.0',
  '10.1.2.3',
  '192.168.0.1:9',
  '172.16.0.1',
  '172.31.9.9',
  '[fd00::1]:80',
  '[fc12::1]',
  'MLflow.Example.com:443',
]
/** Names that resolve to this machine, or that a careless comparison takes for one that does. */
const BAD_HOSTS = [
  'evil.com',
  'evil.com:8000',
  'localhost.evil.com',
  'localhost.evil.com:80',
  'evil.localhost',
  'localhost.',
  'localhost.localdomain',
  '127.0.0.1.evil.com',
  '127.0.0.1.nip.io',
  '192.168.0.1.nip.io',
  '10.evil.com',
  '192.168.evil.com',
  '172.16.evil.com',
  'fd00.evil.com',
  'mlflow.example.com.evil.com',
  'evil-mlflow.example.com',
  'a.mlflow.example.com',
  'mlflow.example.com.',
  'localhost:80@evil.com',
  '10.0.0.1@evil.com',
  'evil.com:80#localhost',
  'evil.com/localhost',
  'evil.com?localhost',
  'evil.com\\localhost',
  'localhost:80:80',
  'localhost:',
  'localhost:abc',
  'localhost,evil.com',
  'evil.com, localhost',
  'localhost evil.com',
  ' ',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '017700000001',
  '0177.0.0.1',
  '127.000.000.001',
  '127.0.0.1.',
  '127.0.0',
  '127.0.0.1%00',
  '①②⑦.0.0.1',
  '8.8.8.8',
  '172.15.0.1',
  '172.32.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '192.169.0.1',
  '11.0.0.1',
  '[2001:db8::1]',
  '[fe80::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:8.8.8.8]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[::1',
  '::1',
  '[::1]evil.com',
  '[::1].evil.com',
  '[localhost]',
  '[evil.com]',
  'fd00::1',
  '[::1%25eth0]',
  '%6cocalhost',
  'xn--localhost-',
]

test('loopback, private and named hosts are answered, every other host is not', async () => {
  for (const host of GOOD_HOSTS) {
    assert.equal((await server.send({ url: SEARCH, headers: { host } })).statusCode, 200, host)
  }
  for (const host of BAD_HOSTS) {
    const answer = await server.send({ url: SEARCH, headers: { host } })
    assert.equal(answer.statusCode, 403, host)
    assert.equal(answer.json().message, 'Invalid Host header - possible DNS rebinding attack detected')
  }
})

test('every route but health and version refuses a foreign host, also with a HEAD', async () => {
  assert.ok(guarded(server.routes).length > 150)
  for (const { method, url } of guarded(server.routes)) {
    for (const host of ['evil.com', 'localhost.evil.com', '127.0.0.1.nip.io']) {
      const answer = await server.send({ method, url, headers: { host } })
      assert.equal(answer.statusCode, 403, `${method} ${url}`)
    }
  }
  const open = server.routes.filter(({ effect }) => effect === 'none').map(({ pattern }) => pattern)
  assert.deepEqual(new Set(open), new Set(['/health', '/version']))
  for (const url of open) {
    assert.equal((await server.send({ url, headers: { host: 'evil.com' } })).statusCode, 200, url)
  }
})

test('a missing host and two hosts are refused, and a whole address in the first line meets no route', async () => {
  await server.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.app.server.address() as AddressInfo
  const ask = async (lines: string[]): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    socket.end(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`)
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    await once(socket, 'close')
    return /^HTTP\/1\.1 (\d+)/.exec(Buffer.concat(chunks).toString())?.[1] ?? 'none'
  }
  assert.equal(await ask([`GET ${SEARCH} HTTP/1.1`, 'Host: localhost']), '200')
  assert.equal(await ask([`GET ${SEARCH} HTTP/1.1`]), '400')
  assert.equal(await ask([`GET ${SEARCH} HTTP/1.0`]), '403')
  assert.equal(await ask([`GET ${SEARCH} HTTP/1.1`, 'Host: ']), '403')
  assert.equal(await ask([`GET ${SEARCH} HTTP/1.1`, 'Host: localhost', 'Host: evil.com']), '403')
  assert.equal(await ask([`GET ${SEARCH} HTTP/1.1`, 'Host: evil.com', 'hOST: localhost']), '403')
  assert.equal(await ask([`GET ${SEARCH} HTTP/1.1`, 'Host: evil.com', 'X-Forwarded-Host: localhost']), '403')
  assert.notEqual(await ask([`GET http://localhost${SEARCH} HTTP/1.1`, 'Host: evil.com']), '200')
})

const HOST = 'localhost:8000'
const FOREIGN_ORIGINS = [
  'https://evil.com',
  'http://evil.com:8000',
  'null',
  '',
  'file://',
  'http://localhost',
  'http://localhost:9',
  'http://localhost:80000',
  'http://127.0.0.1:8000',
  'http://localhost:8000.evil.com',
  'http://localhost:8000@evil.com',
  'http://a.localhost:8000',
  'http://evil.com#localhost:8000',
  'http://evil.com/localhost:8000',
  'http://localhost:8000/',
  'http:/localhost:8000',
  'ftp://localhost:8000',
  'chrome-extension://localhost:8000',
  'localhost:8000',
  'http://localhost:8000, https://evil.com',
  'http://localhost:8000 https://evil.com',
]

test('every route that changes state refuses the pages of other origins', async () => {
  const routes = server.routes.filter(changesState)
  assert.ok(routes.length > 70)
  assert.deepEqual(new Set(routes.map(({ method }) => method)), new Set(['POST', 'PUT', 'PATCH', 'DELETE']))
  for (const { method, url } of routes) {
    for (const origin of ['https://evil.com', 'null', 'http://localhost:9']) {
      const answer = await server.send({ method, url, headers: { host: HOST, origin } })
      assert.equal(answer.statusCode, 403, `${method} ${url} ${origin}`)
      assert.equal(answer.json().message, 'Cross-origin request blocked')
    }
    for (const site of ['cross-site', 'same-site']) {
      const headers = { host: HOST, 'sec-fetch-site': site }
      assert.equal((await server.send({ method, url, headers })).statusCode, 403, `${method} ${url} ${site}`)
    }
  }
})

test('an origin is the same only where scheme, name and port fit', async () => {
  const create = (headers: Record<string, string>, name: string) =>
    server.send({
      method: 'POST',
      url: '/api/2.0/mlflow/experiments/create',
      headers: { host: HOST, ...headers },
      payload: { name },
    })
  for (const [index, origin] of FOREIGN_ORIGINS.entries()) {
    assert.equal((await create({ origin }, `foreign ${index}`)).statusCode, 403, origin)
  }
  const same = ['http://localhost:8000', 'HTTP://LOCALHOST:8000', 'https://localhost:8000']
  for (const [index, origin] of same.entries()) {
    const headers = { origin, 'sec-fetch-site': 'same-origin' }
    assert.equal((await create(headers, `same ${index}`)).statusCode, 200, origin)
  }
  assert.equal((await create({ 'sec-fetch-site': 'none' }, 'typed')).statusCode, 200)
  const { items } = await server.served.client.searchExperiments()
  assert.deepEqual(items.map(({ name }) => name).sort(), ['Default', 'same 0', 'same 1', 'same 2', 'typed'])
})

test('what a form or a script without preflight can send changes nothing', async () => {
  const types = [
    'text/plain',
    'text/plain;charset=application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    '',
  ]
  for (const { method, url, pattern } of server.routes.filter(changesState)) {
    // uploads take any type; their methods or their own guards are what keeps forms away
    if (method !== 'POST' || !pattern.includes('/mlflow/') || pattern.includes('upload-artifact')) continue
    for (const type of types) {
      const headers = { host: HOST, 'content-type': type }
      const answer = await server.send({ method, url, headers, payload: '{"name":"simple","key":"k"}' })
      assert.ok([400, 404, 415].includes(answer.statusCode), `${method} ${url} ${type} ${answer.statusCode}`)
    }
  }
})

test('no answer lets a page of another origin read it, and a preflight is not granted', async () => {
  for (const { method, url } of server.routes) {
    const headers = { host: HOST, origin: 'https://evil.com', 'access-control-request-method': method }
    for (const sent of [method, 'OPTIONS']) {
      const answer = await server.send({ method: sent, url, headers })
      const granted = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))
      assert.deepEqual(granted, [], `${sent} ${url}`)
    }
  }
})

test('the client in the same process passes no guard', async () => {
  await server.served.client.createExperiment('in process')
})
