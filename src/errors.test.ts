import assert from 'node:assert/strict'
import test from 'node:test'
import { ERRORS } from './error-table.ts'
import { FdsError } from './errors.ts'

test('carries code, status, details and the message of the table', () => {
  const error = new FdsError('FILE_NOT_FOUND', { file: 'a.csv' })
  assert.equal(error.code, 'FILE_NOT_FOUND')
  assert.equal(error.status, 400)
  assert.deepEqual(error.details, { file: 'a.csv' })
  assert.equal(error.message, 'No such file: a.csv')
})

test('names at most ten columns and counts the rest', () => {
  const known = Array.from({ length: 12 }, (_, index) => `c${index}`)
  const { message } = new FdsError('COLUMN_MISSING', { column: 'x', known })
  assert.match(message, /c9 and 2 more$/)
})

test('keeps the cause', () => {
  const cause = new Error('inner')
  assert.equal(new FdsError('FILE_NOT_FOUND', { file: 'a' }, { cause }).cause, cause)
})

test('every status is a client or server error', () => {
  for (const [code, { status }] of Object.entries(ERRORS)) assert.ok(status >= 400 && status < 600, code)
})
