// Examples are bytes by hand after UBJSON draft 12; files of XGBoost are read in xgboost-model.test.ts.
import assert from 'node:assert/strict'
import test from 'node:test'
import { failsWith } from '../data.fixture.ts'
import { type DocumentValue, Float } from './document-value.ts'
import { isUbjson, readUbjson } from './read-ubjson.ts'
import { writeUbjson } from './write-ubjson.ts'

/** Bytes of the characters, and of the numbers as they are. */
function bytesOf(...parts: (string | number)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))))
}

/** An object with this value under the key "a". */
function field(...value: (string | number)[]): Uint8Array {
  return bytesOf('{', 'i', 1, 'a', ...value, '}')
}

const LONG_MAX = [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]

test('reads every type', () => {
  const cases: [(string | number)[], unknown][] = [
    [['Z'], null],
    [['T'], true],
    [['F'], false],
    [['i', 0xff], -1],
    [['U', 0xff], 255],
    [['I', 0xff, 0xfe], -2],
    [['l', 0, 1, 0, 0], 65536],
    [['L', 0, 0, 0, 1, 0, 0, 0, 0], 2 ** 32],
    [['d', 0x3f, 0x80, 0, 0], 1],
    [['D', 0xbf, 0xf0, 0, 0, 0, 0, 0, 0], -1],
    [['C', 'x'], 'x'],
    [['S', 'U', 2, 'ä'], 'ä'],
    [
      ['[', 'T', 'i', 1, ']'],
      [true, 1],
    ],
    [
      ['[', '#', 'i', 2, 'F', 'Z'],
      [false, null],
    ],
    [['[', '$', 'U', '#', 'i', 2, 1, 2], Uint8Array.of(1, 2)],
    [['[', '$', 'i', '#', 'i', 1, 0xff], Int8Array.of(-1)],
    [['[', '$', 'I', '#', 'i', 1, 1, 0], Int16Array.of(256)],
    [['[', '$', 'l', '#', 'i', 1, 0, 0, 1, 0], Int32Array.of(256)],
    [['[', '$', 'L', '#', 'i', 1, ...LONG_MAX], BigInt64Array.of(2n ** 63n - 1n)],
    [['[', '$', 'd', '#', 'i', 1, 0x3f, 0x80, 0, 0], Float32Array.of(1)],
    [['[', '$', 'D', '#', 'i', 0], new Float64Array()],
    [['{', 'i', 1, 'b', 'T', '}'], { b: true }],
  ]
  for (const [value, expected] of cases) assert.deepEqual(readUbjson(field(...value)), { a: expected })
})

test('keeps any name a name', () => {
  const document = readUbjson(bytesOf('{', 'i', 9, '__proto__', 'i', 1, '}'))
  assert.deepEqual(Object.entries(document), [['__proto__', 1]])
})

test('refuses lengths beyond the bytes that are left, before it makes room for them', () => {
  const huge: (string | number)[][] = [
    ['[', '$', 'd', '#', 'L', 0x10, 0, 0, 0, 0, 0, 0, 0],
    ['[', '$', 'L', '#', 'L', ...LONG_MAX],
    ['[', '#', 'L', ...LONG_MAX],
    ['S', 'l', 0x7f, 0xff, 0xff, 0xff],
    ['S', 'L', 0, 0, 0, 0, 0x80, 0, 0, 0],
    ['[', '$', 'U', '#', 'i', 9],
  ]
  const before = process.memoryUsage().rss
  for (const value of huge) {
    assert.throws(() => readUbjson(field(...value)), failsWith('MODEL_FILE_INVALID', ' '))
  }
  assert.ok(process.memoryUsage().rss - before < 100e6)
})

test('refuses what is not UBJSON and says where', () => {
  const cases: [(string | number)[], string][] = [
    [['x'], 'got "x", at byte 5'],
    [['N'], 'got "N"'],
    [['H', 'i', 1, '1'], 'got "H"'],
    [['S', 'i', 0xff, 'x'], 'a length must be a count'],
    [['S', 'd', 0, 0, 0, 0], 'a length must be a count'],
    [['S', 'i', 2, 0xc3, 0x28], 'a text must be UTF-8'],
    [['[', '$', 'U', 1], 'a typed list must give its length'],
    // lists of values without bytes would be of any length
    [['[', '$', 'Z', '#', 'L', ...LONG_MAX], 'a typed list must be of numbers, got type "Z"'],
    [['[', '$', '[', '#', 'i', 1], 'a typed list must be of numbers'],
  ]
  for (const [value, text] of cases) {
    assert.throws(() => readUbjson(field(...value)), failsWith('MODEL_FILE_INVALID', text), text)
  }
  assert.throws(
    () => readUbjson(bytesOf('[', ']')),
    failsWith('MODEL_FILE_INVALID', 'the file must be an object'),
  )
  assert.throws(
    () => readUbjson(bytesOf('{', '}', ' ')),
    failsWith('MODEL_FILE_INVALID', 'nothing may follow'),
  )
})

test('refuses a hundred thousand levels of lists and objects', () => {
  for (const level of ['[', '[#i\x01', '{i\x01a', '[[#i\x02']) {
    const bomb = field(level.repeat(100_000))
    assert.throws(() => readUbjson(bomb), failsWith('MODEL_FILE_INVALID', 'at most 64 deep'))
  }
})

test('refuses more values than fit the memory', () => {
  const bomb = field('[', 'Z'.repeat(10_000_001), ']')
  assert.throws(() => readUbjson(bomb), failsWith('MODEL_FILE_INVALID', 'at most 10000000 untyped values'))
})

test('is told from JSON by its first bytes', () => {
  assert.ok(isUbjson(bytesOf('{', 'L', 0)))
  assert.ok(isUbjson(bytesOf('{', 'i', 1)))
  for (const text of ['', '{', '{}', '{"learner"', '{ "learner"', '{\n', 'binf']) {
    assert.equal(isUbjson(Buffer.from(text)), false)
  }
})

test('writes what it reads, integers in the smallest type', () => {
  const document: DocumentValue = {
    text: 'ä\0',
    numbers: [0, -128, 127, 128, -32_768, 32_768, 2 ** 31 - 1, 2 ** 31, Number.MAX_SAFE_INTEGER],
    float: new Float(0.5),
    typed: [
      Float32Array.of(1.5, -0),
      Int32Array.of(-7),
      Uint8Array.of(255),
      BigInt64Array.of(-1n),
      new Int32Array(),
    ],
    nested: { empty: {}, none: [] },
  }
  assert.deepEqual(readUbjson(writeUbjson(document)), { ...document, float: 0.5 })
  const types = (numbers: number[]) =>
    Buffer.from(writeUbjson(numbers))
      .toString('latin1')
      .replace(/[^iIlL]/g, '')
  assert.equal(types([1]), 'Li')
  assert.equal(types([128]), 'LI')
  assert.equal(types([-40_000]), 'Ll')
  assert.equal(types([2 ** 31]), 'LL')
})
