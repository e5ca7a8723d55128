import assert from 'node:assert/strict'
import test from 'node:test'
import { isMissing, KindGuess, takesCell } from './csv-kinds.ts'
import { CSV_MACROS, csvValue } from './csv-sql.ts'
import { openDatabase, sqlText } from './duckdb.ts'
import type { Kind } from './source.ts'

const CELLS = [
  ...['', ' ', 'NA', 'na', ' N/A ', 'NaN', '-nan', 'null', 'None', '<NA>', '#N/A', 'nil', '-', '?'],
  ...[
    '0',
    '-0',
    '+5',
    '5.',
    '.5',
    '.',
    ' 7 ',
    '1e5',
    '1E+05',
    '1e',
    '1e-400',
    '1e999',
    '-1e999',
    '5e-324',
    '007',
    '1,5',
  ],
  ...[
    '0x10',
    '1_000',
    '--5',
    '+-5',
    '1d',
    'inf',
    '-Infinity',
    'INF',
    'infinite',
    '١',
    '12345678901234567890123',
  ],
  ...['true', 'False', 'TRUE', 't', 'F', 'yes', 'no', 'y', '1', 'truth'],
  ...[
    '2025-01-31',
    '2025-02-29',
    '2024-02-29',
    '2025-1-2',
    '0000-01-01',
    '0001-01-01',
    '9999-12-31',
    '2025/01/02',
  ],
  ...['20250102', '31-01-2025', '2025-13-01', '2025-01-31 ', 'today', 'epoch', 'infinity'],
  ...[
    '10:20',
    '10:20:30',
    '24:00',
    '24:00:00',
    '9:05',
    '10:60',
    '10:20:61',
    '10:20:30.123456789',
    '10:20:30+02',
    '10',
  ],
  ...['2025-01-31 10:20', '2025-01-31T10:20:30Z', '2025-01-31 10:20:30.5', '2025-01-31T10:20:30+09:00'],
  ...[
    '2025-01-31T10:20:30-0530',
    '2025-01-31 10:20:30+02',
    '2025-01-31 10:20:30 UTC',
    '2025-01-31 10',
    '2025-01-31T',
  ],
  ...[
    '2025-01-31 24:00:00',
    '2025-02-30 10:20:30',
    '2025-01-31 10:20:30+16:00',
    '2025-01-31Z',
    '2025-01-31 10:20 PM',
  ],
]

test('what a kind takes, DuckDB casts; what is missing, DuckDB leaves out', async () => {
  await using database = await openDatabase()
  const { connection } = database
  await connection.run(CSV_MACROS)
  const castOf = async (kind: Kind, cell: string, wide: boolean): Promise<unknown> => {
    const sql = `SELECT ${csvValue(kind, 'x', wide)} FROM (SELECT ${sqlText(cell)} AS x)`
    const rows = await connection.runAndReadAll(sql).then(
      (result) => result.getRows(),
      () => [['refused']],
    )
    return rows[0]![0]
  }
  const kinds = ['number', 'boolean', 'time', 'date', 'timestamp'] as const
  let taken = 0
  for (const kind of kinds) {
    for (const cell of CELLS.filter((cell) => takesCell(kind, cell))) {
      taken++
      for (const wide of [false, true]) {
        const value = await castOf(kind, cell, wide)
        assert.equal(typeof value, 'number', `${kind} takes "${cell}", DuckDB says ${value}`)
        assert.equal(Number.isNaN(value), isMissing(cell), `${kind} "${cell}" is ${value}`)
        if (kind === 'number' && !isMissing(cell)) assert.equal(value, numberOf(cell))
        if (kind === 'timestamp' && !isMissing(cell)) assert.equal(value, secondsOf(cell))
      }
    }
  }
  assert.ok(taken > 80 && taken < CELLS.length * kinds.length - 200)
})

test('decides on the narrowest kind that takes every value', () => {
  const cases: readonly [cells: readonly string[], kind: Kind | undefined][] = [
    [['', 'NA'], undefined],
    [['', '1', 'NA', '2.5', 'inf'], 'number'],
    [['1', 'x'], 'text'],
    [['true', 'FALSE', ''], 'boolean'],
    [['T', 'F'], 'text'],
    [['true', '1'], 'text'],
    [['10:20', '10:20:30.5'], 'time'],
    [['2025-01-31', ''], 'date'],
    [['2025-01-31', '2025-01-31 10:20:30'], 'timestamp'],
    [['2025-01-31 10:20:30', '2025-01-31'], 'timestamp'],
    [['2025-01-31', '20250131'], 'text'],
    [['10:20', '2025-01-31'], 'text'],
  ]
  for (const [cells, kind] of cases) {
    const guess = new KindGuess(2)
    for (const cell of cells) guess.see(1, cell)
    assert.equal(guess.kindOf(1), kind, cells.join(' '))
    assert.equal(guess.kindOf(0), undefined)
  }
})

function numberOf(cell: string): number {
  return Number(cell.replace(/^\s*([+-]?)inf(inity)?\s*$/i, '$1Infinity'))
}

function secondsOf(cell: string): number {
  const [, date, clock = '00:00', zone = 'Z'] = /^(\S{10})(?:[T ]([\d:.]+))?(.*)$/.exec(cell.trim())!
  const offset =
    zone === ''
      ? 'Z'
      : zone.replace(/^([+-]\d\d):?(\d\d)?$/, (_, hours, minutes) => `${hours}:${minutes ?? '00'}`)
  return Date.parse(`${date}T${clock.length === 5 ? `${clock}:00` : clock}${offset}`) / 1000
}
