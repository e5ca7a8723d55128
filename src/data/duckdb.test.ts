import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { openDatabase, queryRows, sqlName, sqlPath, sqlText } from './duckdb.ts'

test('streams every row in order and marks the end itself', async () => {
  await using database = await openDatabase()
  let next = 0
  for await (const { chunk, rowCount } of queryRows(database.connection, {
    values: ['range::DOUBLE'],
    from: 'range(100000)',
  })) {
    for (let row = 0; row < rowCount; row++) assert.equal(chunk.getColumnVector(0).getItem(row), next++)
  }
  assert.equal(next, 100_000)
})

test('gives no rows for no rows', async () => {
  await using database = await openDatabase()
  for await (const { rowCount } of queryRows(database.connection, { values: ['range'], from: 'range(0)' }))
    assert.fail(`${rowCount}`)
})

test('throws what broke a query half way, which a streamed result keeps to itself', async () => {
  await using database = await openDatabase()
  const values = ["CASE WHEN range = 90000 THEN error('broken') ELSE 'nan'::DOUBLE END"]
  const read = async () => {
    for await (const { rowCount } of queryRows(database.connection, { values, from: 'range(100000)' }))
      assert.ok(rowCount > 0)
  }
  await assert.rejects(read, /broken/)
})

test('closes in the middle of a query and leaves no folder behind', async () => {
  const database = await openDatabase()
  const setting = await database.connection.runAndReadAll("SELECT current_setting('temp_directory')")
  const folder = String(setting.getRows()[0]![0])
  assert.ok(existsSync(folder))
  for await (const { rowCount } of queryRows(database.connection, {
    values: ['range'],
    from: 'range(1000000000)',
  })) {
    assert.ok(rowCount > 0)
    break
  }
  await database[Symbol.asyncDispose]()
  assert.equal(existsSync(folder), false)
})

test('writes texts, names and paths as SQL does', () => {
  assert.equal(sqlText("it's"), "'it''s'")
  assert.equal(sqlName('a"b'), '"a""b"')
  assert.equal(sqlPath('/a[1]*?'), "'/a[[]1][*][?]'")
})
