// Documents are held to the code they describe.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { compatibilityPage } from '../scripts/compatibility-page.ts'
import { errorsPage } from '../scripts/errors-page.ts'
import { metricsPage } from '../scripts/metrics-page.ts'
import { mlflowCompatibilityPage } from '../scripts/mlflow-compatibility-page.ts'

test('docs/errors.md lists exactly the errors of the table', () => {
  assert.equal(readFileSync('docs/errors.md', 'utf8'), errorsPage(), 'run npm run docs:errors')
})

test('docs/metrics.md lists exactly the metrics of the list', () => {
  assert.equal(readFileSync('docs/metrics.md', 'utf8'), metricsPage(), 'run npm run docs:metrics')
})

test('docs/compatibility.md shows what the cases give', () => {
  const page = readFileSync('docs/compatibility.md', 'utf8')
  assert.equal(page, compatibilityPage(), 'run node scripts/docs-compatibility.ts')
})

test('docs/compatibility-mlflow.md shows the known differences', () => {
  const page = readFileSync('docs/compatibility-mlflow.md', 'utf8')
  assert.equal(page, mlflowCompatibilityPage(), 'run node scripts/docs-compatibility.ts')
})

test('every relative link of every document leads to a file', () => {
  const pages = globSync('**/*.md', { exclude: ['node_modules/**', '.fds/**'] })
  const dead = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map(([, target]) => join(dirname(page), target!))
      .filter((target) => !existsSync(target))
      .map((target) => `${page}: ${target}`),
  )
  assert.ok(pages.length > 5)
  assert.deepEqual(dead, [])
})

test('the README is short and shows its first command early', () => {
  const lines = readFileSync('README.md', 'utf8').split('\n')
  assert.ok(lines.length < 120, `${lines.length} lines`)
  const first = lines.findIndex((line) => line.includes('npm ci && npm start'))
  assert.ok(first >= 0 && first < 20, `first command in line ${first + 1}`)
})

test('every decision page has its three parts', () => {
  const pages = globSync('docs/decisions/[0-9]*.md')
  assert.ok(pages.length > 0)
  for (const page of pages) {
    const text = readFileSync(page, 'utf8')
    for (const part of ['## Background', '## Decision', '## Consequences'])
      assert.ok(text.includes(part), `${page}: ${part}`)
  }
})
