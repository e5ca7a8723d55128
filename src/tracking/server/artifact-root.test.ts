import assert from 'node:assert/strict'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import fc from 'fast-check'
import { type Answer, type ListeningServer, openListeningServer } from './raw-http.fixture.ts'

const CANARY = 'the secret outside of the root'
/** A file of this name lies outside, and nobody asks for it. */
const CANARY_NAME = 'canary-by-name'
let folder = ''
let server: ListeningServer
let routes: Readonly<Record<string, (path: string) => Promise<Answer>>>

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fds-outside-'))
  const root = join(folder, 'root')
  await mkdir(join(root, 'inside'), { recursive: true })
  await mkdir(join(folder, 'root-twin'))
  for (const name of ['secret.txt', CANARY_NAME, 'root-twin/secret.txt'])
    await writeFile(join(folder, name), CANARY)
  await writeFile(join(root, 'inside', 'a.txt'), 'inside')
  server = await openListeningServer({ artifactRoot: root })
  routes = await createRoutes(root)
})
after(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** Links to the outside, such as someone with access to the disk might have left there. */
async function plantLinks(at: string): Promise<void> {
  await symlink(folder, join(at, 'up'))
  await symlink(join(folder, 'secret.txt'), join(at, 'link'))
  await symlink(join(folder, 'new'), join(at, 'dangling'))
}

/** Every route that takes a path, and every call by which a path comes in that is used later. */
async function createRoutes(root: string): Promise<typeof routes> {
  const { client } = server.served
  const { runId, artifactUri = '' } = (await client.createRun({ experimentId: '0' })).info
  await client.logArtifact(runId, { path: 'inside/a.txt', data: 'inside' })
  await client.createRegisteredModel('m')
  await client.createModelVersion({ name: 'm', source: artifactUri })
  const { modelId } = await client.createLoggedModel({ experimentId: '0', name: 'logged' })
  const below = ['', `0/${runId}/artifacts`, `0/models/${modelId}/artifacts`]
  for (const at of below) {
    await mkdir(join(root, at), { recursive: true })
    await plantLinks(join(root, at))
  }
  const [page, api] = ['/ajax-api/2.0/mlflow', '/api/2.0/mlflow']
  const proxy = '/api/2.0/mlflow-artifacts'
  const get = (start: string) => (path: string) => server.send('GET', start + path)
  const send = (method: string, start: string) => (path: string) =>
    server.send(method, start + path, { body: 'written' })
  const post = (path: string, body: object) =>
    server.send('POST', api + path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
  let names = 0
  return {
    download: get(`${proxy}/artifacts/`),
    downloadOfRun: get(`${proxy}/artifacts/0/${runId}/artifacts/`),
    head: (path) => server.send('HEAD', `${proxy}/artifacts/${path}`),
    upload: send('PUT', `${proxy}/artifacts/`),
    uploadToRun: send('PUT', `${proxy}/artifacts/0/${runId}/artifacts/`),
    remove: send('DELETE', `${proxy}/artifacts/`),
    list: get(`${proxy}/artifacts?path=`),
    multipart: send('POST', `${proxy}/mpu/create/`),
    presigned: get(`${proxy}/presigned/`),
    runFile: get(`/get-artifact?run_id=${runId}&path=`),
    runOfPath: get('/get-artifact?path=secret.txt&run_id='),
    versionFile: get('/model-versions/get-artifact?name=m&version=1&path='),
    modelFile: get(`${page}/logged-models/${modelId}/artifacts/files?artifact_file_path=`),
    modelOfPath: (path) =>
      get(`${page}/logged-models/${path}/artifacts/files?artifact_file_path=`)('secret.txt'),
    runList: get(`${api}/artifacts/list?run_id=${runId}&path=`),
    modelList: get(`${api}/logged-models/${modelId}/artifacts/directories?artifact_directory_path=`),
    pageUpload: send('POST', `${page}/upload-artifact?run_uuid=${runId}&path=`),
    experiment: async (path) => {
      const location = `mlflow-artifacts:/${path}`
      const made = await post('/experiments/create', { name: `e-${names++}`, artifact_location: location })
      if (made.status !== 200) return made
      const { experiment_id: id } = JSON.parse(made.body) as { experiment_id: string }
      const { runId: run } = (await client.createRun({ experimentId: id })).info
      return get(`/get-artifact?run_id=${run}&path=`)('secret.txt')
    },
    version: async (path) => {
      const made = await post('/model-versions/create', { name: 'm', source: `mlflow-artifacts:/${path}` })
      if (made.status !== 200) return made
      const { version } = (JSON.parse(made.body) as { model_version: { version: string } }).model_version
      return get(`/model-versions/get-artifact?name=m&version=${version}&path=`)('secret.txt')
    },
  }
}

const NAMES =
  '.. . ... up link dangling secret.txt inside a.txt root root-twin etc passwd C: ~ new .uploads 0'.split(' ')
const SLASHES = '/ // /./ \\ %2f %2F %5c %252f %255c %c0%af %00 %0a # %23 ? %3f ;'.split(' ')

const spelled = (name: string) => {
  const hex = (text: string) =>
    text.replace(/[^%]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)
  const spellings = [name, name.replaceAll('.', '%2e'), name.replaceAll('.', '%2E'), hex(name)]
  const again = spellings.flatMap((text) => [text.replaceAll('%', '%25'), text.replaceAll('%', '%2525')])
  return fc.constantFrom(...spellings, ...again, name.replaceAll('.', '%c0%ae'))
}
const step = fc.tuple(fc.constantFrom(...NAMES, '').chain(spelled), fc.constantFrom(...SLASHES))
const built = fc
  .tuple(
    fc.constantFrom('', '/', '//', '%2f', 'file://', 'file:%2f%2f'),
    fc.array(step, { minLength: 1, maxLength: 6 }),
  )
  .map(([start, steps]) => start + steps.flat().slice(0, -1).join(''))
const paths = fc.oneof(
  { weight: 4, arbitrary: built },
  fc.string({ maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => encodeURI(text.toWellFormed())),
)

interface Found {
  readonly path: string
  readonly isLink: boolean
  readonly isFile: boolean
}

/** All that lies below a folder, without following links, which `readdir` would. */
async function walk(at: string): Promise<Found[]> {
  const entries = await readdir(at, { withFileTypes: true })
  const found = entries.map(async (entry): Promise<Found[]> => {
    const path = join(at, entry.name)
    const self = { path, isLink: entry.isSymbolicLink(), isFile: entry.isFile() }
    return entry.isDirectory() ? [self, ...(await walk(path))] : [self]
  })
  return (await Promise.all(found)).flat()
}

/** Every file, folder and link outside of the root, with its size. */
async function outside(): Promise<string[]> {
  const found = (await walk(folder)).filter(({ path }) => !path.startsWith(join(folder, 'root', '/')))
  const shown = found.map(async ({ path, isFile }) => `${path} ${isFile ? (await lstat(path)).size : ''}`)
  return (await Promise.all(shown)).sort()
}

test('no byte outside the root is read or written, whatever the path, on every route that takes one', async () => {
  const before = await outside()
  const statuses = new Map<number, number>()
  const cases = fc.tuple(fc.constantFrom(...Object.keys(routes)), paths)
  await fc.assert(
    fc.asyncProperty(cases, async ([route, path]) => {
      // what no URL can hold never reaches a server
      if (/[^\x21-\x7e]/.test(path)) return
      const { status, body } = await routes[route]!(path.replace(/[#?]/g, encodeURIComponent))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      const what = `${route} ${path} ${status} ${body.slice(0, 200)}`
      assert.ok(status < 500 || status === 501, what)
      assert.ok(!body.includes(CANARY) && !body.includes('root:x:'), what)
      assert.ok(!body.includes(CANARY_NAME), `${what} listed what is outside`)
    }),
    { numRuns: 2000, seed: 14 },
  )
  for (const status of [200, 400, 404, 501]) {
    assert.ok((statuses.get(status) ?? 0) > 20, JSON.stringify([...statuses]))
  }
  assert.deepEqual(await outside(), before)
  assert.equal(await readFile(join(folder, 'secret.txt'), 'utf8'), CANARY)
  await checkInside()
})

/** Inside, the links lead where they led, and no file is a copy of what is outside. */
async function checkInside(): Promise<void> {
  const found = await walk(join(folder, 'root'))
  const files = found.filter(({ isFile }) => isFile)
  assert.ok(files.length > 10, 'nothing was written')
  for (const { path } of files) assert.notEqual(await readFile(path, 'utf8'), CANARY, path)
  for (const { path } of found.filter(({ isLink }) => isLink)) {
    assert.ok([folder, join(folder, 'secret.txt'), join(folder, 'new')].includes(await readlink(path)), path)
  }
}
