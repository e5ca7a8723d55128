// Golden values: see golden.fixture.ts.
import assert from 'node:assert/strict'
import test from 'node:test'
import { GaussianProcess } from './gaussian-process.ts'
import { close, differencesOf, golden, observationsOf, paramsOf } from './golden.fixture.ts'
import { logExpectedImprovement, standardLogImprovement, standardSlope } from './log-expected-improvement.ts'

for (const [index, one] of golden.cases.entries()) {
  const process = GaussianProcess.seen(observationsOf(one), paramsOf(one))!
  const points = one.points.map((point) => Float64Array.from(point))
  const smooth = one.is_categorical.map((isName) => !isName)
  const smoothOnly = (values: ArrayLike<number>): number[] => Array.from(values).filter((_, d) => smooth[d])

  test(`mean, variance and their gradients equal Optuna’s: case ${index}`, () => {
    points.forEach((point, i) => {
      const [meanGradient, varianceGradient] = [
        new Float64Array(point.length),
        new Float64Array(point.length),
      ]
      const belief = process.atWithGradient(point, meanGradient, varianceGradient)
      assert.deepEqual(process.at(point), belief)
      close([belief.mean], [one.mean[i]], 1e-9, 'mean')
      close([belief.variance], [one.variance[i]], 1e-9, 'variance')
      close(smoothOnly(meanGradient), smoothOnly(one.mean_gradient[i]), 1e-8, 'mean gradient')
      close(smoothOnly(varianceGradient), smoothOnly(one.variance_gradient[i]), 1e-8, 'variance gradient')
    })
  })

  test(`the logarithm of the expected improvement and its gradient equal Optuna’s: case ${index}`, () => {
    const acquisition = logExpectedImprovement(process, Math.max(...one.y))
    points.forEach((point, i) => {
      const gradient = new Float64Array(point.length)
      close([acquisition(point, gradient)], [one.log_ei[i]], 1e-8, 'value')
      assert.equal(acquisition(point), acquisition(point, gradient))
      const expected = one.log_ei_gradient[i]
      if (expected !== null) close(smoothOnly(gradient), smoothOnly(expected), 1e-7, 'gradient')
    })
  })

  test(`the gradient of the improvement equals the differences: case ${index}`, () => {
    const acquisition = logExpectedImprovement(process, Math.max(...one.y))
    // the first point is an observation, where the second derivative is large
    for (const point of points.slice(1)) {
      const gradient = new Float64Array(point.length)
      acquisition(point, gradient)
      close(smoothOnly(gradient), smoothOnly(differencesOf(acquisition, point)), 1e-4)
    }
  })

  test(`trials that run change the beliefs as in Optuna: case ${index}`, () => {
    const believing = process.believing(Float64Array.from(one.running.flat()))
    const beliefs = points.map((point) => believing.at(point))
    close(
      beliefs.map(({ mean }) => mean),
      one.believed.mean,
      1e-8,
      'mean',
    )
    close(
      beliefs.map(({ variance }) => variance),
      one.believed.variance,
      1e-8,
      'variance',
    )
  })
}

test('the improvement of a standard normal keeps its digits far out, as Optuna’s, and its slope', () => {
  const { z, value } = golden.standard_log_ei
  z.forEach((at, i) => {
    // beyond −1e5 Optuna's difference has lost half of its digits
    close([standardLogImprovement(at)], [value[i]], 1e-11, `z = ${at}`)
    if (Math.abs(at) > 200) return
    const [slope] = differencesOf((x) => standardLogImprovement(x[0]), Float64Array.of(at))
    close([standardSlope(at)], [slope], 1e-6, `slope at ${at}`)
  })
})

test('a matrix that cannot be factored gives null', () => {
  const observations = {
    x: Float64Array.of(0, 0),
    y: Float64Array.of(1, 1),
    dimensions: 1,
    isCategorical: new Uint8Array(1),
  }
  const params = { inverseSquaredLengths: Float64Array.of(1), scale: 1, noise: -1e-3 }
  assert.equal(GaussianProcess.seen(observations, params), null)
})
