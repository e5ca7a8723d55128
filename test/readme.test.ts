// The code of the README runs as it stands there.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import test from 'node:test'
import { isNoAnswer } from '../src/math/index.ts'

test('the example of the README trains, chooses a threshold by cost and measures', async () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
  assert.ok(code)
  const program = `${stripTypeScriptTypes(code)}\nexport { best, metrics }`.replaceAll(
    "'fds-system'",
    JSON.stringify(new URL('../src/index.ts', import.meta.url).href),
  )
  const result = await import(`data:text/javascript,${encodeURIComponent(program)}`)
  assert.ok(result.best.threshold > 0 && result.best.threshold < 1)
  assert.equal(isNoAnswer(result.metrics.auc_roc), false)
  assert.ok(result.metrics.auc_roc > 0.9)
})
