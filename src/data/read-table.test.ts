import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { contents, refusal, testFile, testFolder } from './files.fixture.ts'
import { readTable, readTableBatches, requireRoom } from './read-table.ts'
import { columnOf, type Table } from './table.ts'

const MANY = Array.from({ length: 25_000 }, (_, row) => `${row},t${row % 7},${row / 4}\n`)

test('infers kinds and keeps missing values', async (context) => {
  const file = await testFile(
    context,
    'kinds.csv',
    `amount,ok,day,clock,at,city,none
1.5,true,2025-01-31,10:20:30,2025-01-31 10:20:30,Seoul,
,,,,,,
-0,FALSE,2024-02-29,23:59:59.5,2025-01-31T10:20:30.25+09:00,"Busan, KR",
NA,null,NaN,N/A,None,NA,NA
inf,true,2025-01-01,00:00,2025-01-31,"NA",
`,
  )
  assert.deepEqual(contents(await readTable(file)), {
    'amount: number': [1.5, null, -0, null, Infinity],
    'ok: boolean': [true, null, false, null, true],
    'day: date': ['2025-01-31', null, '2024-02-29', null, '2025-01-01'],
    'clock: time': ['10:20:30', null, '23:59:59', null, '00:00:00'],
    'at: timestamp': [
      '2025-01-31T10:20:30.000Z',
      null,
      '2025-01-31T01:20:30.250Z',
      null,
      '2025-01-31T00:00:00.000Z',
    ],
    'city: text': ['Seoul', null, 'Busan, KR', null, 'NA'],
    'none: number': [null, null, null, null, null],
  })
})

test('takes quoted numbers, and quoted emptiness as missing in a number column alone', async (context) => {
  const file = await testFile(context, 'quoted.csv', '"a","b"\n"1","x"\n"",""\n" 2 ",\n')
  assert.deepEqual(contents(await readTable(file)), { 'a: number': [1, null, 2], 'b: text': ['x', '', null] })
})

test('reads a byte order mark, CRLF, CR, blank lines, a last line without an end, quoted line ends', async (context) => {
  const folder = await testFolder(context)
  const texts = [
    '\ufeffa,b\r\n1,"x\r\ny"\r\n2,z',
    'a,b\r1,"x\r\ny"\r2,z\r',
    '\n\na,b\n1,"x\r\ny"\n\n2,z\n\n',
    'a;b\n1;"x\r\ny"\n2;z\n',
    'a\tb\n1\t"x\r\ny"\n2\tz\n',
    'a|b\n1|"x\r\ny"\n2|z\n',
  ]
  for (const [index, text] of texts.entries()) {
    const file = join(folder, `${index}.csv`)
    await writeFile(file, text)
    assert.deepEqual(
      contents(await readTable(file)),
      { 'a: number': [1, 2], 'b: text': ['x\r\ny', 'z'] },
      text,
    )
  }
})

test('reads gzip, in several members too', async (context) => {
  const bytes = Buffer.concat([gzipSync('a,b\n1,x\n'), gzipSync('2,y\n')])
  const file = await testFile(context, 'two.CSV.GZ', bytes)
  assert.deepEqual(contents(await readTable(file)), { 'a: number': [1, 2], 'b: text': ['x', 'y'] })
})

test('takes odd file names literally', async (context) => {
  const folder = join(await testFolder(context), 'year=2020 [a]*')
  await mkdir(folder)
  await writeFile(join(folder, 'x1.csv'), 'a\n9\n')
  for (const name of ['x?.csv', '*.csv', "it's [x1].csv", '**.csv', 'x{1,2}.csv', '한글 $HOME %20.csv']) {
    await writeFile(join(folder, name), 'a\n1\n')
    assert.deepEqual(contents(await readTable(join(folder, name))), { 'a: number': [1] }, name)
  }
})

test('takes odd column names literally', async (context) => {
  const file = await testFile(context, 'names.csv', `"a""b",c'd,"e,f",A,a,,"new\nline"\n1,2,3,4,5,6,7\n`)
  const { columns } = await readTable(file)
  const names = columns.map((column) => column.name)
  assert.deepEqual(names, ['a"b', "c'd", 'e,f', 'A', 'a', 'Unnamed: 5', 'new\nline'])
})

test('reads the chosen columns in the order of the file, ids as text', async (context) => {
  const file = await testFile(context, 'choice.csv', 'id,amount,note\n007,1,x\n008,2,y\n')
  const table = await readTable(file, { columns: ['amount', 'id'], text: ['id', 'absent'] })
  assert.deepEqual(contents(table), { 'id: text': ['007', '008'], 'amount: number': [1, 2] })
  assert.deepEqual(await readTable(file, { columns: [] }), { rowCount: 2, columns: [] })
  assert.equal(
    await refusal(() => readTable(file, { columns: ['price'] })),
    'COLUMN_MISSING: No column "price"; the columns are id, amount, note',
  )
})

test('looks further down for a column that begins empty', async (context) => {
  const lines = Array.from({ length: 50_000 }, (_, row) => {
    return `${row},${row < 30_000 ? '' : row},${row < 45_000 ? '' : 'late'},,${row === 49_999 ? 'true' : ''}\n`
  })
  const file = await testFile(context, 'late.csv', `row,number,text,never,boolean\n${lines.join('')}`)
  const kinds = (await readTable(file)).columns.map((column) => column.kind)
  assert.deepEqual(kinds, ['number', 'number', 'text', 'number', 'boolean'])
})

test('reads batches of the asked size with the rows of the whole', async (context) => {
  const file = await testFile(context, 'many.csv', `row,word,quarter\n${MANY.join('')}`)
  const whole = await readTable(file)
  const progress: number[] = []
  const batches: Table[] = []
  for await (const batch of readTableBatches(file, {
    batchRows: 3000,
    onProgress: (rows) => progress.push(rows),
  })) {
    batches.push(batch)
  }
  assert.deepEqual(
    batches.map((batch) => batch.rowCount),
    [3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 1000],
  )
  const expected = contents(whole)
  for (const name of Object.keys(expected)) {
    const cells = batches.flatMap((batch) => contents(batch)[name]!)
    assert.deepEqual(cells, expected[name])
  }
  assert.equal(progress.at(-1), 25_000)
})

test('stops reading when the batches are no longer wanted', async (context) => {
  const file = await testFile(context, 'many.csv', `row,word,quarter\n${MANY.join('')}`)
  for await (const batch of readTableBatches(file, { batchRows: 10 })) {
    assert.equal(batch.rowCount, 10)
    break
  }
})

test('refuses batches of no rows', async () => {
  for (const batchRows of [0, -1, 1.5, NaN]) {
    const said = await refusal(() => drain(readTableBatches('a.csv', { batchRows })))
    assert.equal(
      said,
      `PARAM_INVALID: Parameter "batchRows" must be a whole number above 0, got ${batchRows}`,
    )
  }
})

test('reads thousands of columns', async (context) => {
  const names = Array.from({ length: 3000 }, (_, column) => `c${column}`)
  const row = (shift: number) =>
    names.map((_, column) => (column === 5 ? '' : (column + shift) / 8)).join(',')
  const file = await testFile(context, 'wide.csv', `${names.join(',')}\n${row(1)}\n"",${row(2).slice(5)}\n`)
  const table = await readTable(file)
  assert.equal(table.columns.length, 3000)
  assert.deepEqual(contents(table)['c2999: number'], [375, 375.125])
  assert.deepEqual(contents(table)['c5: number'], [null, null])
})

test('a table larger than 70 % of the memory is refused by its size', async () => {
  const size = { file: 'big.csv', rows: 100_000_000, columns: 40 }
  assert.doesNotThrow(() => requireRoom({ ...size, memory: 64 * 2 ** 30 }))
  assert.throws(() => requireRoom({ ...size, memory: 16 * 2 ** 30 }), {
    code: 'FILE_TOO_LARGE',
    details: { file: 'big.csv', neededGiB: 29.9, memoryGiB: 16 },
  })
})

const GZIPPED = gzipSync(`row,word,quarter\n${MANY.join('')}`)
const LATIN1 = Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a])

const REFUSED: readonly { what: string; name: string; content: string | Uint8Array; message: string }[] = [
  {
    what: 'an empty file',
    name: 'a.csv',
    content: '',
    message: 'FILE_EMPTY: The file must hold a header and at least one row, got a.csv',
  },
  {
    what: 'blank lines alone',
    name: 'a.csv',
    content: '\n\n',
    message: 'FILE_EMPTY: The file must hold a header and at least one row, got a.csv',
  },
  {
    what: 'a header alone',
    name: 'a.csv',
    content: 'a,b\n',
    message: 'FILE_EMPTY: The file must hold a header and at least one row, got a.csv',
  },
  {
    what: 'a header alone, gzipped',
    name: 'a.csv.gz',
    content: gzipSync('a,b\n'),
    message: 'FILE_EMPTY: The file must hold a header and at least one row, got a.csv.gz',
  },
  {
    what: 'nothing, gzipped',
    name: 'a.csv.gz',
    content: gzipSync(''),
    message: 'FILE_EMPTY: The file must hold a header and at least one row, got a.csv.gz',
  },
  {
    what: 'an unknown extension',
    name: 'a.xlsx',
    content: 'a',
    message: 'FILE_FORMAT_UNKNOWN: A data file must end in .csv, .csv.gz or .parquet, got a.xlsx',
  },
  {
    what: 'a column name that comes twice',
    name: 'a.csv',
    content: 'a,b,a\n1,2,3\n',
    message: 'COLUMN_DUPLICATE: Column names must differ, got "a" more than once in a.csv',
  },
  {
    what: 'a row too long',
    name: 'a.csv',
    content: 'a,b\n1,2\n\n1,2,3\n',
    message: 'ROW_INVALID: a.csv, row 2: must have 2 cells, got 3',
  },
  {
    what: 'a row too short',
    name: 'a.csv',
    content: 'a,b\n1,"2\n3"\n4\n',
    message: 'ROW_INVALID: a.csv, row 2: must have 2 cells, got 1',
  },
  {
    what: 'a row too long far down',
    name: 'a.csv',
    content: `row,word,quarter\n${MANY.join('')}1,2,3,4\n`,
    message: 'ROW_INVALID: a.csv, row 25001: must have 3 cells, got 4',
  },
  {
    what: 'text in a number column far down',
    name: 'a.csv',
    content: `row,word,quarter\n${MANY.join('')}9,x,"about\n7"\n`,
    message: 'CELL_INVALID: a.csv, row 25001, column "quarter": must be a number, got "about\\n7"',
  },
  {
    what: 'a 1 in a boolean column far down',
    name: 'a.csv',
    content: `ok\n${'true\n'.repeat(20_000)}1\n`,
    message: 'CELL_INVALID: a.csv, row 20001, column "ok": must be true or false, got "1"',
  },
  {
    what: 'a date that is none far down',
    name: 'a.csv',
    content: `day\n${'2025-01-01\n'.repeat(20_000)}2025-02-30\n`,
    message: 'CELL_INVALID: a.csv, row 20001, column "day": must be a date (YYYY-MM-DD), got "2025-02-30"',
  },
  {
    what: 'a timestamp in a date column far down',
    name: 'a.csv',
    content: `day\n${'2025-01-01\n'.repeat(20_000)}2025-01-02 10:00:00\n`,
    message:
      'CELL_INVALID: a.csv, row 20001, column "day": must be a date (YYYY-MM-DD), got "2025-01-02 10:00:00"',
  },
  {
    what: 'bytes that are not UTF-8',
    name: 'a.csv',
    content: Buffer.concat([Buffer.from('a\nx\n'), LATIN1]),
    message: 'ROW_INVALID: a.csv, row 2: must be UTF-8 text',
  },
  {
    what: 'bytes that are not UTF-8 far down',
    name: 'a.csv',
    content: Buffer.concat([Buffer.from(`a\n${'x\n'.repeat(20_000)}`), LATIN1]),
    message: 'ROW_INVALID: a.csv, row 20001: must be UTF-8 text',
  },
  {
    what: 'a header that is not UTF-8',
    name: 'a.csv',
    content: Buffer.concat([LATIN1, Buffer.from('1\n')]),
    message: 'FILE_UNREADABLE: Cannot read a.csv: it is not UTF-8 text',
  },
  {
    what: 'UTF-16',
    name: 'a.csv',
    content: Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'),
    message: 'FILE_UNREADABLE: Cannot read a.csv: it is not UTF-8 text',
  },
  {
    what: 'a quote left open',
    name: 'a.csv',
    content: 'a,b\n1,2\n3,"4\n5,6\n',
    message: 'ROW_INVALID: a.csv, row 2: a quoted cell does not end',
  },
  {
    what: 'a quote left open in a long file',
    name: 'a.csv',
    content: `row,word,quarter\n1,"2,3\n${MANY.join('').repeat(6)}`,
    message: 'ROW_INVALID: a.csv, row 1: must be at most 2000000 bytes long; is a quote left open?',
  },
  {
    what: 'text after a quote',
    name: 'a.csv',
    content: 'a,b\n1,"2"x\n',
    message: 'ROW_INVALID: a.csv, row 1: text follows the closing quote of a cell',
  },
  {
    what: 'mixed line ends',
    name: 'a.csv',
    content: 'a,b\r\n1,2\n',
    message: 'ROW_INVALID: a.csv, row 1: its line end differs from the one of the header',
  },
  {
    what: 'a truncated gzip',
    name: 'a.csv.gz',
    content: GZIPPED.subarray(0, 5000),
    message: 'FILE_UNREADABLE: Cannot read a.csv.gz: the gzip data end too early',
  },
  {
    what: 'a gzip without its last byte',
    name: 'a.csv.gz',
    content: GZIPPED.subarray(0, -1),
    message: 'FILE_UNREADABLE: Cannot read a.csv.gz: the gzip data end too early',
  },
  {
    what: 'a damaged gzip',
    name: 'a.csv.gz',
    content: damaged(GZIPPED),
    message: 'FILE_UNREADABLE: Cannot read a.csv.gz: the gzip data are damaged',
  },
  {
    what: 'a .gz that is none',
    name: 'a.csv.gz',
    content: 'a,b\n1,2\n',
    message: 'FILE_UNREADABLE: Cannot read a.csv.gz: the gzip data are damaged',
  },
]

for (const { what, name, content, message } of REFUSED) {
  test(`refuses ${what} in one line`, async (context) => {
    const file = await testFile(context, name, content)
    assert.equal(await refusal(() => readTable(file)), message)
    assert.equal(await refusal(() => drain(readTableBatches(file))), message)
  })
}

test('refuses a missing file, a missing folder and a folder in one line', async (context) => {
  const folder = await testFolder(context)
  const file = await testFile(context, 'a.csv', 'a\n1\n')
  assert.match(
    await refusal(() => readTable(join(folder, 'no.csv'))),
    /^FILE_NOT_FOUND: No such file: no\.csv$/,
  )
  assert.match(await refusal(() => readTable(join(file, 'no.csv'))), /^FILE_NOT_FOUND/)
  await mkdir(join(folder, 'is.csv'))
  assert.equal(
    await refusal(() => readTable(join(folder, 'is.csv'))),
    'FILE_UNREADABLE: Cannot read is.csv: it is a folder',
  )
})

test('names ids beyond the numbers that JavaScript holds when they are asked for as text', async (context) => {
  const file = await testFile(context, 'ids.csv', 'card\n4613314721966123456\n')
  assert.deepEqual(columnOf(await readTable(file, { text: ['card'] }), 'card'), {
    name: 'card',
    kind: 'text',
    codes: Int32Array.of(0),
    categories: ['4613314721966123456'],
  })
})

function damaged(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[copy.length >> 1]! ^= 0xff
  return copy
}

async function drain(batches: AsyncIterable<Table>): Promise<void> {
  for await (const batch of batches) assert.ok(batch.rowCount > 0)
}
