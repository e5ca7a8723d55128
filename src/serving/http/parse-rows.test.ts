import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { FdsError } from '../../errors.ts'
import { parseLines, parseRows } from './parse-rows.ts'

/** Texts that look like the places where rows are cut. */
const cut = fc.stringMatching(/^[{},"\\[\] :a]{0,8}$/)
const value = fc.oneof(fc.jsonValue(), fc.dictionary(cut, fc.oneof(cut, fc.double(), fc.jsonValue())))
const spaces = fc.constantFrom('', ' ', '\n  ', '\t')

test('gives the elements that JSON.parse gives, each with a text that means the same', () => {
  fc.assert(
    fc.property(fc.array(value), spaces, spaces, (values, before, after) => {
      const texts = values.map((element) => `${before}${JSON.stringify(element)}${after}`)
      const body = ` [${texts.join(',')}]\n`
      const rows = parseRows(body)
      const expected = JSON.parse(body) as unknown[]
      assert.deepEqual(
        rows.map((row) => row.value),
        expected,
      )
      assert.deepEqual(
        rows.map((row) => JSON.parse(row.text) as unknown),
        expected,
      )
    }),
    { numRuns: 1000, seed: 7 },
  )
})

test('takes whatever JSON.parse takes and refuses the rest', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(cut, fc.constantFrom('{}', '{"a":1}', ',', '[', ']', '1'))), (pieces) => {
      const body = `[${pieces.join('')}]`
      assert.equal(
        outcomeOf(() => parseRows(body)),
        outcomeOf(() => JSON.parse(body)),
        body,
      )
    }),
    { numRuns: 3000, seed: 7 },
  )
})

test('a row that is not JSON is named, a body that is no array refused', () => {
  const codeOf = (body: string) => {
    try {
      parseRows(body)
      return 'none'
    } catch (error) {
      assert.ok(error instanceof FdsError)
      return `${error.code} ${(error.details as { row?: number }).row ?? ''}`.trim()
    }
  }
  assert.equal(codeOf('[{"a":1},{"a":}]'), 'BATCH_ROW_INVALID 1')
  assert.equal(codeOf('{"a":1}'), 'REQUEST_INVALID')
  assert.equal(codeOf(''), 'REQUEST_INVALID')
  assert.equal(codeOf('['), 'REQUEST_INVALID')
  assert.throws(() => parseLines('{"a":1}\n{'), { code: 'BATCH_ROW_INVALID' })
  assert.deepEqual(
    parseLines('{"a":1}\r\n\n 2 ').map((row) => row.value),
    [{ a: 1 }, 2],
  )
})

function outcomeOf(parse: () => unknown): 'taken' | 'refused' {
  try {
    parse()
    return 'taken'
  } catch {
    return 'refused'
  }
}
