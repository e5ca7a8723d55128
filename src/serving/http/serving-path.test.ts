// The process that decides never loads the code that trains.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import test from 'node:test'

const SOURCE = resolve(import.meta.dirname, '../..')
const IMPORT = /^(?:import|export)\s(?!type\b)[^;]*?from\s+'(\.[^']+)'/gms

function reachable(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  for (const [, target] of readFileSync(file, 'utf8').matchAll(IMPORT))
    reachable(join(file, '..', target!), found)
  return found
}

test('serving reaches the code that predicts and none of the code that fits or trains', () => {
  const files = [...reachable(join(SOURCE, 'serving/index.ts'))].map((file) => relative(SOURCE, file))
  assert.ok(files.includes('model/booster.ts') && files.includes('features/row-transformer.ts'))
  assert.deepEqual(
    files.filter((file) => /\/(?:train|fit|grow|histogram|quantile|simulator|duckdb)/.test(file)),
    [],
  )
})
