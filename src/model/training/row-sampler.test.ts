import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, type Random } from '../../math/random.ts'
import { createWorkbench } from '../threads/kernel-memory.fixture.ts'
import { createRowSampler } from './row-sampler.ts'

/** Draws from so many rows; gives those taken and the others. */
function createDraw(
  rowCount: number,
  share: number,
): (random: Random) => { rows: Int32Array; others: Int32Array } {
  const bench = createWorkbench(65_536)
  const [rows, others] = [bench.take(4 * rowCount), bench.take(4 * rowCount)]
  const at = { rows, others, matrix: { rowCount } }
  const draw = createRowSampler({ views: bench, kernels: bench.kernels }, at, share)
  return (random) => {
    const taken = draw(random)
    return {
      rows: bench.int32.slice(rows / 4, rows / 4 + taken),
      others: bench.int32.slice(others / 4, others / 4 + rowCount - taken),
    }
  }
}

const ascending = (rows: Int32Array): Int32Array => rows.toSorted()

test('parts the rows into drawn ones and others, both ascending', () => {
  const draw = createDraw(1000, 0.3)
  const random = createRandom(1)
  for (let i = 0; i < 20; i++) {
    const { rows, others } = draw(random)
    assert.ok(rows.length > 230 && rows.length < 370)
    const all = ascending(Int32Array.of(...rows, ...others))
    assert.deepEqual(
      all,
      Int32Array.from({ length: 1000 }, (_, row) => row),
    )
    assert.deepEqual(rows, ascending(rows))
    assert.deepEqual(others, ascending(others))
  }
})

test('draws the same rows from the same random numbers and others from others', () => {
  const draw = createDraw(200, 0.5)
  assert.deepEqual(draw(createRandom(1)), draw(createRandom(1)))
  assert.notDeepEqual(draw(createRandom(1)), draw(createRandom(2)))
})

test('takes all rows in order for each tree and draws nothing when the share is 1', () => {
  const random = createRandom(1)
  const draw = createDraw(4, 1)
  assert.deepEqual([...draw(random).rows], [0, 1, 2, 3])
  assert.deepEqual([...draw(random).rows], [0, 1, 2, 3])
  assert.equal(random.next(), createRandom(1).next())
})
