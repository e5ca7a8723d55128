import assert from 'node:assert/strict'
import test from 'node:test'
import { isNoAnswer, noAnswer } from './no-answer.ts'

test('is told from values, also after a trip through JSON', () => {
  const none = noAnswer('ONE_CLASS_ONLY')
  assert.deepEqual(none, { status: 'undefined', reason: 'ONE_CLASS_ONLY' })
  assert.ok(isNoAnswer(none))
  assert.ok(isNoAnswer(JSON.parse(JSON.stringify(none))))
  for (const value of [0, Number.NaN, null, undefined, 'undefined', [0, 1], {}, { status: 'ready' }]) {
    assert.equal(isNoAnswer(value), false)
  }
})
