import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { readTable, type Table, tableRows } from './index.ts'
import { writeJsonParquet } from './write-json-parquet.ts'

function fileFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fds-json-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'rows.parquet')
}

async function* batches(...parts: string[][]): AsyncGenerator<Table> {
  for (const objects of parts) {
    const codes = Int32Array.from(objects.keys())
    yield {
      rowCount: objects.length,
      columns: [
        { name: 'id', kind: 'number', values: Float64Array.from(codes) },
        { name: 'object', kind: 'text', codes, categories: objects },
        { name: 'time', kind: 'timestamp', values: Float64Array.from(codes, (code) => 1e9 + code) },
      ],
    }
  }
}

test('spreads objects into columns by what their values are, over batches', async (t) => {
  const file = fileFor(t)
  const rows = await writeJsonParquet(file, {
    json: 'object',
    tables: batches(
      ['{"amount":0.1,"merchant":"caf\\u00e9","online":true,"at":"2025-06-01T12:00:00.5Z","none":null}'],
      [
        '{"amount":-3,"merchant":"","online":null,"at":"2025-06-01","mixed":1}',
        '{"mixed":"a","list":[1,{"b":2}]}',
      ],
    ),
  })
  assert.equal(rows, 3)
  const table = await readTable(file)
  assert.deepEqual(
    table.columns.map(({ name, kind }) => `${name} ${kind}`),
    [
      'id number',
      'time timestamp',
      'amount number',
      'merchant text',
      'online boolean',
      'at timestamp',
      'none text',
      'mixed text',
      'list text',
    ],
  )
  const time = (seconds: number) => new Date(1e12 + 1000 * seconds).toISOString()
  const empty = { amount: null, merchant: null, online: null, at: null, none: null, mixed: null, list: null }
  assert.deepEqual(
    [...tableRows(table)],
    [
      {
        ...empty,
        id: 0,
        time: time(0),
        amount: 0.1,
        merchant: 'café',
        online: true,
        at: '2025-06-01T12:00:00.500Z',
      },
      {
        ...empty,
        id: 0,
        time: time(0),
        amount: -3,
        merchant: '',
        at: '2025-06-01T00:00:00.000Z',
        mixed: '1',
      },
      { ...empty, id: 1, time: time(1), mixed: 'a', list: '[1,{"b":2}]' },
    ],
  )
})

test('keeps apart names that differ in case alone, and keys of any characters', async (t) => {
  const file = fileFor(t)
  await writeJsonParquet(file, {
    json: 'object',
    tables: batches([`{"ID":5,"a/b~c":1,"quote\\"d'":2,"A/B~C":3,"0":4}`]),
  })
  const [row] = [...tableRows(await readTable(file))]
  delete row!['time']
  assert.deepEqual(row, { id: 0, ID_: 5, 'a/b~c': 1, 'quote"d\'': 2, 'A/B~C_': 3, '0': 4 })
})

test('without rows there is no file', async (t) => {
  const file = fileFor(t)
  assert.equal(await writeJsonParquet(file, { json: 'object', tables: batches() }), 0)
  assert.equal(existsSync(file), false)
})
