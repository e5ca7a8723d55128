import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fileInput, matrixInput } from './dataset-input.ts'

const AS = { name: 'dataset', context: 'train', columns: ['amount', 'hour', 'age'] } as const

for (const version of ['3.11.1', '3.17.2']) {
  test(`the digest of a matrix is the one that MLflow ${version} gives the same numbers`, () => {
    const path = `test/fixtures/tracking/models-${version}/expected.json`
    const expected = JSON.parse(readFileSync(path, 'utf8')) as {
      rows: (number | null)[][]
      digest: string
      long_digest: string
    }
    const values = Float32Array.from(expected.rows.flat(), (cell) => cell ?? Number.NaN)
    assert.ok(values.some(Number.isNaN))
    const { dataset } = matrixInput({ rowCount: expected.rows.length, columnCount: 3, values }, AS)
    assert.equal(dataset.digest, expected.digest)
    const long = {
      rowCount: 4000,
      columnCount: 3,
      values: Float32Array.from({ length: 12_000 }, (_, i) => i),
    }
    assert.equal(matrixInput(long, AS).dataset.digest, expected.long_digest)
  })
}

test('a matrix is described by its shape and its columns', () => {
  const { dataset, tags } = matrixInput(
    { rowCount: 1, columnCount: 3, values: Float32Array.of(1, -0, 3) },
    AS,
  )
  assert.deepEqual(tags, { 'mlflow.data.context': 'train' })
  assert.deepEqual(JSON.parse(dataset.profile!), {
    features_shape: [1, 3],
    features_size: 3,
    features_nbytes: 12,
  })
  assert.deepEqual(JSON.parse(dataset.schema!), {
    mlflow_colspec: AS.columns.map((name) => ({ type: 'float', name, required: true })),
  })
  const zero = matrixInput({ rowCount: 1, columnCount: 3, values: Float32Array.of(1, 0, 3) }, AS)
  assert.equal(dataset.digest, zero.dataset.digest)
})

test('a file is described by the hash of its bytes, its path and its columns', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fds-input-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'payments.csv')
  await writeFile(file, 'amount,shop\n1,a\n')
  const table = {
    rowCount: 1,
    columns: [
      { name: 'amount', kind: 'number', values: Float64Array.of(1) },
      { name: 'shop', kind: 'text', codes: Int32Array.of(0), categories: ['a'] },
    ],
  } as const
  const { dataset } = await fileInput(file, table)
  const digest = createHash('sha256').update('amount,shop\n1,a\n').digest('hex').slice(0, 8)
  assert.deepEqual(
    [dataset.name, dataset.digest, JSON.parse(dataset.source!)],
    ['payments.csv', digest, { uri: file }],
  )
  assert.deepEqual(JSON.parse(dataset.schema!), {
    mlflow_colspec: [
      { type: 'double', name: 'amount', required: true },
      { type: 'string', name: 'shop', required: true },
    ],
  })
})
