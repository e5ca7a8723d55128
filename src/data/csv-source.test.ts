// DuckDB's reading of a CSV file beside the slow one that is written to be read.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { FdsError } from '../errors.ts'
import { createRandom, type Random } from '../math/random.ts'
import { readDialect } from './csv-dialect.ts'
import { decodeCell } from './csv-row.ts'
import { csvRows } from './csv-rows.ts'
import { csvFrom } from './csv-sql.ts'
import { type DataFile, findDataFile } from './data-file.ts'
import { type Database, openDatabase, queryRows } from './duckdb.ts'
import { testFolder } from './files.fixture.ts'

const GOOD = [
  ...['x', '1', ' lead', 'trail ', '-1.5e3', 'a b', 'é', '한', "'", '#c', '\\', '', '\t', '  ', 'a"b', '/*'],
  ...[
    '"q"',
    '"a,b"',
    '"a;b"',
    '"a\nb"',
    '"\r\n"',
    '"a""b"',
    '""""',
    '""',
    '"x "',
    ' "s"',
    '"s" ',
    '"\\"',
    '"é;|"',
  ],
]
const BAD = ['"x"y', '"open', '\xff', 'a\rb']

test('cuts 200 seeded files as DuckDB does, and refuses what it refuses', async (context) => {
  const file = join(await testFolder(context), 'seeded.csv')
  await using database = await openDatabase()
  const random = createRandom(7)
  const outcomes = { accepted: 0, refused: 0 }
  for (let round = 0; round < 200; round++) {
    const bytes = seededFile(random)
    await writeFile(file, bytes)
    const dataFile = findDataFile(file)
    const slow = await slowRows(dataFile)
    if (slow === undefined) {
      outcomes.refused++
      continue
    }
    outcomes.accepted++
    assert.deepEqual(await duckdbRows(database, dataFile), slow, JSON.stringify(String(bytes)))
  }
  assert.ok(outcomes.accepted > 100 && outcomes.refused > 15, JSON.stringify(outcomes))
})

/** One row too long or too short, a broken cell or a foreign line end now and then; ÿ stands for a byte that is not UTF-8. */
function seededFile(random: Random): Buffer {
  const pick = <T>(values: readonly T[]): T => values[random.int(values.length)]!
  const width = 1 + random.int(4)
  const lineEnd = pick(['\n', '\r\n', '\r'])
  const delimiter = pick([',', ',', ';', '\t', '|'])
  const broken = random.next() < 0.3
  const cell = () => {
    const text = broken && random.next() < 0.02 ? pick(BAD) : pick(GOOD)
    return text.includes(delimiter) && !text.startsWith('"') ? 'x' : text
  }
  const line = (): string => {
    const cells = broken && random.next() < 0.02 ? width + 1 : width
    const end = broken && random.next() < 0.02 ? pick(['\n', '\r\n', '\r']) : lineEnd
    const blank = random.next() < 0.1 ? lineEnd : ''
    return `${Array.from({ length: cells }, cell).join(delimiter)}${end}${blank}`
  }
  const start = `${random.next() < 0.2 ? '\ufeff' : ''}${random.next() < 0.1 ? lineEnd : ''}`
  const first = pick(['h', 'h', 'h', '"h"', '"h;,"', '"\n"', '"\r"', '"\r\n"'])
  const names = Array.from({ length: width }, (_, place) => (place === 0 ? first : `h${place}`)).join(
    delimiter,
  )
  const text = `${start}${names}${lineEnd}${Array.from({ length: random.int(25) }, line).join('')}`
  const parts = text.split('\xff').map((part) => Buffer.from(part))
  return Buffer.concat(parts.flatMap((part, place) => (place === 0 ? [part] : [Buffer.from([0xff]), part])))
}

/** `undefined` when the file is refused. */
async function slowRows(dataFile: DataFile): Promise<string[][] | undefined> {
  try {
    const rows: string[][] = []
    for await (const batch of csvRows(dataFile, await readDialect(dataFile))) {
      rows.push(...batch.map((cells) => cells.map(decodeCell)))
    }
    return rows
  } catch (error) {
    if (error instanceof FdsError) return undefined
    throw error
  }
}

/** Missing texts as empty ones. */
async function duckdbRows({ connection }: Database, dataFile: DataFile): Promise<unknown[][]> {
  const dialect = await readDialect(dataFile)
  const values = dialect.names.map((_, place) => `c${place}`)
  const rows: unknown[][] = []
  for await (const { chunk, rowCount } of queryRows(connection, {
    values,
    from: csvFrom(dataFile, dialect),
  })) {
    rows.push(
      ...chunk
        .getRows()
        .slice(0, rowCount)
        .map((row) => row.slice(0, -1).map((cell) => cell ?? '')),
    )
  }
  return rows
}
