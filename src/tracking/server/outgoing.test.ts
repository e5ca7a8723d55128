import assert from 'node:assert/strict'
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import test, { after, before } from 'node:test'
import { CALLS, createWorld, sendCall, textPlaces } from './hostile.fixture.ts'
import { type GuardedServer, guarded, openGuardedServer } from './security.fixture.ts'

let server: GuardedServer
let listener: Server
let connections = 0
let opened = 0

before(async () => {
  // Node tells here of every socket that this process opens towards another
  subscribe('net.client.socket', () => opened++)
  listener = createServer((socket) => {
    connections++
    socket.destroy()
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  server = await openGuardedServer()
})
after(async () => {
  listener.close()
  await server.close()
})

function addresses(): string[] {
  const host = `127.0.0.1:${(listener.address() as AddressInfo).port}`
  const schemes = [
    'http',
    'https',
    'ftp',
    'ws',
    'mlflow-artifacts',
    'file',
    's3',
    'hdfs',
    'postgres',
    'runs',
    'models',
  ]
  const others = [
    `//${host}/x`,
    `\\\\${host}\\x`,
    `http:/${host}/x`,
    `http://a@${host}/x?y#z`,
    `jar:http://${host}/x!/`,
  ]
  const image = `<img src="http://${host}/x">`
  const entity = `<!DOCTYPE a [<!ENTITY b SYSTEM "http://${host}/x">]><a>&b;</a>`
  return [...schemes.map((scheme) => `${scheme}://${host}/x`), ...others, image, entity]
}

test('the listener hears of a connection, so that silence means something', async () => {
  await fetch(addresses()[0]!).catch(() => {})
  assert.deepEqual([connections, opened], [1, 1])
})

test('no text of any call, no query and no header makes the server open a connection', async () => {
  const heard = { connections, opened }
  for (const call of CALLS) {
    const request = call.request(await createWorld(server))
    for (const { put } of textPlaces(request)) {
      for (const address of addresses()) await sendCall(server, call, put(address))
    }
  }
  const [first = ''] = addresses()
  const keys = [
    'path',
    'run_id',
    'run_uuid',
    'name',
    'version',
    'artifact_file_path',
    'gateway_path',
    'url',
    'query',
  ]
  const query = keys.map((key) => `${key}=${encodeURIComponent(first)}`).join('&')
  const headers = {
    referer: first,
    'x-forwarded-host': first,
    'x-original-url': first,
    forwarded: `host=${first}`,
  }
  for (const { method, url } of guarded(server.routes)) {
    const payload = {
      headers: { ...headers, 'content-type': 'application/json' },
      payload: JSON.stringify({ url: first }),
    }
    await server.send({
      method,
      url: `${url}?${query}`,
      ...(method === 'GET' || method === 'HEAD' ? { headers } : payload),
    })
  }
  await readBack()
  assert.deepEqual({ connections, opened }, heard)
})

/** What was stored is read, listed and downloaded: nothing is fetched then either. */
async function readBack(): Promise<void> {
  const { client } = server.served
  for (const { name, version } of (await client.searchModelVersions({ maxResults: 5000 })).items) {
    const query = `name=${encodeURIComponent(name)}&version=${version}&path=x`
    await server.send({ url: `/model-versions/get-artifact?${query}` })
  }
  for (const { experimentId } of (await client.searchExperiments({ maxResults: 1000 })).items) {
    for (const { info } of (await client.searchRuns({ experimentIds: [experimentId] })).items) {
      await server.send({ url: `/api/2.0/mlflow/artifacts/list?run_id=${info.runId}` })
      await server.send({ url: `/get-artifact?run_id=${info.runId}&path=x` })
    }
  }
}
