import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createRandom } from '../math/random.ts'
import { refusal, testFolder } from './files.fixture.ts'
import { prepareIeeeCis } from './ieee-cis.ts'
import { IDENTITY_COLUMNS, IEEE_CIS_KINDS, TRANSACTION_COLUMNS } from './ieee-cis-columns.ts'
import { ENGINEERED_FEATURES } from './ieee-cis-features.ts'
import { readTable } from './read-table.ts'
import { tableRows } from './table.ts'

type Row = Record<string, string | number | null>

test('makes exactly 447 features and the label, in time order', async (context) => {
  const { folder, transactions, identities } = await kaggleFiles(context, 300)
  const input = {
    transactions: join(folder, 't.csv.gz'),
    identity: join(folder, 'i.csv'),
    out: join(folder, 'a/b'),
  }
  const { file, rows, features } = await prepareIeeeCis(input)
  assert.deepEqual(
    { file, rows, features },
    { file: join(folder, 'a/b/ieee-cis.parquet'), rows: 300, features: 447 },
  )
  const table = await readTable(file)
  const names = table.columns.map((column) => column.name)
  const engineered = ENGINEERED_FEATURES.map(([name]) => name)
  assert.equal(engineered.length, 15)
  assert.deepEqual(names, [...TRANSACTION_COLUMNS, ...IDENTITY_COLUMNS, ...engineered, 'isFraud'])
  assert.equal(new Set(names).size, 448)

  const ordered = transactions.toSorted(
    (a, b) =>
      Number(a['TransactionDT']) - Number(b['TransactionDT']) ||
      Number(a['TransactionID']) - Number(b['TransactionID']),
  )
  const identityOf = new Map(identities.map((row) => [row['TransactionID'], row]))
  const read = [...tableRows(table)]
  for (const [place, raw] of ordered.entries()) {
    const identity = identityOf.get(raw['TransactionID']!)
    for (const name of [...TRANSACTION_COLUMNS, 'isFraud'])
      assert.deepEqual(read[place]![name], raw[name], name)
    for (const name of IDENTITY_COLUMNS) assert.deepEqual(read[place]![name], identity?.[name] ?? null, name)
    assertFeatures(read[place]!, slowFeatures(ordered.slice(0, place), raw, identity))
  }
  assert.ok(read.some((row) => row['client_count_before'] !== row['card_count_before']))
  assert.ok(read.some((row) => row['device_brand'] === 'samsung'))
})

test('a later transaction changes nothing of an earlier one', async (context) => {
  const { folder } = await kaggleFiles(context, 200)
  const { folder: fewer } = await kaggleFiles(context, 120)
  const [all, first] = await Promise.all(
    [folder, fewer].map(async (from) => {
      const input = { transactions: join(from, 't.csv.gz'), identity: join(from, 'i.csv'), out: from }
      return [...tableRows(await readTable((await prepareIeeeCis(input)).file))]
    }),
  )
  const last = Number(first!.at(-1)!['TransactionDT'])
  const early = all!.filter(
    (row) => Number(row['TransactionDT']) <= last && first!.some((same) => same['V339'] === row['V339']),
  )
  assert.deepEqual(early, first)
})

test('keeps the identity columns without an identity file, and takes the test files', async (context) => {
  const { folder } = await kaggleFiles(context, 50)
  const alone = await prepareIeeeCis({ transactions: join(folder, 't.csv.gz'), out: folder })
  const rows = [...tableRows(await readTable(alone.file))]
  assert.equal(rows.length, 50)
  for (const row of rows)
    assert.ok(
      [...IDENTITY_COLUMNS, 'device_brand', 'os_family', 'screen_area'].every((name) => row[name] === null),
    )

  const files = {
    transactions: join(folder, 'test_t.csv'),
    identity: join(folder, 'test_i.csv'),
    out: folder,
  }
  const tested = [...tableRows(await readTable((await prepareIeeeCis(files)).file))]
  assert.equal(Object.keys(tested[0]!).length, 448)
  assert.ok(tested.every((row) => row['isFraud'] === null))
  assert.ok(tested.some((row) => row['id_12'] !== null))
})

test('refuses wrong files in one line and leaves no output', async (context) => {
  const { folder, transactions, identities } = await kaggleFiles(context, 5)
  const cases: readonly [name: string, rows: readonly Row[], message: string | RegExp][] = [
    [
      'no-v7.csv',
      transactions.map(({ V7: _, ...row }) => row),
      /^COLUMN_MISSING: No column "V7"; the columns are TransactionID, /,
    ],
    [
      'twice.csv',
      [...transactions, transactions[1]!],
      'ROW_INVALID: twice.csv, row 6: TransactionID 3001 must not come twice',
    ],
    [
      'no-time.csv',
      transactions.map((row, place) => ({ ...row, TransactionDT: place === 3 ? null : 1 })),
      'CELL_INVALID: no-time.csv, row 4, column "TransactionDT": must be a number, got a missing value',
    ],
    [
      'text.csv',
      transactions.map((row, place) => ({ ...row, C3: place === 2 ? 'many' : 1 })),
      'CELL_INVALID: text.csv, row 3, column "C3": must be a number, got "many"',
    ],
  ]
  for (const [name, rows, message] of cases) {
    await writeFile(join(folder, name), csv(rows))
    const said = await refusal(() =>
      prepareIeeeCis({ transactions: join(folder, name), out: join(folder, 'out') }),
    )
    if (typeof message === 'string') assert.equal(said, message)
    else assert.match(said, message)
  }
  await writeFile(join(folder, 'ids.csv'), csv([...identities, identities[0]!]))
  const input = {
    transactions: join(folder, 't.csv.gz'),
    identity: join(folder, 'ids.csv'),
    out: join(folder, 'out'),
  }
  assert.match(
    await refusal(() => prepareIeeeCis(input)),
    /^ROW_INVALID: ids\.csv, row \d: TransactionID 300\d must not come twice$/,
  )
  assert.equal(
    await refusal(() => prepareIeeeCis({ ...input, identity: join(folder, 'no.csv') })),
    'FILE_NOT_FOUND: No such file: no.csv',
  )
  assert.match(
    await refusal(() =>
      prepareIeeeCis({ ...input, identity: join(folder, 'i.csv'), out: join(folder, 'i.csv') }),
    ),
    /^STORAGE_FAILED/,
  )
  assert.ok(!readdirSync(folder).includes('out'))
})

test('docs/ieee-cis.md explains each engineered feature', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/ieee-cis.md'), 'utf8')
  const explained = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  assert.deepEqual(
    explained,
    ENGINEERED_FEATURES.map(([name]) => name),
  )
})

/** Small files of the same columns; equal times, returning cards, missing values, rows out of time order. */
async function kaggleFiles(context: TestContext, count: number) {
  const folder = await testFolder(context)
  const random = createRandom(11)
  const transactions: Row[] = []
  const identities: Row[] = []
  for (let place = 0; place < count; place++) {
    const transaction = rowOf(
      ['TransactionID', 'isFraud', ...TRANSACTION_COLUMNS],
      () => random.int(9) / 4,
      () => random.next(),
    )
    const known = {
      TransactionID: 3000 + place,
      isFraud: random.int(2),
      TransactionAmt: 1 + random.int(40_000) / 1000,
      V339: place,
    }
    const time = {
      TransactionDT: 86_400 + 3000 * place + 3000 * random.int(3),
      card1: random.int(4) || null,
      addr1: random.int(2) || null,
    }
    transactions.push({
      ...transaction,
      ...known,
      ...time,
      D1: random.int(3) || null,
      P_emaildomain: pick(random.int(3)),
      R_emaildomain: pick(random.int(3)),
    })
    if (random.next() < 0.4) continue
    const identity = rowOf(
      ['TransactionID', ...IDENTITY_COLUMNS],
      () => random.int(9),
      () => random.next(),
    )
    const device = [
      'SAMSUNG SM-G892A Build/NRD90M',
      'SM-J700M',
      'iOS Device',
      'Windows',
      'Moto G',
      'KFFOWI',
      null,
    ][random.int(7)]!
    identities.push({
      ...identity,
      TransactionID: 3000 + place,
      DeviceInfo: device,
      id_30: ['Android 7.0', 'Mac OS X 10_11', null][random.int(3)]!,
      id_33: ['2220x1080', null][random.int(2)]!,
    })
  }
  await writeFile(join(folder, 't.csv.gz'), gzipSync(csv(transactions)))
  await writeFile(join(folder, 'i.csv'), csv(identities))
  await writeFile(join(folder, 'test_t.csv'), csv(transactions.map(({ isFraud: _, ...row }) => row)))
  await writeFile(join(folder, 'test_i.csv'), csv(identities).replaceAll(/\bid_(?=\d\d)/g, 'id-'))
  return { folder, transactions, identities }
}

function pick(index: number): string | null {
  return ['gmail.com', 'yahoo.com', null][index]!
}

function rowOf(names: readonly string[], number: () => number, chance: () => number): Row {
  return Object.fromEntries(
    names.map((name) => [name, chance() < 0.3 ? null : IEEE_CIS_KINDS.get(name) === 'text' ? 'T' : number()]),
  )
}

function csv(rows: readonly Row[]): string {
  const names = Object.keys(rows[0]!)
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('')
}

/** The fifteen features by their words in docs/ieee-cis.md. */
function slowFeatures(past: readonly Row[], row: Row, identity: Row | undefined): Row {
  const number = (value: string | number | null | undefined) =>
    value === null || value === undefined ? NaN : Number(value)
  const day = (of: Row) => Math.floor(Number(of['TransactionDT']) / 86_400)
  const amount = Number(row['TransactionAmt'])
  const hasCard = row['card1'] !== null
  const card = past.filter(
    (other) => hasCard && other['card1'] === row['card1'] && other['addr1'] === row['addr1'],
  )
  const hasClient = hasCard && row['D1'] !== null
  const client = card.filter(
    (other) => hasClient && day(other) - number(other['D1']) === day(row) - number(row['D1']),
  )
  const mean = (rows: readonly Row[]) =>
    rows.reduce((sum, other) => sum + Number(other['TransactionAmt']), 0) / rows.length
  const [width, height] = String(identity?.['id_33'] ?? '')
    .split('x')
    .map(Number)
  const info = identity?.['DeviceInfo'] ?? null
  const brands: Row = {
    'SAMSUNG SM-G892A Build/NRD90M': 'samsung',
    'SM-J700M': 'samsung',
    'iOS Device': 'apple',
    Windows: 'microsoft',
    'Moto G': 'motorola',
    KFFOWI: 'other',
  }
  const system = identity?.['id_30'] ?? null
  const emails = [row['P_emaildomain'], row['R_emaildomain']]
  return {
    hour_of_day: Math.floor(Number(row['TransactionDT']) / 3600) % 24,
    day_of_week: day(row) % 7,
    amount_log: Math.log(1 + amount),
    amount_cents: Math.round((amount % 1) * 1000) / 1000,
    d1_first_day: day(row) - number(row['D1']),
    d15_first_day: day(row) - number(row['D15']),
    card_count_before: hasCard ? card.length : NaN,
    card_seconds_since:
      card.length > 0 ? Number(row['TransactionDT']) - Number(card.at(-1)!['TransactionDT']) : NaN,
    amount_over_card_mean: amount / mean(card),
    client_count_before: hasClient ? client.length : NaN,
    amount_over_client_mean: amount / mean(client),
    email_domain_match: emails.includes(null) ? NaN : Number(emails[0] === emails[1]),
    device_brand: info === null ? null : brands[info]!,
    os_family: system === null ? null : String(system).split(' ')[0]!.toLowerCase(),
    screen_area: (width ?? NaN) * (height ?? NaN),
  }
}

function assertFeatures(row: Readonly<Record<string, unknown>>, expected: Row): void {
  for (const [name, value] of Object.entries(expected)) {
    const got = row[name]
    const close =
      typeof value === 'number' && typeof got === 'number' && Math.abs(got - value) <= 1e-9 * Math.abs(value)
    assert.ok(
      close || got === value || (Number.isNaN(value) && got === null),
      `${name}: ${got}, not ${value}`,
    )
  }
}
