// Runs every @example of every docstring: `expression // result` must hold, in the order of its lines.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { resolve } from 'node:path'
import test from 'node:test'
import { inspect } from 'node:util'
import * as publicNames from '../src/index.ts'

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>

for (const file of globSync('src/**/*.ts', { exclude: ['**/*.test.ts'] })) {
  const examples = examplesOf(readFileSync(file, 'utf8'))
  if (examples.length === 0) continue
  test(`the examples of ${file} hold`, async () => {
    const names: Record<string, unknown> = { ...publicNames, ...(await import(resolve(file))) }
    for (const example of examples) await run(example, names)
  })
}

/** The code of each @example, up to the next tag or the end of the comment. */
function examplesOf(source: string): string[] {
  return [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(([comment]) =>
    [...comment.matchAll(/@example\n([\s\S]*?)(?=\n\s*\* @|\s*\*\/)/g)].map(([, body]) =>
      body!.replace(/^\s*\* ?/gm, '').trim(),
    ),
  )
}

async function run(example: string, names: Record<string, unknown>): Promise<void> {
  const lines = example.split('\n').map((line) => {
    const [, expression, expected] = /^(?!\s)(.+?) +\/\/ (.+)$/.exec(line) ?? []
    if (expression === undefined || /^(const|let|import) /.test(expression)) return line
    return `check(await (${expression}), ${JSON.stringify(expected)}, ${JSON.stringify(line)})`
  })
  const body = new AsyncFunction('check', ...Object.keys(names), stripTypeScriptTypes(lines.join('\n')))
  await body(check, ...Object.values(names))
}

/** The written result is either how Node prints the value or a literal equal to it. */
function check(value: unknown, expected: string, line: string): void {
  if (printed(inspect(value, { breakLength: Infinity })) === printed(expected)) return
  let literal: unknown
  try {
    literal = new Function(`return (${expected})`)()
  } catch {
    assert.fail(`${line}\ngave ${inspect(value)}`)
  }
  assert.deepEqual(value, literal, `${line}\ngave ${inspect(value)}`)
}

/** A printed value without spaces and without the length that Node writes behind the name of a typed array. */
function printed(text: string): string {
  return text.replace(/(Array)\(\d+\)/g, '$1').replace(/\s/g, '')
}
