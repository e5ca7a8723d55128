import assert from 'node:assert/strict'
import test from 'node:test'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { createRandom } from '../math/random.ts'
import { parseTimeOfDay, parseTimestamp } from './parse-time.ts'

/** DuckDB's seconds of each text as TIMESTAMP WITH TIME ZONE in UTC, and as TIME; `undefined` where it refuses. */
async function duckDbSeconds(connection: DuckDBConnection, texts: readonly string[]) {
  await connection.run('create or replace temp table texts (position integer, value varchar)')
  const rows = texts.map((text, position) => `(${position}, '${text}')`)
  await connection.run(`insert into texts values ${rows.join(',')}`)
  const reader = await connection.runAndReadAll(
    `select epoch_us(try_cast(value as timestamptz)) / 1e6, epoch_us(try_cast(value as time)) / 1e6
     from texts order by position`,
  )
  return reader.getRows().map((row) => row.map((cell) => (cell === null ? undefined : Number(cell))))
}

test('what it reads as a timestamp or a time, DuckDB reads as the same', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run("set TimeZone = 'UTC'")
  const texts = randomTexts(4000)
  const expected = await duckDbSeconds(connection, texts)
  const read = { timestamps: 0, times: 0, nothing: 0 }
  texts.forEach((text, i) => {
    const timestamp = parseTimestamp(text)
    const time = parseTimeOfDay(text)
    if (timestamp !== undefined) assert.equal(timestamp, expected[i]![0], text)
    if (time !== undefined) assert.equal(time, expected[i]![1], text)
    read[timestamp !== undefined ? 'timestamps' : time !== undefined ? 'times' : 'nothing'] += 1
  })
  assert.ok(Math.min(...Object.values(read)) > 300, JSON.stringify(read))
  connection.closeSync()
})

test('reads every text that Date.toISOString writes as that instant', () => {
  // doubles hold whole microseconds until the year 2255
  const near = fc.date({ min: new Date('1700-01-01'), max: new Date('2250-01-01'), noInvalidDate: true })
  const far = fc
    .date({ noInvalidDate: true })
    .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000))
  fc.assert(
    fc.property(fc.oneof(near, far), (date) => {
      assert.equal(parseTimestamp(date.toISOString()), date.getTime() / 1000)
    }),
    { seed: 1, numRuns: 2000 },
  )
})

test('reads the form of Date.toISOString as it reads the same text with its zone in figures', () => {
  const date = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  let taken = 0
  fc.assert(
    fc.property(date, fc.nat(22), fc.constantFrom(...'0123456789-:T. Z'), (instant, place, sign) => {
      const iso = instant.toISOString()
      const changed = iso.slice(0, place) + sign + iso.slice(place + 1)
      const seconds = parseTimestamp(changed)
      assert.equal(seconds, parseTimestamp(`${changed.slice(0, 23)}+00:00`), changed)
      const day = changed.slice(0, 10)
      assert.equal(parseTimestamp(day), parseTimestamp(`${day}T00:00:00Z`), day)
      if (seconds !== undefined) taken++
    }),
    { seed: 2, numRuns: 5000 },
  )
  assert.ok(taken > 1000 && taken < 4000, `${taken} texts were taken`)
})

test('refuses texts that are no ISO 8601 timestamp or no instant', () => {
  for (const text of [
    '',
    'yesterday',
    '2025-02-29',
    '2025-13-01',
    '2025-00-10',
    '2025-04-31',
    '1735689600',
  ]) {
    assert.equal(parseTimestamp(text), undefined, text)
  }
  for (const text of [
    '2025-01-01T',
    '2025-01-01 24:00:00',
    '2025-01-01 10:60:00',
    '2025-01-01T10:00:00+99',
  ]) {
    assert.equal(parseTimestamp(text), undefined, text)
  }
  for (const text of ['', '1:2:3', '25:00', '10:20:30Z', '2025-01-01 10:20:30']) {
    assert.equal(parseTimeOfDay(text), undefined, text)
  }
})

/** Dates and clocks put together of right and wrong parts. */
function randomTexts(count: number): string[] {
  const random = createRandom(7)
  const pick = (parts: readonly string[]): string => parts[random.int(parts.length)]!
  const digits = (bound: number): string => String(random.int(bound)).padStart(2, '0')
  return Array.from({ length: count }, () => {
    const date = `${pick(['2024', '2025', '1900', '2000', '1969', '0004', '9999'])}-${digits(14)}-${digits(33)}`
    const clock = `${digits(25)}:${digits(62)}${pick(['', `:${digits(61)}`])}`
    const fraction = pick(['', '', '.5', '.123456', '.999999999', '.'])
    const zone = pick(['', 'Z', '+09:00', '-0330', '+02', ' UTC', 'z'])
    return pick([
      date,
      `${date}T${clock}${fraction}${zone}`,
      `${date} ${clock}${zone}`,
      clock,
      `${clock}${fraction}`,
    ])
  })
}
