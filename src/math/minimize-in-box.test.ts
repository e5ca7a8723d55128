import assert from 'node:assert/strict'
import test from 'node:test'
import { type Differentiable, minimizeInBox } from './minimize-in-box.ts'
import { createRandom } from './random.ts'

/** Narrow and bent: the usual trial of a minimiser, least at (1, 1, …). */
const rosenbrock: Differentiable = (x, gradient) => {
  gradient.fill(0)
  let value = 0
  for (let i = 0; i + 1 < x.length; i++) {
    const [bend, slope] = [x[i + 1] - x[i] ** 2, 1 - x[i]]
    value += 100 * bend ** 2 + slope ** 2
    gradient[i] += -400 * bend * x[i] - 2 * slope
    gradient[i + 1] += 200 * bend
  }
  return value
}

test('finds the bottom of a bent valley', () => {
  const { x, value } = minimizeInBox(rosenbrock, Float64Array.of(-1.2, 1, -1, 2), {
    maxEvaluations: 400,
    valueTolerance: 0,
    gradientTolerance: 1e-8,
  })
  assert.ok(value < 1e-12)
  for (const at of x) assert.ok(Math.abs(at - 1) < 1e-6)
})

test('a box gives the minimum of a parabola inside it, as coordinate by coordinate search does', () => {
  const random = createRandom(5)
  for (let round = 0; round < 20; round++) {
    const [a, b, c] = [random.normal(), random.normal(), 1.5 * random.next() - 0.75]
    const parabola: Differentiable = (x, gradient) => {
      const [u, v] = [x[0] - 2 * a, x[1] - 2 * b]
      gradient[0] = u + c * v
      gradient[1] = v + c * u
      return 0.5 * (u * u + v * v) + c * u * v
    }
    const [lower, upper] = [Float64Array.of(-1, -1), Float64Array.of(1, 1)]
    const found = minimizeInBox(parabola, Float64Array.of(0, 0), {
      lower,
      upper,
      valueTolerance: 0,
      gradientTolerance: 1e-9,
    })
    const best = Float64Array.of(0, 0)
    for (let sweep = 0; sweep < 200; sweep++) {
      best[0] = Math.min(1, Math.max(-1, 2 * a - c * (best[1] - 2 * b)))
      best[1] = Math.min(1, Math.max(-1, 2 * b - c * (best[0] - 2 * a)))
    }
    assert.ok(Math.abs(found.value - parabola(best, new Float64Array(2))) < 1e-8, `round ${round}`)
    assert.ok(found.x.every((at) => Math.abs(at) <= 1))
  }
})

test('a region without a value is too far, and a start outside the box is moved into it', () => {
  const logarithm: Differentiable = (x, gradient) => {
    gradient[0] = 1 - 1 / x[0]
    return x[0] > 0 ? x[0] - Math.log(x[0]) : Number.NaN
  }
  assert.ok(Math.abs(minimizeInBox(logarithm, Float64Array.of(9)).x[0] - 1) < 1e-3)
  const upper = Float64Array.of(0.5)
  assert.deepEqual(minimizeInBox(logarithm, Float64Array.of(9), { upper }).x, upper)
})

test('never asks more often than allowed, and never ends worse than it began', () => {
  let asked = 0
  const counted: Differentiable = (x, gradient) => {
    asked++
    return rosenbrock(x, gradient)
  }
  for (const maxEvaluations of [1, 2, 7]) {
    asked = 0
    const start = Float64Array.of(-1.2, 1)
    const { value } = minimizeInBox(counted, start, { maxEvaluations })
    assert.ok(asked <= maxEvaluations)
    assert.ok(value <= rosenbrock(start, new Float64Array(2)))
  }
})
