import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import test, { after, before } from 'node:test'
import { type FastifyInstance, fastify } from 'fastify'
import { openTestServer, type TestServer } from './tracking-test-server.ts'

const SECRET = 'the secret outside of the root'
const PROXY = '/api/2.0/mlflow-artifacts/artifacts'
let folder = ''
let served: TestServer
let app: FastifyInstance

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fds-outside-'))
  await mkdir(join(folder, 'root', 'inside'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), SECRET)
  await writeFile(join(folder, 'root', 'inside', 'a.txt'), 'inside')
  await writeFile(join(folder, 'unnamed'), SECRET)
  await symlink(folder, join(folder, 'root', 'up'))
  await symlink(join(folder, 'secret.txt'), join(folder, 'root', 'link'))
  served = await openTestServer({ artifactRoot: join(folder, 'root') })
  app = fastify()
  await app.register(served.server.routes)
  await app.listen({ port: 0, host: '127.0.0.1' })
})
after(async () => {
  await app.close()
  await served.close()
  await rm(folder, { recursive: true })
})

/** Sends the path byte for byte, as no well-behaved client would. */
async function send(
  method: string,
  path: string,
  body = '',
): Promise<{ status: number; body: string; headers: object }> {
  const { port } = app.server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ method, path, port, host: '127.0.0.1', agent: false }, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await text(response), headers: response.headers })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

test('a file goes up as raw bytes and comes down as a download', async () => {
  const path = `${PROXY}/1/run/artifacts/${encodeURIComponent('보고서 "a".html')}`
  assert.equal((await send('PUT', path, '<script>')).status, 200)
  const { status, body, headers } = await send('GET', path)
  assert.deepEqual([status, body], [200, '<script>'])
  const expected = {
    'content-type': 'text/html; charset=utf-8',
    'content-length': '8',
    'content-disposition': `attachment; filename="___ \\"a\\".html"; filename*=UTF-8''${encodeURIComponent('보고서 "a".html')}`,
    'x-content-type-options': 'nosniff',
  }
  assert.deepEqual({ ...headers, ...expected }, headers)
  assert.equal((await send('DELETE', path)).status, 200)
  assert.equal((await send('GET', path)).status, 404)
  assert.equal((await send('DELETE', `${PROXY}/1/run/artifacts/`)).status, 200)
  assert.equal((await send('DELETE', `${PROXY}/`)).status, 400)
})

test('a folder lists names, a run lists paths', async () => {
  const { runId, experimentId } = (await served.client.createRun({ experimentId: '0' })).info
  await served.client.logArtifacts(
    runId,
    new Map([
      ['d/a.txt', 'x'],
      ['d/e/b.txt', 'y'],
    ]),
  )
  const { body } = await send('GET', `${PROXY}?path=${experimentId}/${runId}/artifacts/d`)
  assert.deepEqual(JSON.parse(body), {
    files: [
      { path: 'a.txt', is_dir: false, file_size: 1 },
      { path: 'e', is_dir: true },
    ],
  })
  assert.deepEqual(await served.client.listArtifacts(runId, 'd'), [
    { path: 'd/a.txt', isDir: false, fileSize: 1 },
    { path: 'd/e', isDir: true },
  ])
  await assert.rejects(served.client.listArtifacts(runId, '../..'), /Invalid path/)
  await assert.rejects(served.client.downloadArtifact(runId, '../../../secret.txt'), /Invalid path/)
})

test('a multipart upload is refused in the words at which the client falls back', async () => {
  const { status, body } = await send('POST', '/api/2.0/mlflow-artifacts/mpu/create/a', '{}')
  assert.equal(status, 501)
  assert.match(
    JSON.parse(body).message,
    /^Multipart upload is not supported for the current artifact repository/,
  )
})

test('a version has its files by name too', async () => {
  const { runId } = (await served.client.createRun({ experimentId: '0' })).info
  await served.client.logArtifact(runId, { path: 'model/MLmodel', data: 'flavors: {}' })
  await served.client.createRegisteredModel('m')
  await served.client.createModelVersion({ name: 'm', source: `runs:/${runId}/model` })
  const { body } = await send('GET', '/model-versions/get-artifact?name=m&version=1&path=MLmodel')
  assert.equal(body, 'flavors: {}')
  assert.equal(
    (await send('GET', '/model-versions/get-artifact?name=m&version=1&path=%2e%2e%2fx')).status,
    400,
  )
  assert.equal((await send('GET', '/get-artifact?path=x')).status, 400)
})

test('an upload cut off in the middle leaves nothing', async () => {
  const { port } = app.server.address() as AddressInfo
  await new Promise<void>((resolve) => {
    const headers = { 'content-length': '1000000' }
    const sent = httpRequest({ method: 'PUT', path: `${PROXY}/cut`, port, host: '127.0.0.1', headers })
    sent.on('error', () => resolve())
    sent.write('x'.repeat(1000))
    setTimeout(() => sent.destroy(new Error('cut')), 50)
  })
  for (let look = 0; look < 100; look++) {
    if ((await readdir(join(folder, 'root', '.uploads'))).length === 0) break
    await new Promise((wake) => setTimeout(wake, 10))
  }
  assert.deepEqual(await readdir(join(folder, 'root', '.uploads')), [])
  assert.equal((await send('GET', `${PROXY}/cut`)).status, 404)
})
