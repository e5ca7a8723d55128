import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import test, { after, before } from 'node:test'
import { openTestServer } from '../server/tracking-test-server.ts'
import { openHttpServer, openSocketServer, type SocketServer } from './http-server.fixture.ts'
import { MlflowClient } from './mlflow-client.ts'

let folder = ''
let served: SocketServer
let runId = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fds-artifacts-'))
  await mkdir(join(folder, 'in', 'deep er', 'ü'), { recursive: true })
  await writeFile(join(folder, 'in', 'a.txt'), 'A')
  await writeFile(join(folder, 'in', 'deep er', 'ü', 'b+c.bin'), randomBytes(300_000))
  served = await openSocketServer()
  runId = (await served.client.createRun({ experimentId: '0' })).info.runId
})
after(async () => {
  await served.close()
  await rm(folder, { recursive: true })
})

test('a file goes up from a path, into a folder, from bytes, from text and from a stream', async () => {
  const { client } = served
  const localPath = join(folder, 'in', 'a.txt')
  await client.logArtifact(runId, localPath)
  await client.logArtifact(runId, { localPath, artifactPath: 'x/y' })
  await client.logArtifact(runId, { path: 'bytes.bin', data: Uint8Array.of(1, 2) })
  await client.logArtifact(runId, { path: 'stream.txt', data: Readable.from(['ab', 'c']) })
  await client.logText(runId, { text: 'hällo', artifactFile: 'text.txt' })
  await client.logDict(runId, { dictionary: { a: [1] }, artifactFile: 'd.json' })
  await client.logDict(runId, { dictionary: { a: [1] }, artifactFile: 'd.yaml' })
  await client.logFigure(runId, { figure: '<svg/>', artifactFile: 'plot.svg' })
  const read = async (path: string) => Buffer.from(await client.downloadArtifact(runId, path)).toString()
  assert.deepEqual(await Promise.all(['a.txt', 'x/y/a.txt', 'stream.txt', 'text.txt'].map(read)), [
    'A',
    'A',
    'abc',
    'hällo',
  ])
  assert.deepEqual(await Promise.all(['d.json', 'd.yaml', 'plot.svg'].map(read)), [
    '{\n  "a": [\n    1\n  ]\n}',
    'a:\n  - 1\n',
    '<svg/>',
  ])
  assert.equal(await text(await client.openArtifact(runId, 'stream.txt')), 'abc')
})

test('a folder goes up and comes down as it was', async () => {
  const { client } = served
  await client.logArtifacts(runId, { localDir: join(folder, 'in'), artifactPath: 'copy' })
  await client.logArtifact(runId, join(folder, 'in'))
  const local = await client.downloadArtifacts(runId, { path: 'copy', dstPath: join(folder, 'out') })
  assert.equal(local, join(folder, 'out', 'copy'))
  const inner = join('deep er', 'ü', 'b+c.bin')
  assert.deepEqual(await readFile(join(local, inner)), await readFile(join(folder, 'in', inner)))
  assert.deepEqual((await readdir(local)).sort(), ['a.txt', 'deep er'])
  const one = await client.downloadArtifacts(runId, { path: 'in/a.txt', dstPath: join(folder, 'one') })
  assert.equal(await readFile(one, 'utf8'), 'A')
  const all = await client.downloadArtifacts(runId)
  assert.equal(
    await readFile(join(all, 'in', inner), 'hex'),
    await readFile(join(folder, 'in', inner), 'hex'),
  )
  await rm(all, { recursive: true })
  await assert.rejects(client.downloadArtifacts(runId, { path: 'none', dstPath: folder }), /No such artifact/)
})

test('a location in a shared folder is written and read there, as the Python client does', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'fds-shared-'))
  const shared = await openTestServer({ home, artifactRoot: `file://${home}/root` })
  t.after(shared.close)
  const { client } = shared
  const { info } = await client.createRun({ experimentId: '0' })
  assert.match(info.artifactUri!, /^file:\/\//)
  await client.logArtifacts(info.runId, join(folder, 'in'))
  await client.logArtifact(info.runId, { path: 'b/stream.txt', data: Readable.from(['abc']) })
  assert.deepEqual(await client.listArtifacts(info.runId, 'b'), [
    { path: 'b/stream.txt', isDir: false, fileSize: 3 },
  ])
  assert.equal(Buffer.from(await client.downloadArtifact(info.runId, 'b/stream.txt')).toString(), 'abc')
  const local = await client.downloadArtifacts(info.runId, { dstPath: join(folder, 'shared') })
  assert.deepEqual((await readdir(local)).sort(), ['a.txt', 'b', 'deep er'])
  const outside = client.logArtifact(info.runId, { path: '../../out.txt', data: 'x' })
  await assert.rejects(outside, /Invalid path/)
})

const info = (uri: string) =>
  `{"run":{"info":{"run_id":"r","experiment_id":"0","status":"RUNNING","lifecycle_stage":"active","artifact_uri":"${uri}"},"data":{}}}`

/** A server with one run, whose files behave as a test wants. */
async function openFiles(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
  uri = 'mlflow-artifacts:/0/r/artifacts',
) {
  const { uri: address, close } = await openHttpServer((request, response) => {
    if (request.url!.includes('/runs/get')) response.end(info(uri))
    else answer(request, response)
  })
  return { client: new MlflowClient({ uri: address, now: Date.now, sleep: async () => {} }), close }
}

test('a download that breaks off is begun again, and no half file stays behind', async (t) => {
  let reads = 0
  const { client, close } = await openFiles((request, response) => {
    if (request.url!.includes('?path=')) return response.end('{"files":[{"path":"big","file_size":9}]}')
    response.writeHead(200, { 'content-length': 9 })
    if (reads++ < 2) return response.write('1234', () => response.destroy())
    return response.end('123456789')
  })
  t.after(close)
  const local = await client.downloadArtifacts('r', { path: 'big', dstPath: join(folder, 'broken') })
  assert.equal(await readFile(local, 'utf8'), '123456789')
  reads = -100
  const again = client.downloadArtifacts('r', { path: 'big', dstPath: join(folder, 'never') })
  await assert.rejects(again, { code: 'TRACKING_UNREACHABLE' })
  assert.deepEqual(await readdir(join(folder, 'never')), [])
})

test('an upload is sent again from its start, unless it is a stream that has gone', async (t) => {
  const bodies: string[] = []
  const { client, close } = await openFiles(async (request, response) => {
    bodies.push(await text(request))
    response.writeHead(bodies.length % 2 === 1 ? 502 : 200).end('{}')
  })
  t.after(close)
  await client.logArtifact('r', join(folder, 'in', 'a.txt'))
  await client.logArtifact('r', { path: 'a', data: 'B' })
  assert.deepEqual(bodies, ['A', 'A', 'B', 'B'])
  await assert.rejects(client.logArtifact('r', { path: 'a', data: Readable.from(['C']) }), /502/)
  assert.equal(bodies.length, 5)
})

test('a server that lists names leading elsewhere is not followed', async (t) => {
  for (const name of ['..', '/etc/passwd', 'a/../../b', 'C:\\\\x', '']) {
    const { client, close } = await openFiles((_, response) =>
      response.end(`{"files":[{"path":"${name}","file_size":1}]}`),
    )
    t.after(close)
    await assert.rejects(client.downloadArtifacts('r', { dstPath: join(folder, 'hostile') }), /plain|'files/)
  }
  const { client, close } = await openFiles(() => {}, 's3://bucket/r')
  t.after(close)
  await assert.rejects(client.logArtifact('r', { path: 'a', data: '' }), { code: 'MODEL_UNSUPPORTED' })
})
