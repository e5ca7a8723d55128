import assert from 'node:assert/strict'
import test from 'node:test'
import { checkOption } from './check-option.ts'

const refused = (message: string, check: () => number) =>
  assert.throws(check, { code: 'PARAM_INVALID', message: `Parameter "n" must be ${message}` })

test('a number within its bounds, both included, comes back', () => {
  assert.equal(checkOption('n', -3), -3)
  assert.equal(checkOption('n', 0, { minimum: 0 }), 0)
  assert.equal(checkOption('n', 1, { minimum: 0, maximum: 1 }), 1)
})

test('any other is refused with the bounds', () => {
  refused('a finite number, got NaN', () => checkOption('n', Number.NaN))
  refused('a finite number of at least 0, got Infinity', () => checkOption('n', Infinity, { minimum: 0 }))
  refused('a number from 0 to 1, got 2', () => checkOption('n', 2, { minimum: 0, maximum: 1 }))
  refused('a finite number, got 5', () => checkOption('n', '5' as unknown as number))
})
