import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { floatsText, floatText } from './float-text.ts'

test('writes every float32 so that it reads back to the last bit', () => {
  const random = createRandom(1)
  const bits = new Uint32Array(1)
  const value = new Float32Array(bits.buffer)
  const edges = [1, 0x007fffff, 0x00800000, 0x7f7fffff, 0x80000001, 0x3dcccccd, 0x4b800000]
  for (let round = 0; round < 20_000; round++) {
    bits[0] = round < edges.length ? edges[round] : random.uint32()
    if (!Number.isFinite(value[0])) continue
    const text = floatText(value[0])
    assert.match(text, /^-?\d(\.\d{1,8})?E-?\d+$/)
    assert.ok(Object.is(Math.fround(Number(text)), value[0]), text)
    assert.ok(Object.is(Math.fround(JSON.parse(text)), value[0]), text)
  }
})

test("spells numbers as XGBoost's files do", () => {
  assert.equal(floatsText(Float32Array.of(0.1, 0, -0, 1, -2.5e-7, 3e20)), '[1E-1,0E0,-0E0,1E0,-2.5E-7,3E20]')
})
