import assert from 'node:assert/strict'
import test from 'node:test'
import { failsWith } from '../data.fixture.ts'
import { Float } from './document-value.ts'
import { readJson, TEXT_BYTES_MAX, writeJson } from './json-text.ts'

const read = (text: string) => readJson(Buffer.from(text))

test('reads a bare NaN as null, and leaves the letters in texts alone', () => {
  assert.deepEqual(read('{"a":[1,NaN,NaN]}'), { a: [1, null, null] })
  const names = ['NaN', ',NaN,', '\\"NaN', '\\\\', 'NaN\\\\\\"', '"NaN"']
  for (const name of names) {
    const text = JSON.stringify(name)
    assert.deepEqual(read(`{${text}:[${text},NaN,${text}],"b":NaN}`), { [name]: [name, null, name], b: null })
  }
})

test('refuses what is not JSON', () => {
  for (const text of [
    '',
    '{',
    '{"a":NaN',
    '{"NaN',
    '{"NaN\\"',
    'NaN"',
    '{"a":-NaN}',
    '{"a":Infinity}',
    '{}}',
  ]) {
    assert.throws(() => read(text), failsWith('MODEL_FILE_INVALID', 'it must be JSON'), text)
  }
  assert.throws(() => read('NaN'), failsWith('MODEL_FILE_INVALID', 'the file must be an object, got null'))
  assert.throws(() => readJson(Uint8Array.of(0xff)), failsWith('MODEL_FILE_INVALID', 'it must be JSON'))
})

test('takes a time that grows with the text alone, whatever its quotes and backslashes', {
  timeout: 10_000,
}, () => {
  for (const part of ['"', '\\"', '\\', '"\\', 'NaN"', '"a"']) {
    assert.throws(() => read(`{"NaN${part.repeat(500_000)}`), failsWith('MODEL_FILE_INVALID', 'JSON'))
  }
})

test('refuses a file longer than a JavaScript string, and says what to do', () => {
  // pages that nobody touches take no memory
  const bytes = new Uint8Array(TEXT_BYTES_MAX + 1)
  assert.throws(() => readJson(bytes), failsWith('MODEL_FILE_INVALID', 'save the model as UBJSON'))
})

test('refuses more objects and lists than fit the memory', () => {
  const bomb = `{"a":[${'{},'.repeat(10_000_001)}0]}`
  assert.throws(() => read(bomb), failsWith('MODEL_FILE_INVALID', 'at most 10000000 objects and lists'))
})

test('writes typed lists, floats and texts', () => {
  const document = {
    'a"': 'b\n',
    floats: Float32Array.of(0.1, -0),
    one: new Float(1),
    integers: [Int32Array.of(-1), BigInt64Array.of(5n), 7],
    empty: [{}, []],
  }
  const text = '{"a\\"":"b\\n","floats":[1E-1,-0E0],"one":1E0,"integers":[[-1],[5],7],"empty":[{},[]]}'
  assert.equal(new TextDecoder().decode(writeJson(document)), text)
})
