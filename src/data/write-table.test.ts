import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { contents, refusal, testFolder } from './files.fixture.ts'
import { readTable } from './read-table.ts'
import type { Column, NumberColumn, Table, TextColumn } from './table.ts'
import { writeTable } from './write-table.ts'

const FORMATS = ['csv', 'csv.gz', 'parquet']
const DAY = 86_400
/** Years 1 to 2255: beyond, a double of seconds holds no microseconds. */
const MICROSECONDS = { min: -62_135_596_800_000_000, max: 2 ** 53 - 1 }

/** DuckDB's binding drops a byte order mark that begins a text. */
const characters = fc.string({ unit: 'binary' }).filter((text) => !text.startsWith('\ufeff'))

const VALUES: Readonly<Record<Column['kind'], fc.Arbitrary<number | string>>> = {
  number: fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.constantFrom(-0, Infinity, -Infinity, 5e-324, 2 ** 53 + 2),
  ),
  boolean: fc.constantFrom(0, 1),
  timestamp: fc
    .maxSafeInteger()
    .filter((us) => us >= MICROSECONDS.min)
    .map((us) => us / 1e6),
  date: fc.integer({ min: -719_162, max: 2_932_896 }).map((day) => day * DAY),
  time: fc.integer({ min: 0, max: DAY * 1e6 - 1 }).map((us) => us / 1e6),
  text: fc.oneof(
    characters,
    fc.constantFrom(
      '',
      ' ',
      'NA',
      'null',
      'a,b',
      '"',
      'a"b',
      '\n',
      '\r\n',
      'x\r',
      ' lead',
      '12',
      'true',
      '2025-01-01',
      '#',
      '\\',
    ),
  ),
}

const table: fc.Arbitrary<Table> = fc
  .record({
    rowCount: fc.integer({ min: 1, max: 12 }),
    kinds: fc.array(fc.constantFrom(...(Object.keys(VALUES) as Column['kind'][])), {
      minLength: 1,
      maxLength: 6,
    }),
    names: fc.uniqueArray(
      characters.filter((name) => name !== '').map((name) => name.replaceAll('\0', '0')),
      {
        minLength: 6,
        maxLength: 6,
        selector: (name) => name.toLowerCase(),
      },
    ),
  })
  .chain(({ rowCount, kinds, names }) => {
    const columns = kinds.map((kind, place) => {
      const cells = fc.array(fc.option(VALUES[kind], { freq: 4 }), {
        minLength: rowCount,
        maxLength: rowCount,
      })
      return cells.map((values) => columnOf(names[place]!, kind, values))
    })
    return fc.tuple(...columns).map((made) => ({ rowCount, columns: made }))
  })

for (const format of FORMATS) {
  test(`what is written as ${format} is read again, bit by bit`, async (context) => {
    const file = join(await testFolder(context), `round [trip]*.${format}`)
    await fc.assert(
      fc.asyncProperty(table, async (written) => {
        await writeTable(file, written)
        const text = written.columns.filter((column) => column.kind === 'text').map((column) => column.name)
        const read = await readTable(file, { text })
        assert.deepEqual(comparable(read), comparable(format === 'parquet' ? written : asCsvTells(written)))
      }),
      { numRuns: format === 'csv.gz' ? 4 : 14, seed: 5 },
    )
  })

  test(`the same table gives the same bytes as ${format}, however long it is`, async (context) => {
    const folder = await testFolder(context)
    const long = longTable(format === 'parquet' ? 130_000 : 20_000)
    const hashes: string[] = []
    for (const name of ['a', 'b']) {
      const file = join(folder, `${name}.${format}`)
      await writeTable(file, long)
      hashes.push(createHash('sha256').update(readFileSync(file)).digest('hex'))
    }
    assert.equal(hashes[0], hashes[1])
    assert.deepEqual(comparable(await readTable(join(folder, `a.${format}`))), comparable(long))
    assert.deepEqual(readdirSync(folder).sort(), [`a.${format}`, `b.${format}`])
  })
}

test('writes CSV that is read without knowing this program', async (context) => {
  const file = join(await testFolder(context), 'plain.csv.gz')
  const columns = [
    columnOf('amount', 'number', [12.5, -0, 1e21, null]),
    columnOf('ok', 'boolean', [1, 0, null, 1]),
    columnOf('at', 'timestamp', [1738318830, 0.25, -1, null]),
    columnOf('day', 'date', [1738281600, 0, null, -DAY]),
    columnOf('clock', 'time', [0, 37230.5, 86399.999999, null]),
    columnOf('city; "x"', 'text', ['Seoul', 'a, "b"', '', null]),
  ]
  await writeTable(file, { rowCount: 4, columns })
  assert.equal(
    gunzipSync(readFileSync(file)).toString(),
    `amount,ok,at,day,clock,"city; ""x"""
12.5,true,2025-01-31T10:20:30Z,2025-01-31,00:00:00,Seoul
-0,false,1970-01-01T00:00:00.250000Z,1970-01-01,10:20:30.500000,"a, ""b"""
1e+21,,1969-12-31T23:59:59Z,,23:59:59.999999,""
,true,,1969-12-31,,
`,
  )
})

test('replaces a file whole and leaves it alone when writing fails', async (context) => {
  const file = join(await testFolder(context), 'a.csv')
  await writeFile(file, 'old\n1\n')
  const late = { rowCount: 1, columns: [columnOf('at', 'timestamp', [1e15])] }
  assert.equal(
    await refusal(() => writeTable(file, late)),
    'CELL_INVALID: a.csv, row 1, column "at": must be a time in the years 1 to 9999, got 1000000000000000 seconds',
  )
  assert.equal(readFileSync(file, 'utf8'), 'old\n1\n')
  await writeTable(file, longTable(10))
  assert.equal(contents(await readTable(file))['row: number']!.length, 10)
})

test('refuses in one line what cannot be written', async (context) => {
  const folder = await testFolder(context)
  const one = longTable(1)
  const twice = { rowCount: 1, columns: [one.columns[0]!, { ...one.columns[0]!, name: 'ROW' }] }
  const same = { rowCount: 1, columns: [one.columns[0]!, one.columns[0]!] }
  await mkdir(join(folder, 'is.csv'))
  const refused = (name: string, written: Table) => refusal(() => writeTable(join(folder, name), written))
  assert.equal(
    await refused('no/such/a.csv', one),
    'STORAGE_FAILED: Cannot read or write no/such/a.csv: no such folder',
  )
  assert.match(await refused('is.csv', one), /^STORAGE_FAILED: Cannot read or write is\.csv: /)
  assert.equal(
    await refused('a.txt', one),
    'FILE_FORMAT_UNKNOWN: A data file must end in .csv, .csv.gz or .parquet, got a.txt',
  )
  assert.equal(
    await refused('a.csv', same),
    'COLUMN_DUPLICATE: Column names must differ, got "row" more than once in a.csv',
  )
  assert.equal(
    await refused('a.parquet', twice),
    'COLUMN_DUPLICATE: Column names must differ, got "row" more than once in a.parquet',
  )
  assert.equal(
    await refused('a.csv', { rowCount: 0, columns: [] }),
    'STORAGE_FAILED: Cannot read or write a.csv: a table needs a column',
  )
  assert.deepEqual(readdirSync(folder), ['is.csv'])
})

function columnOf(name: string, kind: Column['kind'], values: readonly (number | string | null)[]): Column {
  if (kind !== 'text')
    return {
      name,
      kind,
      values: Float64Array.from(values, (value) => (value === null ? NaN : Number(value))),
    }
  const categories = [...new Set(values.filter((value) => value !== null))].map(String)
  return {
    name,
    kind,
    categories,
    codes: Int32Array.from(values, (value) => (value === null ? -1 : categories.indexOf(String(value)))),
  }
}

function longTable(rowCount: number): Table {
  const row = Float64Array.from({ length: rowCount }, (_, index) => index / 3)
  const at = row.map((_, index) => 1735689600 + index)
  const codes = Int32Array.from({ length: rowCount }, (_, index) => (index % 4) - 1)
  return {
    rowCount,
    columns: [
      { name: 'row', kind: 'number', values: row },
      { name: 'at', kind: 'timestamp', values: at },
      { name: 'word', kind: 'text', codes, categories: ['x', 'y, z', ''] },
    ],
  }
}

/** A CSV column without values has no kind, and one of texts is told apart by the reader's option alone. */
function asCsvTells(written: Table): Table {
  const columns = written.columns.map((column): Column => {
    const empty = column.kind !== 'text' && column.values.every(Number.isNaN)
    return empty ? { ...(column as NumberColumn), kind: 'number' } : column
  })
  return { ...written, columns }
}

/** Texts themselves instead of codes, and bits instead of numbers, so that −0 differs from 0. */
function comparable({ rowCount, columns }: Table): unknown {
  return {
    rowCount,
    columns: columns.map((column) => [
      column.name,
      column.kind,
      column.kind === 'text' ? textsOf(column) : bitsOf(column),
    ]),
  }
}

function textsOf({ codes, categories }: TextColumn): (string | null)[] {
  return Array.from(codes, (code) => categories[code] ?? null)
}

function bitsOf({ values }: NumberColumn): BigUint64Array {
  return new BigUint64Array(values.map((value) => (Number.isNaN(value) ? NaN : value)).buffer)
}
