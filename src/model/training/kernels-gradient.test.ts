// Gradients against plain ones. exp is rounded to float32 once in both; where the two round otherwise the
// probability differs by 1 ulp, and nothing else may.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { createWorkbench } from '../threads/kernel-memory.fixture.ts'
import { plainGradients } from './plain-gradients.fixture.ts'

const bench = createWorkbench(2 ** 20)

function gradientsOf(
  margins: Float32Array,
  labels: Uint8Array,
  weights: Float32Array,
  begin = 0,
): Float32Array {
  bench.clear()
  const out = bench.take(8 * margins.length + 32)
  bench.kernels.logisticGradients(
    out,
    bench.put(margins),
    bench.put(labels),
    bench.put(weights),
    begin,
    margins.length,
  )
  return bench.float32.slice(out / 4, out / 4 + 2 * margins.length)
}

test('differentiates the logistic loss as the slow twin does, up to 1 ulp of the probability', () => {
  const random = createRandom(1)
  const rowCount = 2001
  let different = 0
  let saturated = 0
  for (let round = 0; round < 30; round++) {
    const spread = [1, 5, 30, 200][round % 4]
    const margins = Float32Array.from({ length: rowCount }, () => (2 * random.next() - 1) * spread)
    margins.set([0, -0, 88.7, -88.7, 200, -200, 17.3, -104])
    const labels = Uint8Array.from({ length: rowCount }, () => random.int(2))
    const weights = Float32Array.from({ length: rowCount }, () =>
      random.int(9) === 0 ? 0 : random.next() * 3,
    )
    const ours = gradientsOf(margins, labels, weights)
    const plain = plainGradients(margins, labels, weights)
    ours.forEach((value, i) => {
      saturated += Number(
        i % 2 === 1 && value > 0 && value === Math.fround(Math.fround(1e-16) * weights[i >> 1]),
      )
      if (value === plain[i]) return
      different++
      // an ulp of a probability is at most 2^-24; the gradient rounds once more
      const bound = weights[i >> 1] * 2 ** -24 + Math.abs(plain[i]) * 2 ** -22
      assert.ok(Math.abs(value - plain[i]) <= bound, `margin ${margins[i >> 1]}: ${value} and ${plain[i]}`)
    })
  }
  assert.ok(saturated > 1000, `${saturated}`)
  assert.ok(different < 30 * 2 * rowCount * 1e-4, `${different}`)
})

test('starts at a given even row and leaves those before alone', () => {
  const margins = Float32Array.of(1, 2, 3, 4, 5, 6)
  const [labels, weights] = [new Uint8Array(6), new Float32Array(6).fill(1)]
  bench.bytes.fill(0)
  const gradients = gradientsOf(margins, labels, weights, 4)
  assert.deepEqual([...gradients.slice(0, 8)], Array(8).fill(0))
  assert.deepEqual(gradients.slice(8), plainGradients(margins, labels, weights).slice(8))
})

test('never gives a hessian of 0 to a row with weight', () => {
  const [, hessian] = gradientsOf(Float32Array.of(80), Uint8Array.of(1), Float32Array.of(1))
  assert.equal(hessian, Math.fround(1e-16))
})

test('the twin differentiates the logistic loss once and twice', () => {
  const random = createRandom(1)
  const loss = (margin: number, label: number): number =>
    Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(margin, 0) - label * margin
  for (let round = 0; round < 300; round++) {
    const margin = Math.fround(random.normal() * 3)
    const label = random.int(2)
    const weight = Math.fround(random.next() * 2)
    const gradients = plainGradients(Float32Array.of(margin), Uint8Array.of(label), Float32Array.of(weight))
    const step = 1e-4
    const [before, at, after] = [-step, 0, step].map((d) => loss(margin + d, label))
    assert.ok(Math.abs(gradients[0] - (weight * (after - before)) / (2 * step)) < 1e-6)
    assert.ok(Math.abs(gradients[1] - (weight * (after - 2 * at + before)) / step ** 2) < 1e-5)
  }
})
