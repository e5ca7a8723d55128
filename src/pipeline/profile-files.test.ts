import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { readTable, type Table, writeTable } from '../data/index.ts'
import { createRandom } from '../math/index.ts'
import { buildProfile, type CategoryProfile, countAgainst, type Profile } from '../monitoring/index.ts'
import { profileFile, profileFiles } from './profile-files.ts'
import { ProfileThreads } from './profile-threads.ts'

const folder = await mkdtemp(join(tmpdir(), 'fds-profile-'))
after(() => rm(folder, { recursive: true, force: true }))

const random = createRandom(4)
const reference = await written('reference', tableWith(3000, 0))
const current = await written('current', tableWith(2500, 0.5))

/** Numbers with gaps and infinities, texts with many and few categories, times, truth values. */
function tableWith(rowCount: number, shift: number): Table {
  const numbers = (value: () => number) => Float64Array.from({ length: rowCount }, value)
  const categories = Array.from({ length: rowCount }, (_, i) => (i < 40 ? `often-${i}` : `id ${i}`))
  const often = Int32Array.from({ length: rowCount }, (_, i) => (i % 2 ? random.int(41) - 1 : i))
  return {
    rowCount,
    columns: [
      { name: 'amount', kind: 'number', values: numbers(() => Math.exp(shift + random.normal())) },
      { name: 'gaps', kind: 'number', values: numbers(() => [1, Number.NaN, Infinity, -0][random.int(4)]!) },
      { name: 'card', kind: 'text', codes: often, categories },
      { name: 'time', kind: 'timestamp', values: numbers(() => 1.7e9 + random.int(1e6)) },
      { name: 'flag', kind: 'boolean', values: numbers(() => random.int(2)) },
      { name: 'empty', kind: 'text', codes: new Int32Array(rowCount).fill(-1), categories: [] },
    ],
  }
}

async function written(
  name: string,
  table: Table,
): Promise<{ readonly csv: string; readonly parquet: string }> {
  const files = { csv: join(folder, `${name}.csv`), parquet: join(folder, `${name}.parquet`) }
  for (const file of Object.values(files)) await writeTable(file, table)
  return files
}

test('two files have the profiles of their tables, whatever the format', async () => {
  for (const format of ['parquet', 'csv'] as const) {
    const profiled = await profileFiles({ reference: reference[format], current: current[format] })
    const expected = buildProfile(await readTable(reference[format]))
    assert.deepEqual(rounded(profiled.reference), rounded(expected))
    const counted = countAgainst(expected, await readTable(current[format]))
    assert.deepEqual(rounded(profiled.current), rounded(counted))
  }
})

test('a saved profile stands for its file, chosen columns for all', async () => {
  const saved = await profileFile(reference.parquet)
  const [columns, current_] = [['card', 'amount'], current.parquet]
  const of = (from: string | Profile) => profileFiles({ reference: from, current: current_, columns })
  assert.deepEqual(await of(saved), await of(reference.parquet))
  assert.deepEqual(
    (await of(saved)).reference.columns.map(({ name }) => name),
    columns,
  )
  for (const from of [saved, reference.parquet, reference.csv]) {
    const unknown = profileFiles({ reference: from, current: current_, columns: ['nothing'] })
    await assert.rejects(unknown, { code: 'COLUMN_MISSING' })
  }
})

test('threads share the columns', async () => {
  const table = await readTable(reference.parquet)
  for (const threads of [1, 2, 3]) {
    await using work = new ProfileThreads(threads)
    const tasks = table.columns.map(({ name }) => ({ file: reference.parquet, text: [], names: [name] }))
    for (let round = 0; round < 2; round++) {
      const columns = (await work.runAll(tasks)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
      const expected = buildProfile(table).columns.toSorted((a, b) => (a.name < b.name ? -1 : 1))
      assert.deepEqual(columns, expected)
    }
  }
})

test('a hundred thousand categories in a file', async () => {
  const rowCount = 120_000
  const categories = Array.from({ length: 100_001 }, (_, i) => (i === 100_000 ? 'often' : `id ${i}`))
  const codes = Int32Array.from({ length: rowCount }, (_, i) => Math.min(i, 100_000))
  const file = join(folder, 'ids.parquet')
  await writeTable(file, { rowCount, columns: [{ name: 'id', kind: 'text', codes, categories }] })
  const [column] = (await profileFile(file)).columns as [CategoryProfile]
  assert.deepEqual([column.categories, column.counts], [['often'], [20_000, 100_000]])
  assert.ok(Math.abs(column.distinct / 100_001 - 1) < 0.1)
})

test('a failure in a thread is the one clear line it is elsewhere', async () => {
  const missing = Array.from({ length: 6 }, (_, i) => ({
    file: join(folder, `${i}.parquet`),
    text: [],
    names: ['a'],
  }))
  await using work = new ProfileThreads(3)
  await assert.rejects(work.runAll(missing), { code: 'FILE_NOT_FOUND' })
})

test('a saved profile knows which columns of a CSV file are texts', async () => {
  const file = join(folder, 'ids.csv')
  await writeFile(file, `card\n${Array.from({ length: 10 }, (_, i) => `000${i % 2}`).join('\n')}\n`)
  const saved = buildProfile(await readTable(file, { text: ['card'] }))
  const { current: counted } = await profileFiles({ reference: saved, current: file })
  assert.deepEqual(counted.columns[0]!.counts, [5, 5, 0])
})

test('files that cannot be read end in one clear line', async () => {
  const broken = join(folder, 'broken.parquet')
  await writeFile(broken, 'PAR1 but no more')
  const twice = join(folder, 'twice.csv')
  await writeFile(twice, 'a,a\n1,2\n')
  const empty = join(folder, 'empty.csv')
  await writeFile(empty, '')
  const cases = { [broken]: 'FILE_UNREADABLE', [twice]: 'COLUMN_DUPLICATE', [empty]: 'FILE_EMPTY' }
  for (const [file, code] of Object.entries({ ...cases, 'none.parquet': 'FILE_NOT_FOUND' })) {
    await assert.rejects(profileFiles({ reference: file, current: current.parquet }), { code })
    await assert.rejects(profileFiles({ reference: reference.parquet, current: file }), { code })
  }
})

/** Moments depend on the parts in their last digits. */
function rounded(profile: Profile): Profile {
  const columns = profile.columns.map((column) => {
    if (column.type !== 'num' || column.mean === null) return column
    return { ...column, mean: Number(column.mean.toPrecision(11)), m2: Number(column.m2!.toPrecision(11)) }
  })
  return { ...profile, columns }
}
