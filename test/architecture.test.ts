// ARCHITECTURE.md holds the table of rooms; this test holds the code to it.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import test from 'node:test'

const table = readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^\| `([\w-]+)\/` \| (.+?) \|/gm)
const mayImport = new Map([...table].map(([, room, list]) => [room!, new Set(list!.match(/[\w-]+/g))]))
const roomOf = (path: string) => relative('src', path).split(sep)[0]!.replace(/\.ts$/, '')
const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && path.includes(sep))
  .map((path) => join('src', path))
const importsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import|import\()\s*'(\.[^']+)'/g)].map(
    ([, target]) => target!,
  )

test('every import is one that the table allows', () => {
  const forbidden = files.flatMap((file) => {
    const room = roomOf(file)
    const allowed = mayImport.get(room)
    assert.ok(allowed, `ARCHITECTURE.md has no row for src/${room}/`)
    return importsOf(file)
      .filter((target) => {
        const other = roomOf(normalize(join(dirname(file), target)))
        return other !== room && !allowed.has(other)
      })
      .map((target) => `${file} imports ${target}`)
  })
  assert.deepEqual(forbidden, [])
})

test('every row of the table is a folder and every folder has a row', () => {
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  assert.deepEqual(new Set(mayImport.keys()), new Set(folders.map((entry) => entry.name)))
})

test('only config.ts reads the environment', () => {
  const readers = files.filter((file) => /process\.env/.test(readFileSync(file, 'utf8')))
  assert.deepEqual(readers, [])
})

test('no clock and no chance below cli', () => {
  const below = files.filter((file) => roomOf(file) !== 'cli' && !file.endsWith('.test.ts'))
  const found = below.filter((file) =>
    /Math\.random|Date\.now\(|new Date\(\)|performance\.now\(/.test(readFileSync(file, 'utf8')),
  )
  assert.deepEqual(found, [])
})

test('no source file passes 400 lines', () => {
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400)
  assert.deepEqual(long, [])
})
