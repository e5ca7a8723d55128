import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { parse } from 'yaml'
import { writeExample } from './input-example.ts'
import { readModelFolder } from './read-model-folder.ts'
import { writeModelFolder } from './write-model-folder.ts'

const bytes = (content: string) => new TextEncoder().encode(content)
const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content)
const MODEL_ID = `m-${'0a'.repeat(16)}`
const INPUT = {
  runId: 'abc',
  modelId: MODEL_ID,
  location: `mlflow-artifacts:/1/models/${MODEL_ID}/artifacts`,
  createdAt: Date.UTC(2026, 1, 3, 4, 5, 6, 7),
  model: bytes('{"learner":{}}'),
  features: bytes('{}'),
  policy: bytes('{}'),
  inputs: [
    { name: 'amount', type: 'double' },
    { name: 'hour', type: 'any' },
  ],
  example: [
    [0.5, 3],
    [Number.NaN, 1e21],
  ],
}
const describe = (files: ReadonlyMap<string, Uint8Array>) =>
  parse(text(files.get('MLmodel'))) as Record<string, Record<string, unknown>>

test('the folder has the files and flavours that MLflow looks for', () => {
  const files = writeModelFolder(INPUT)
  const own = ['model.json', 'features.json', 'policy.json']
  const examples = ['input_example.json', 'serving_input_example.json']
  const environment = ['requirements.txt', 'python_env.yaml', 'conda.yaml']
  assert.deepEqual([...files.keys()], ['MLmodel', ...environment, ...own, ...examples])
  const described = describe(files)
  assert.deepEqual(Object.keys(described['flavors']!), ['fds', 'python_function', 'xgboost'])
  assert.deepEqual(JSON.parse(String(described['signature']!['inputs'])), [
    { type: 'double', name: 'amount', required: true },
    { type: 'any', name: 'hour', required: true },
  ])
  const { run_id, model_id, model_uuid, artifact_path, utc_time_created, model_size_bytes } = described
  assert.deepEqual(
    [run_id, model_id, model_uuid, artifact_path, utc_time_created],
    ['abc', MODEL_ID, MODEL_ID, INPUT.location, '2026-02-03 04:05:06.007000'],
  )
  const sizes = [...own, ...examples].map((name) => files.get(name)!.length)
  assert.equal(
    model_size_bytes,
    sizes.reduce((sum, size) => sum + size),
  )
})

for (const version of ['3.11.1', '3.17.2']) {
  const folder = `test/fixtures/tracking/models-${version}`

  test(`MLmodel has every key that MLflow ${version} writes, in its order`, () => {
    const theirs = parse(readFileSync(`${folder}/booster-json/MLmodel`, 'utf8')) as Record<string, object>
    const ours = describe(writeModelFolder(INPUT))
    assert.deepEqual(Object.keys(ours), Object.keys(theirs))
    for (const key of ['saved_input_example_info', 'signature']) {
      assert.deepEqual(Object.keys(ours[key]!), Object.keys(theirs[key]!), key)
    }
  })

  test(`an example is written byte for byte as MLflow ${version} writes it`, () => {
    const { columns, rows } = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
      columns: string[]
      rows: (number | null)[][]
    }
    const inputs = columns.map((name) => ({ name, type: 'double' }))
    const written = writeExample(
      inputs,
      rows.slice(0, 2).map((row) => row.map((cell) => cell ?? Number.NaN)),
    )
    for (const [name, content] of written) {
      assert.equal(text(content), readFileSync(`${folder}/booster-json/${name}`, 'utf8'), name)
    }
  })
}

test('numbers of an example are floats in Python', () => {
  const [[, example]] = writeExample(
    [{ name: 'ü"', type: 'any' }],
    [[1], [-2], [1e21], [0.1], [Number.NaN]],
  ) as [[string, Uint8Array]]
  assert.equal(text(example), '{"columns": ["ü\\""], "data": [[1.0], [-2.0], [1e+21], [0.1], [NaN]]}')
})

test('the same input gives the same bytes, another model another id', () => {
  assert.deepEqual(writeModelFolder(INPUT), writeModelFolder(INPUT))
  const { modelId: _, ...alone } = INPUT
  const [one, other] = [alone, { ...alone, model: bytes('{}') }].map((input) =>
    describe(writeModelFolder(input)),
  )
  assert.notEqual(one!['model_uuid'], other!['model_uuid'])
})

test('trees without names have neither signature nor example', () => {
  const files = writeModelFolder({ ...INPUT, inputs: [] })
  assert.doesNotMatch(text(files.get('MLmodel')), /signature:|saved_input_example_info/)
  assert.ok(!files.has('input_example.json'))
})

test('what was written is read', () => {
  assert.deepEqual(readModelFolder(writeModelFolder(INPUT)), {
    runId: 'abc',
    modelId: MODEL_ID,
    flavors: ['fds', 'python_function', 'xgboost'],
    model: 'model.json',
    modelClass: 'xgboost.core.Booster',
    features: 'features.json',
    policy: 'policy.json',
    inputs: INPUT.inputs,
  })
})
