import assert from 'node:assert/strict'
import test from 'node:test'
import { decodeCell, headerStart, rowAt } from './csv-row.ts'

const rules = { delimiter: ',', lineEnd: '\n' }

test('waits for the rest of a row that may go on', () => {
  const whole = 'a,"b\n""c""",d\n'
  for (let length = 0; length < whole.length; length++) {
    assert.equal(
      rowAt({ text: whole.slice(0, length), start: 0, final: false, rules }),
      undefined,
      whole.slice(0, length),
    )
  }
  assert.deepEqual(rowAt({ text: whole, start: 0, final: false, rules }), {
    cells: ['a', 'b\n"c"', 'd'],
    next: 14,
  })
})

test('ends a last row with the text', () => {
  assert.deepEqual(rowAt({ text: 'x\na,', start: 2, final: true, rules }), { cells: ['a', ''], next: 4 })
  assert.deepEqual(rowAt({ text: 'x\na,"b"', start: 2, final: true, rules }), { cells: ['a', 'b'], next: 7 })
})

test('says what is wrong with a row', () => {
  const problemOf = (text: string, lineEnd = '\n') => {
    return rowAt({ text, start: 0, final: true, rules: { delimiter: ',', lineEnd } })?.problem
  }
  assert.equal(problemOf('"a'), 'a quoted cell does not end')
  assert.equal(problemOf('"a"b\n'), 'text follows the closing quote of a cell')
  for (const [text, lineEnd] of [
    ['a\r\n', '\n'],
    ['a\n', '\r\n'],
    ['"a"\r\n', '\n'],
    ['"a"\n', '\r\n'],
    ['a\n', '\r'],
  ] as const) {
    assert.equal(
      problemOf(text, lineEnd),
      'its line end differs from the one of the header',
      JSON.stringify([text, lineEnd]),
    )
  }
})

test('decodes bytes as UTF-8 and finds the header after a byte order mark', () => {
  assert.equal(decodeCell(Buffer.from('한é').toString('latin1')), '한é')
  assert.equal(headerStart(Buffer.from('\ufeff\n\na').toString('latin1')), 5)
})
