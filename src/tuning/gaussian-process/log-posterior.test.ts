// Golden values: see golden.fixture.ts. Optuna computes them in float64 through torch; tolerances are relative.
import assert from 'node:assert/strict'
import test from 'node:test'
import { fitGaussianProcess } from './fit-kernel.ts'
import { close, differencesOf, golden, observationsOf, paramsOf } from './golden.fixture.ts'
import { matern52 } from './kernel.ts'
import { kernelParamsOf, logPosteriorOf } from './log-posterior.ts'

for (const [index, one] of golden.cases.entries()) {
  const observations = observationsOf(one)
  const raw = Float64Array.from(one.raw)

  test(`likelihood, priors and their gradient equal Optuna’s: case ${index}`, () => {
    for (const deterministic of [false, true]) {
      const expected = deterministic ? one.deterministic_loss : one.loss
      const gradient = new Float64Array(raw.length)
      const value = logPosteriorOf(observations, { deterministic })(raw, gradient)
      close([value], [expected.value], 1e-9, 'value')
      close(gradient, expected.gradient, 1e-7, 'gradient')
    }
  })

  test(`the gradient equals the differences: case ${index}`, () => {
    const logPosterior = logPosteriorOf(observations, { deterministic: false })
    const gradient = new Float64Array(raw.length)
    logPosterior(raw, gradient)
    const differences = differencesOf((at) => logPosterior(at, new Float64Array(raw.length)), raw)
    close(gradient, differences, 1e-5)
  })

  test(`the kernel matrix equals Optuna’s: case ${index}`, () => {
    const { inverseSquaredLengths, scale } = paramsOf(one)
    one.x.forEach((a, i) => {
      const row = one.x.map((b) => {
        const squares = a.map((at, d) => (one.is_categorical[d] ? Number(at !== b[d]) : (at - b[d]) ** 2))
        return (
          scale * matern52(squares.reduce((sum, square, d) => sum + square * inverseSquaredLengths[d], 0))
        )
      })
      close(row, one.kernel[i], 1e-12, `row ${i}`)
    })
  })

  test(`the fit is as likely as Optuna’s, or likelier: case ${index}`, () => {
    const { inverseSquaredLengths, scale, noise } = fitGaussianProcess(observations).params
    const fitted = Float64Array.of(
      ...inverseSquaredLengths.map(Math.log),
      Math.log(scale),
      Math.log(noise - 1e-6),
    )
    const loss = logPosteriorOf(observations, { deterministic: false })(fitted, new Float64Array(raw.length))
    assert.ok(loss <= one.fitted_loss + 2e-3, `${loss}, Optuna's is ${one.fitted_loss}`)
  })
}

test('a fit from the last one ends where a fit from nothing ends', () => {
  const observations = observationsOf(golden.cases[2])
  const { params } = fitGaussianProcess(observations)
  const again = fitGaussianProcess(observations, { start: params }).params
  close([Math.log(again.scale)], [Math.log(params.scale)], 0.05)
  close(again.inverseSquaredLengths.map(Math.log), [...params.inverseSquaredLengths].map(Math.log), 0.1)
})

test('a start from which nothing can be factored, and points that are all the same, still give a process', () => {
  const observations = observationsOf(golden.cases[1])
  const spoilt = { inverseSquaredLengths: new Float64Array(4).fill(Number.NaN), scale: 1, noise: 0.1 }
  assert.deepEqual(
    fitGaussianProcess(observations, { start: spoilt }).params,
    fitGaussianProcess(observations).params,
  )
  const same = { ...observations, x: new Float64Array(observations.x.length), y: new Float64Array(12) }
  const belief = fitGaussianProcess(same, { deterministic: true }).at(new Float64Array(4))
  assert.ok(Number.isFinite(belief.mean) && belief.variance >= 0)
})

test('a deterministic objective has the least noise', () => {
  assert.equal(kernelParamsOf(Float64Array.of(0, 0, 5), true).noise, 1e-6)
})
