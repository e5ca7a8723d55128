import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { readModelFolder } from '../models/read-model-folder.ts'
import { openGuardedServer } from './security.fixture.ts'

/** A tar archive of one file whose name leads out of wherever it is unpacked. */
function tarOf(name: string, text: string): Buffer {
  const head = Buffer.alloc(512)
  head.write(name, 0)
  head.write('0000644\0', 100)
  head.write(text.length.toString(8).padStart(11, '0'), 124)
  head.write('        0', 148)
  const sum = head.reduce((total, byte) => total + byte, 0) - '0'.charCodeAt(0)
  head.write('0', 156)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([head, Buffer.from(text.padEnd(512, '\0')), Buffer.alloc(1024)])
}

/** `cos\nsystem\n…`: a pickle that runs a command in whoever loads it. */
const PICKLE = Buffer.from("cos\nsystem\n(S'touch escaped'\ntR.")
const PYTHON_TAG = 'flavors: !!python/object/apply:os.system ["touch escaped"]\n'
const STORED: readonly [string, Buffer][] = [
  ['slip.tar', tarOf('../../escaped', 'x')],
  ['slip.tar.gz', gzipSync(tarOf('../../escaped', 'x'))],
  ['bomb.gz', gzipSync(Buffer.alloc(20_000_000))],
  ['model.pkl', PICKLE],
  ['python_model.cloudpickle', PICKLE],
  ['model/MLmodel', Buffer.from(PYTHON_TAG)],
  ['model/conda.yaml', Buffer.from('a: &a [1]\nb: [*a, *a]\n')],
]

test('archives, pickles and YAML are kept as the bytes they are: nothing is unpacked, loaded or run', async () => {
  const { served, send, close } = await openGuardedServer()
  const before = new Set(await readdir(served.home, { recursive: true }))
  for (const [name, data] of STORED) {
    const headers = { 'content-type': 'application/gzip', 'content-encoding': 'gzip' }
    const url = `/api/2.0/mlflow-artifacts/artifacts/x/${name}`
    assert.equal((await send({ method: 'PUT', url, payload: data, headers })).statusCode, 200, name)
    const answer = await send({ url })
    assert.ok(answer.rawPayload.equals(data), name)
    assert.equal(answer.headers['content-encoding'], undefined)
    assert.deepEqual(await readFile(join(served.home, 'artifacts/x', name)), data)
    // nobody may run it either
    assert.equal((await stat(join(served.home, 'artifacts/x', name))).mode & 0o111, 0)
  }
  const added = (await readdir(served.home, { recursive: true })).filter((name) => !before.has(name))
  const wanted = ['artifacts/x', 'artifacts/x/model', ...STORED.map(([name]) => `artifacts/x/${name}`)]
  assert.deepEqual(added.filter((name) => !name.includes('.uploads')).sort(), wanted.sort())
  await close()
})

test('a compressed JSON body is not unpacked', async () => {
  const { send, close } = await openGuardedServer()
  const answer = await send({
    method: 'POST',
    url: '/api/2.0/mlflow/experiments/create',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    payload: gzipSync(JSON.stringify({ name: 'packed', more: ' '.repeat(1_000_000) })),
  })
  assert.equal(answer.statusCode, 400)
  await close()
})

test('a tag of Python or JavaScript in an MLmodel file makes no object and runs nothing', () => {
  for (const tag of [
    PYTHON_TAG,
    'flavors: !!js/function "function(){throw 1}"\n',
    'flavors: !!binary "AAAA"\n',
  ]) {
    const read = () => readModelFolder(new Map([['MLmodel', Buffer.from(tag)]]))
    assert.throws(read, { name: 'FdsError', code: /^MODEL_(FILE_INVALID|UNSUPPORTED)$/ })
  }
})

test('tracking has no means to run, load or unpack anything', () => {
  const files = readdirSync('src/tracking', { recursive: true, encoding: 'utf8' })
  const sources = files.filter((name) => name.endsWith('.ts') && !/\.(test|fixture|contract)\.ts$/.test(name))
  assert.ok(sources.length > 50)
  const means =
    /from 'node:(zlib|child_process|vm|v8|module|worker_threads)'|\beval\(|new Function\(|pickle\.load|from '(tar|unzipper|adm-zip|jszip)/
  for (const name of sources)
    assert.doesNotMatch(readFileSync(join('src/tracking', name), 'utf8'), means, name)
})
