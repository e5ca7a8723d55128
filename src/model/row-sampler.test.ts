import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import { createRowSampler } from './row-sampler.ts'

test('parts the rows into drawn ones and others, both ascending', () => {
  const draw = createRowSampler(1000, 0.3, createRandom(1))
  for (let i = 0; i < 20; i++) {
    const { rows, others } = draw()
    assert.ok(rows.length > 230 && rows.length < 370)
    const all = [...rows, ...others]
    assert.deepEqual(
      all.toSorted((a, b) => a - b),
      Array.from({ length: 1000 }, (_, row) => row),
    )
    assert.deepEqual(
      [...rows],
      [...rows].sort((a, b) => a - b),
    )
    assert.deepEqual(
      [...others],
      [...others].sort((a, b) => a - b),
    )
  }
})

test('takes all rows and draws nothing when the share is 1', () => {
  const random = createRandom(1)
  const { rows, others } = createRowSampler(4, 1, random)()
  assert.deepEqual([...rows], [0, 1, 2, 3])
  assert.equal(others.length, 0)
  assert.equal(random.next(), createRandom(1).next())
})
