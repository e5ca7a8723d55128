// Golden values: Optuna 5.0.0's own Gaussian process in torch, and SciPy 1.17.1; made by test/fixtures/tuning/make_gp.py.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { KernelParams, Observations } from './kernel.ts'
import { kernelParamsOf } from './log-posterior.ts'

interface Loss {
  readonly value: number
  readonly gradient: readonly number[]
}

interface Beliefs {
  readonly mean: readonly number[]
  readonly variance: readonly number[]
}

interface GoldenCase extends Beliefs {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly number[]
  readonly is_categorical: readonly boolean[]
  readonly raw: readonly number[]
  readonly kernel: readonly (readonly number[])[]
  readonly loss: Loss
  readonly deterministic_loss: Loss
  readonly points: readonly (readonly number[])[]
  readonly mean_gradient: readonly (readonly number[])[]
  readonly variance_gradient: readonly (readonly number[])[]
  readonly log_ei: readonly number[]
  /** null where torch loses it: the improvement itself underflows there. */
  readonly log_ei_gradient: readonly (readonly number[] | null)[]
  readonly running: readonly (readonly number[])[]
  readonly believed: Beliefs
  readonly fitted_loss: number
  readonly fitted: {
    readonly inverse_squared_lengths: readonly number[]
    readonly scale: number
    readonly noise: number
  }
}

export const golden: {
  readonly cases: readonly GoldenCase[]
  readonly standard_log_ei: { readonly z: readonly number[]; readonly value: readonly number[] }
  readonly warped: readonly {
    readonly values: readonly number[]
    readonly exponent: number
    readonly warped: readonly number[]
  }[]
} = JSON.parse(readFileSync('test/fixtures/tuning/gp.json', 'utf8'))

export function observationsOf(one: GoldenCase): Observations {
  return {
    x: Float64Array.from(one.x.flat()),
    y: Float64Array.from(one.y),
    dimensions: one.is_categorical.length,
    isCategorical: Uint8Array.from(one.is_categorical, Number),
  }
}

export function paramsOf(one: GoldenCase): KernelParams {
  return kernelParamsOf(Float64Array.from(one.raw), false)
}

/** Every number within `tolerance` of the expected one, relative to it or to 1. */
export function close(
  got: Iterable<number>,
  expected: readonly number[],
  tolerance: number,
  where = '',
): void {
  const values = [...got]
  assert.equal(values.length, expected.length, where)
  values.forEach((value, i) => {
    const allowed = tolerance * Math.max(1, Math.abs(expected[i]))
    assert.ok(Math.abs(value - expected[i]) <= allowed, `${where} ${i}: ${value}, expected ${expected[i]}`)
  })
}

/** Differences of a function around a point, by coordinate: the slow twin of a gradient. */
export function differencesOf(value: (x: Float64Array) => number, at: Float64Array, step = 1e-6): number[] {
  return Array.from(at, (_, i) => {
    const [before, after] = [Float64Array.from(at), Float64Array.from(at)]
    before[i] -= step
    after[i] += step
    return (value(after) - value(before)) / (2 * step)
  })
}
