import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { pathToFileURL } from 'node:url'
import { CALLS, createWorld, type Json, sendCall, textPlaces } from './hostile.fixture.ts'
import { type GuardedServer, openGuardedServer } from './security.fixture.ts'

const CANARY = 'never to be served'
let server: GuardedServer
let home: string

before(async () => {
  server = await openGuardedServer()
  home = server.served.home
  await writeFile(join(home, 'secret.txt'), CANARY)
  await mkdir(join(home, 'artifacts-twin'))
  await writeFile(join(home, 'artifacts-twin', 'secret.txt'), CANARY)
})
after(() => server.close())

/** Ways out of the artifact folder, to `secret.txt` beside it and to the machine's own files. */
function waysOut(): string[] {
  const plain = [
    '..',
    '../secret.txt',
    '../../secret.txt',
    '../../../../secret.txt',
    '../artifacts-twin/secret.txt',
    'model/../../../../../secret.txt',
    './../secret.txt',
    '.../../secret.txt',
    '....//secret.txt',
    '/etc/passwd',
    '//etc/passwd',
    '\\etc\\passwd',
    '..\\secret.txt',
    'model\\..\\..\\secret.txt',
    'C:\\Windows\\win.ini',
    'C:/Windows/win.ini',
    '\\\\host\\share\\x',
    '//host/share/x',
    '~/secret.txt',
    '~root',
    '$HOME/secret.txt',
    '.uploads',
    '.uploads/x',
    'model/',
    'model//MLmodel',
    'secret.txt\0.png',
    'model\n/../secret.txt',
    'model#/../../secret.txt',
    'model?/../../secret.txt',
    'model;/../../secret.txt',
    join(home, 'secret.txt'),
    pathToFileURL(join(home, 'secret.txt')).href,
    'mlflow-artifacts:/../secret.txt',
    'mlflow-artifacts:/x?/../../secret.txt',
    'mlflow-artifacts:/x#/../../secret.txt',
    'mlflow-artifacts:/x;/../../secret.txt',
    'runs:/../secret.txt',
    'models:/../secret.txt',
  ]
  const encoded = ['../secret.txt', '/etc/passwd', '..\\secret.txt'].flatMap((path) => {
    const once = path.replace(/[./\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
    const overlong = path.replaceAll('.', '%c0%ae').replaceAll('/', '%c0%af')
    return [once, once.toUpperCase(), once.replaceAll('%', '%25'), once.replaceAll('%', '%2525'), overlong]
  })
  return [
    ...plain,
    ...encoded,
    '.%2e/secret.txt',
    '%2e./secret.txt',
    '..%2f..%2fsecret.txt',
    '%u002e%u002e/secret.txt',
  ]
}

/** Every file and folder of the home but the database's own. */
async function outside(): Promise<string[]> {
  const names = await readdir(home, { recursive: true })
  return names.filter((name) => !/^(tracking\.db|artifacts(\/|$))/.test(name)).sort()
}

const NAMES_A_PLACE = /(^|\.)(path|artifact_directory_path|artifact_location|source)$/

test('no text of any call leads out of the artifact folder, under any spelling', async () => {
  const before = await outside()
  let tried = 0
  for (const call of CALLS) {
    for (const { at, put } of textPlaces(call.request(await createWorld(server)))) {
      for (const way of waysOut()) {
        const answer = await sendCall(server, call, put(way))
        const what = `${call.name} ${at} ${JSON.stringify(way)} ${answer.statusCode} ${answer.body}`
        assert.ok(answer.statusCode < 500 || answer.statusCode === 501, what)
        assert.ok(!answer.body.includes(CANARY) && !answer.body.includes('root:x:'), what)
        // nor does a refusal tell where the server keeps its files
        assert.ok(answer.statusCode < 400 || way.includes(home) || !answer.body.includes(home), what)
        tried++
      }
    }
  }
  assert.ok(tried > 8000, String(tried))
  assert.deepEqual(await outside(), before)
  await readEverythingBack()
})

/** Whatever was registered under those names serves nothing from elsewhere. */
async function readEverythingBack(): Promise<void> {
  const { client } = server.served
  const urls: string[] = []
  for (const { name, version } of (await client.searchModelVersions({ maxResults: 5000 })).items) {
    urls.push(`/model-versions/get-artifact?name=${encodeURIComponent(name)}&version=${version}`)
  }
  const experiments = (await client.searchExperiments({ maxResults: 1000 })).items
  for (const { experimentId } of experiments) {
    for (const { info } of (await client.searchRuns({ experimentIds: [experimentId] })).items) {
      urls.push(`/get-artifact?run_id=${info.runId}`)
    }
  }
  assert.ok(urls.length > 50)
  for (const url of urls) {
    for (const path of ['secret.txt', 'passwd', 'artifacts-twin/secret.txt']) {
      const { statusCode, body } = await server.send({ url: `${url}&path=${path}` })
      assert.ok([400, 404].includes(statusCode) && !body.includes(CANARY), `${url} ${path} ${statusCode}`)
    }
  }
}

test('a field that names a place refuses every way out', async () => {
  // a slash at the end, signs that only shells and browsers read, and bytes that are no UTF-8 make a plain name
  const isPlain = (way: string) => /^(~|\$HOME|model[?;]|model\/$|%u|%c0)/.test(way)
  const taken: string[] = []
  for (const call of CALLS) {
    const request = call.request(await createWorld(server))
    const places = textPlaces(request).filter(
      ({ at }) => NAMES_A_PLACE.test(at) && !at.startsWith('datasets'),
    )
    for (const { at, put } of places) {
      for (const way of waysOut().filter((one) => !isPlain(one))) {
        const { statusCode } = await sendCall(server, call, put(way))
        if (statusCode !== 400) taken.push(`${call.name} ${at} ${JSON.stringify(way)} ${statusCode}`)
      }
    }
  }
  assert.deepEqual(taken, [])
})

test('a version with any companions has no source out of the artifacts', async () => {
  const { name, runId, modelId } = await createWorld(server)
  const companions: Json[] = [
    {},
    { run_id: runId },
    { model_id: modelId },
    { run_id: runId, model_id: modelId },
    { tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] },
    { run_id: runId, tags: [{ key: 'mlflow.prompt.is_prompt', value: 'True' }] },
    { tags: [{ key: 'mlflow.source.type', value: 'LOCAL' }] },
    { run_id: '../../x' },
    { run_link: 'file:///etc/passwd' },
  ]
  const taken: string[] = []
  for (const companion of companions) {
    for (const source of [...waysOut(), ...FOREIGN_SOURCES]) {
      const payload = { name, source, ...companion }
      const answer = await server.send({
        method: 'POST',
        url: '/api/2.0/mlflow/model-versions/create',
        payload,
      })
      if (answer.statusCode !== 400) taken.push(`${JSON.stringify(payload)} ${answer.statusCode}`)
    }
  }
  assert.deepEqual(taken, [])
})

const FOREIGN_SOURCES = [
  'file:///etc',
  'FILE:///etc',
  'file:/etc',
  'file:etc',
  'file://localhost/etc',
  'file://host/etc',
  'http://127.0.0.1/a',
  'https://evil.com/a',
  'ftp://evil.com/a',
  'sftp://evil.com/a',
  's3://bucket/a',
  's3a://bucket/a',
  'gs://bucket/a',
  'wasbs://c@a.blob.core.windows.net/a',
  'abfss://c@a/a',
  'dbfs:/a',
  'hdfs://host/a',
  'viewfs:/a',
  'data:text/plain,a',
  'javascript:alert(1)',
  'jar:file:/a!/b',
  'php://filter/a',
  'gopher://host/a',
  'ldap://host/a',
  'unix:/a',
  'blob:a',
  'mlflow-artifacts://host/a',
  'mlflow-artifacts://host:5000/a',
  'mlflow-artifacts://user@host/a',
  'mlflow-artifacts:////host/a/..',
  'mlflow-artifacts:a',
  'MLFLOW-ARTIFACTS://host/a',
  ' mlflow-artifacts:/a',
  '\tfile:///etc',
  'mlflow-artifacts:/a\\..\\b',
  'mlflow-artifacts:/a%00',
  'mlflow-artifacts:/a/%2e%2e/b',
  'mlflow-artifacts:/a/%252e%252e/b',
  'runs:',
  'runs:/',
  'runs://host/a/b',
  'models:',
  'models:/',
  'models:/m',
  'models://host/m/1',
  'models:/m/..',
  '',
]

test('no experiment lies elsewhere', async () => {
  const taken: string[] = []
  for (const [index, artifact_location] of [...FOREIGN_SOURCES, ...waysOut()].entries()) {
    // an empty location is no location
    if (artifact_location === '') continue
    const payload = { name: `elsewhere ${index}`, artifact_location }
    const answer = await server.send({ method: 'POST', url: '/api/2.0/mlflow/experiments/create', payload })
    if (answer.statusCode !== 400) taken.push(`${JSON.stringify(artifact_location)} ${answer.statusCode}`)
  }
  assert.deepEqual(taken, [])
})

test('downloads and uploads refuse every way out, in queries and in paths', async () => {
  const { runId, name, modelId } = await createWorld(server)
  const before = await outside()
  const routes = (path: string) => [
    { url: `/get-artifact?run_id=${runId}&path=${path}` },
    { url: `/get-artifact?run_uuid=${runId}&path=${path}` },
    { url: `/get-artifact?run_id=${path}&path=secret.txt` },
    { url: `/model-versions/get-artifact?name=${name}&version=1&path=${path}` },
    { url: `/model-versions/get-artifact?name=${path}&version=1&path=secret.txt` },
    { url: `/ajax-api/2.0/mlflow/logged-models/${modelId}/artifacts/files?artifact_file_path=${path}` },
    {
      method: 'POST',
      url: `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${runId}&path=${path}`,
      payload: 'x',
    },
    ...['/api/2.0', '/ajax-api/2.0'].flatMap((prefix) => [
      { url: `${prefix}/mlflow-artifacts/artifacts?path=${path}` },
      { url: `${prefix}/mlflow-artifacts/artifacts/${path}` },
      { method: 'PUT', url: `${prefix}/mlflow-artifacts/artifacts/${path}`, payload: 'x' },
      { method: 'DELETE', url: `${prefix}/mlflow-artifacts/artifacts/${path}` },
    ]),
  ]
  for (const way of waysOut()) {
    for (const spelling of [encodeURIComponent(way), way.replace(/[\0\n#?]/g, encodeURIComponent)]) {
      for (const { method = 'GET', ...route } of routes(spelling)) {
        const { statusCode, body } = await server.send({ method, ...route })
        const what = `${method} ${route.url} ${statusCode}`
        assert.ok(!body.includes(CANARY) && !body.includes('root:x:'), what)
        assert.ok(statusCode < 500, what)
        assert.ok(way.includes(home) || !body.includes(home), what)
      }
    }
  }
  assert.deepEqual(await outside(), before)
})
