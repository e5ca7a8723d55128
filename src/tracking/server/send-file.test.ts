import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type ListeningServer, openListeningServer } from './raw-http.fixture.ts'

const CONTENT = '0123456789'
let server: ListeningServer
let downloads: readonly string[]

before(async () => {
  server = await openListeningServer()
  const { client } = server.served
  const { runId, experimentId } = (await client.createRun({ experimentId: '0' })).info
  await client.logArtifact(runId, { path: 'model/data.txt', data: CONTENT })
  await client.createRegisteredModel('m')
  await client.createModelVersion({ name: 'm', source: `runs:/${runId}/model` })
  const { modelId } = await client.createLoggedModel({ experimentId, name: 'logged' })
  const proxied = (prefix: string) => `${prefix}/mlflow-artifacts/artifacts/${experimentId}`
  await server.send('PUT', `${proxied('/api/2.0')}/models/${modelId}/artifacts/data.txt`, { body: CONTENT })
  downloads = [
    `${proxied('/api/2.0')}/${runId}/artifacts/model/data.txt`,
    `${proxied('/ajax-api/2.0')}/${runId}/artifacts/model/data.txt`,
    `/get-artifact?run_id=${runId}&path=model/data.txt`,
    `/get-artifact?run_uuid=${runId}&path=model%2Fdata.txt`,
    '/model-versions/get-artifact?name=m&version=1&path=data.txt',
    `/ajax-api/2.0/mlflow/logged-models/${modelId}/artifacts/files?artifact_file_path=data.txt`,
  ]
})
after(() => server.close())

const onEach = async (check: (path: string) => Promise<void>) => {
  for (const path of downloads) await check(path)
}
const get = (path: string, headers: Record<string, string> = {}) => server.send('GET', path, { headers })

test('a download says its length, its ETag and that parts may be had', () =>
  onEach(async (path) => {
    const { status, body, headers } = await get(path)
    assert.deepEqual([status, body], [200, CONTENT], path)
    assert.equal(headers['content-length'], '10')
    assert.equal(headers['accept-ranges'], 'bytes')
    assert.match(headers.etag ?? '', /^"\w+"$/)
    assert.match(headers['content-disposition'] ?? '', /^attachment; filename=data.txt$/)
  }))

test('HEAD says the same without the bytes', () =>
  onEach(async (path) => {
    const whole = await get(path)
    const head = await server.send('HEAD', path, { headers: { range: 'bytes=0-1' } })
    assert.deepEqual([head.status, head.body], [200, ''])
    for (const name of ['content-length', 'etag', 'content-type', 'accept-ranges']) {
      assert.equal(head.headers[name], whole.headers[name], `${path} ${name}`)
    }
  }))

test('a range is answered with that part', () =>
  onEach(async (path) => {
    const part = await get(path, { range: 'bytes=2-4' })
    assert.deepEqual([part.status, part.body], [206, '234'], path)
    assert.deepEqual([part.headers['content-range'], part.headers['content-length']], ['bytes 2-4/10', '3'])
    assert.equal((await get(path, { range: 'bytes=-2' })).body, '89')
    const several = await get(path, { range: 'bytes=0-1,3-4' })
    assert.deepEqual([several.status, several.body], [200, CONTENT])
    const behind = await get(path, { range: 'bytes=10-' })
    assert.deepEqual([behind.status, behind.headers['content-range'], behind.body], [416, 'bytes */10', ''])
  }))

test('who has the file already is told so, and who has another gets no part of this one', () =>
  onEach(async (path) => {
    const etag = (await get(path)).headers.etag!
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const { status, body, headers } = await get(path, { 'if-none-match': known, range: 'bytes=0-1' })
      assert.deepEqual([status, body, headers.etag], [304, '', etag], `${path} ${known}`)
    }
    assert.equal((await server.send('HEAD', path, { headers: { 'if-none-match': etag } })).status, 304)
    assert.equal((await get(path, { 'if-none-match': '"x"' })).status, 200)
    assert.equal((await get(path, { range: 'bytes=0-1', 'if-range': etag })).status, 206)
    for (const other of ['"x"', `W/${etag}`, 'Wed, 21 Oct 2015 07:28:00 GMT']) {
      assert.equal((await get(path, { range: 'bytes=0-1', 'if-range': other })).status, 200, other)
    }
  }))

test('a new upload to the same path has another ETag', async () => {
  const path = '/api/2.0/mlflow-artifacts/artifacts/changing'
  await server.send('PUT', path, { body: 'one' })
  const first = (await get(path)).headers.etag ?? ''
  await server.send('PUT', path, { body: 'two' })
  const second = await get(path, { 'if-none-match': first })
  assert.deepEqual([second.status, second.body], [200, 'two'])
})

test('pages and drawings are downloads that may not run, whatever they are called', async () => {
  for (const name of ['a.html', 'a.HTM', 'a.svg', 'a.xhtml', 'a.xml', 'a.js', 'a.pdf', 'a', 'a.html.txt']) {
    const path = `/api/2.0/mlflow-artifacts/artifacts/pages/${name}`
    await server.send('PUT', path, { body: '<script>alert(1)</script>' })
    const { headers } = await get(path)
    assert.match(headers['content-disposition'] ?? '', /^attachment/, name)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.match(String(headers['content-security-policy']), /(^|; )sandbox($|;)/)
  }
})

test('an empty file is whole and has no parts', async () => {
  const path = '/api/2.0/mlflow-artifacts/artifacts/empty'
  await server.send('PUT', path)
  const { status, body, headers } = await get(path)
  assert.deepEqual([status, body, headers['content-length']], [200, '', '0'])
  assert.equal((await get(path, { range: 'bytes=0-' })).status, 416)
})

test('a folder and what is not there are refused by GET and HEAD alike', async () => {
  const root = '/api/2.0/mlflow-artifacts/artifacts'
  await server.send('PUT', `${root}/folder/a`, { body: 'x' })
  assert.match((await get(`${root}/folder`)).body, /refers to a directory, not a file: 'folder'/)
  assert.match((await get(`${root}/none`)).body, /No such artifact: 'none'/)
  for (const [path, status] of [
    ['folder', 400],
    ['none', 404],
  ] as const) {
    assert.equal((await server.send('HEAD', `${root}/${path}`)).status, status)
  }
})
