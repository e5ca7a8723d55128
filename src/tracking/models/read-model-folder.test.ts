import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { parseModelUri } from '../protocol/model-uri.ts'
import { readModelFolder } from './read-model-folder.ts'

const folderOf = (content: string | Uint8Array) =>
  new Map([['MLmodel', typeof content === 'string' ? new TextEncoder().encode(content) : content]])
const read = (content: string | Uint8Array) => () => readModelFolder(folderOf(content))
const xgboost = (rest: string) => `flavors:\n  xgboost:\n    data: model.ubj\n${rest}`

test('a model that Python logged is read by its xgboost flavour', () => {
  for (const version of ['3.11.1', '3.17.2']) {
    const described = readFileSync(`test/fixtures/tracking/models-${version}/classifier-ubj/MLmodel`)
    const { runId, modelId, ...folder } = readModelFolder(folderOf(described))
    assert.match(`${runId} ${modelId}`, /^[0-9a-f]{32} m-[0-9a-f]{32}$/)
    assert.deepEqual(folder, {
      flavors: ['python_function', 'xgboost'],
      model: 'model.ubj',
      modelClass: 'xgboost.sklearn.XGBClassifier',
      inputs: ['amount', 'hour', 'age'].map((name) => ({ name, type: 'double' })),
    })
  }
})

test('a signature of tensors names no columns', () => {
  const tensor = '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 3]}}]'
  assert.equal(read(xgboost(`signature:\n  inputs: '${tensor}'\n`))().inputs, undefined)
  assert.equal(read(xgboost('signature: null\n'))().inputs, undefined)
})

test('another flavour is refused by name, and a pickle never opened', () => {
  const described = readFileSync('test/fixtures/tracking/models-3.17.2/sklearn-pickle/MLmodel')
  assert.throws(read(described), {
    code: 'MODEL_UNSUPPORTED',
    message: /pickled models are never opened.* got sklearn$/,
  })
})

test('a folder without a readable MLmodel is refused in one line', () => {
  const bomb = [
    'a: &a [x, x]',
    ...'bcdefghij'.split('').map((key, i) => `${key}: &${key} [${`*${'abcdefghij'[i]}, `.repeat(9)}]`),
  ]
  const broken: [string | Uint8Array, RegExp][] = [
    ['flavors: [', /not YAML/],
    ['flavors: {}', /names no XGBoost data/],
    ['flavors: {xgboost: {data: 3}}', /names no XGBoost data/],
    ['text', /names no XGBoost data/],
    ['- 1', /names no XGBoost data/],
    ['', /names no XGBoost data/],
    [bomb.join('\n'), /not YAML/],
    [Uint8Array.of(0x80, 0x04, 0x95, 0xff, 0x00), /not YAML/],
    [`a: ${'x'.repeat(2 ** 20)}`, /at most 1048576 bytes/],
    [xgboost('signature: {inputs: "["}\n'), /signature .* is not JSON/],
    [xgboost('signature: {inputs: "{}"}\n'), /signature .* is not a list/],
  ]
  for (const [content, message] of broken) {
    assert.throws(read(content), { code: 'MODEL_FILE_INVALID', message }, String(content).slice(0, 60))
    assert.throws(read(content), ({ message: line }: Error) => !line.includes('\n'))
  }
  assert.throws(() => readModelFolder(new Map()), { code: 'MODEL_FILE_INVALID', message: /no MLmodel file/ })
})

test('a path that leaves the folder is refused wherever it stands', () => {
  const paths = [
    '../model.json',
    'a/../../b',
    '/etc/passwd',
    'C:\\model',
    'a\\..\\b',
    '.',
    '..',
    'a//b',
    './a',
    'a\\u0000b',
  ]
  for (const path of [...paths, 'file:///etc/passwd', 'http://host/model.json', 'models:/a/1', 'a/']) {
    for (const flavor of [
      `xgboost: {data: "${path.replaceAll('\\', '\\\\').replace('\\\\u', '\\u')}"}`,
      `fds: {data: model.json, policy: "${path.replaceAll('\\', '\\\\').replace('\\\\u', '\\u')}"}`,
    ]) {
      assert.throws(
        read(`flavors: {${flavor}}`),
        { code: 'MODEL_FILE_INVALID', message: /must name a file of/ },
        flavor,
      )
    }
  }
  assert.equal(read('flavors: {xgboost: {data: a/b c/model.json}}')().model, 'a/b c/model.json')
})

test('addresses of models are read', () => {
  const logged = `m-${'0a'.repeat(16)}`
  assert.deepEqual(
    [
      'models:/fraud@champion',
      'models:/a b/12',
      'models:/x/latest',
      `models:/${logged}`,
      'runs:/abc/a/model/',
    ].map(parseModelUri),
    [
      { kind: 'alias', name: 'fraud', alias: 'champion' },
      { kind: 'version', name: 'a b', version: '12' },
      { kind: 'alias', name: 'x', alias: 'latest' },
      { kind: 'logged', modelId: logged },
      { kind: 'run', runId: 'abc', path: 'a/model' },
    ],
  )
  for (const uri of [
    '',
    'model.json',
    'models:/a',
    'models:/a@',
    'models:/a/b',
    'runs:/abc',
    'runs:/abc/',
    's3://a/b',
  ]) {
    assert.throws(() => parseModelUri(uri), { code: 'MODEL_NOT_FOUND' }, uri)
  }
})
