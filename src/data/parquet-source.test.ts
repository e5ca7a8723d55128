import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { contents, refusal, testFile, testFolder } from './files.fixture.ts'
import { readTable, readTableBatches } from './read-table.ts'
import type { Table } from './table.ts'
import { writeTable } from './write-table.ts'

// made by pyarrow: test/fixtures/data/make.py
const TYPES = join(import.meta.dirname, '../../test/fixtures/data/types.parquet')
const PLAIN = [
  'int8',
  'uint64',
  'int64',
  'float32',
  'double',
  'decimal',
  'bool',
  'string',
  'category',
  'nothing',
]
const TIMES = ['at_ms', 'at_ns', 'at_seoul', 'day', 'clock']

test('reads every type that pyarrow writes and a table can hold', async () => {
  assert.deepEqual(contents(await readTable(TYPES, { columns: [...PLAIN, ...TIMES] })), {
    'int8: number': [1, null, -3],
    'uint64: number': [1, null, 2 ** 63],
    'int64: number': [2 ** 53, null, -5],
    'float32: number': [Math.fround(0.1), null, Infinity],
    'double: number': [0.1, null, null],
    'decimal: number': [12.34, null, -0.01],
    'bool: boolean': [true, null, false],
    'string: text': ['x', null, ''],
    'category: text': ['b', null, 'a'],
    'nothing: number': [null, null, null],
    'at_ms: timestamp': ['2025-01-31T10:20:30.250Z', null, '2025-01-31T10:20:30.250Z'],
    'at_ns: timestamp': ['2025-01-31T10:20:30.250Z', null, '2025-01-31T10:20:30.250Z'],
    'at_seoul: timestamp': ['2025-01-31T10:20:30.250Z', null, '2025-01-31T10:20:30.250Z'],
    'day: date': ['2025-01-31', null, '1969-12-31'],
    'clock: time': ['10:20:30', null, '00:00:00'],
  })
})

test('keeps names that differ in case alone, and numbers asked for as text as they were', async () => {
  const wish = { columns: ['Amount', 'amount', 'int64', 'decimal'], text: ['amount', 'int64', 'decimal'] }
  assert.deepEqual(contents(await readTable(TYPES, wish)), {
    'int64: text': ['9007199254740993', null, '-5'],
    'decimal: text': ['12.34', null, '-0.01'],
    'amount: text': ['1.5', null, '2'],
    'Amount: number': [10, null, 20],
  })
})

test('refuses lists and structures by name when they are asked for', async () => {
  assert.equal(
    await refusal(() => readTable(TYPES)),
    'COLUMN_TYPE_INVALID: Column "list" must be a number, boolean, time or text, got BIGINT[]',
  )
  assert.match(
    await refusal(() => readTable(TYPES, { columns: ['struct'] })),
    /^COLUMN_TYPE_INVALID: Column "struct"/,
  )
  assert.match(await refusal(() => readTable(TYPES, { columns: ['b'] })), /^COLUMN_MISSING: No column "b"/)
})

test('refuses what is no Parquet file, a cut one, and one without rows, in one line', async (context) => {
  const bytes = await readFile(TYPES)
  const cases: readonly [content: string | Uint8Array, message: RegExp][] = [
    ['', /^FILE_EMPTY: /],
    ['a,b\n1,2\n', /^FILE_UNREADABLE: Cannot read a\.parquet: .*too small/],
    ['PAR1 but nothing that a footer would be PAR1', /^FILE_UNREADABLE: Cannot read a\.parquet: /],
    [bytes.subarray(0, -100), /^FILE_UNREADABLE: Cannot read a\.parquet: /],
    [bytes.subarray(100), /^FILE_UNREADABLE: Cannot read a\.parquet: /],
  ]
  for (const [content, message] of cases) {
    const file = await testFile(context, 'a.parquet', content)
    assert.match(await refusal(() => readTable(file, { columns: ['double'] })), message)
  }
  const empty = join(await testFolder(context), 'empty.parquet')
  await writeTable(empty, {
    rowCount: 0,
    columns: [{ name: 'a', kind: 'number', values: new Float64Array(0) }],
  })
  assert.match(await refusal(() => readTable(empty)), /^FILE_EMPTY: /)
})

test('refuses a file whose data are damaged far from the footer', async (context) => {
  const file = join(await testFolder(context), 'damaged.parquet')
  const values = Float64Array.from({ length: 200_000 }, (_, row) => Math.sin(row))
  await writeTable(file, { rowCount: values.length, columns: [{ name: 'a', kind: 'number', values }] })
  const bytes = await readFile(file)
  bytes.fill(0x5a, bytes.length - 200_000, bytes.length - 100_000)
  await writeFile(file, bytes)
  assert.match(await refusal(() => readTable(file)), /^FILE_UNREADABLE: Cannot read damaged\.parquet: \S/)
})

test('reads batches in the order of the rows, across row groups', async (context) => {
  const file = join(await testFolder(context), 'long.parquet')
  const values = Float64Array.from({ length: 250_000 }, (_, row) => row)
  await writeTable(file, { rowCount: values.length, columns: [{ name: 'a', kind: 'number', values }] })
  const batches: Table[] = []
  for await (const batch of readTableBatches(file)) batches.push(batch)
  assert.deepEqual(
    batches.map((batch) => batch.rowCount),
    [65_536, 65_536, 65_536, 53_392],
  )
  assert.deepEqual(
    batches.flatMap((batch) => contents(batch)['a: number']),
    [...values],
  )
})
