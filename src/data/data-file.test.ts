import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { devNull } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { findDataFile, formatOf, reasonOf } from './data-file.ts'
import { refusal, testFolder } from './files.fixture.ts'

test('knows a format by the end of the name, in any case', () => {
  assert.deepEqual(['a.csv', 'b.CSV.gz', 'c.Parquet', 'd.csv.parquet'].map(formatOf), [
    'csv',
    'csv.gz',
    'parquet',
    'parquet',
  ])
  for (const name of ['a.gz', 'a.csv.zip', 'csv', 'a.csv ', 'a.tsv', '']) {
    assert.throws(() => formatOf(name), { code: 'FILE_FORMAT_UNKNOWN' }, name)
  }
})

test('refuses a device, which could block for ever', async () => {
  assert.match(
    await refusal(async () => findDataFile(devNull)),
    /^FILE_UNREADABLE: .* it is not a regular file$/,
  )
})

test('gives a reason without the query', () => {
  const message =
    "Invalid Input Error: Footer length error in file 'x'\n\nLINE 1: SELECT * FROM read_parquet('x')"
  assert.equal(reasonOf(new Error(message)), "Footer length error in file 'x'")
  assert.equal(reasonOf(Object.assign(new Error('x'), { code: 'ENOSPC' })), 'the disk is full')
})

test('names a file that is gone between two looks', async (context) => {
  const folder = await testFolder(context)
  await mkdir(join(folder, 'd'))
  const file = join(folder, 'd', 'a.csv')
  await writeFile(file, 'a\n1\n')
  assert.equal(findDataFile(file).bytes, 4)
  await rm(join(folder, 'd'), { recursive: true })
  assert.equal(await refusal(async () => findDataFile(file)), 'FILE_NOT_FOUND: No such file: d/a.csv')
})
