import { normalCdf } from '../../math/index.ts'

/**
 * The density of the score B = Z √t of an experiment that has crossed no bound so far, on a grid: `mass` holds the
 * density at a point times its weight in Simpson's rule, so a sum over the points is an integral.
 */
export interface WalkState {
  readonly t: number
  readonly points: Float64Array
  readonly mass: Float64Array
}

/** Before the first look: all of it at 0. */
export const START: WalkState = { t: 0, points: new Float64Array(1), mass: Float64Array.of(1) }

/** Beyond so many standard deviations nothing counts: 1e-15. */
const REACH = 8

/** Grid steps in the smallest standard deviation between two looks. */
const STEPS_A_DEVIATION = 5

/**
 * The density at the next look, between the bounds of Z. `finest` is the least distance between looks, before or
 * after this one, for which the grid must do; `drift` the mean of B at t = 1. Cost O(points × reach).
 */
export function walkTo(input: {
  readonly from: WalkState
  readonly t: number
  readonly low: number
  readonly high: number
  readonly finest: number
  readonly drift?: number
}): WalkState {
  const { from, t, finest, drift = 0 } = input
  const spread = REACH * Math.sqrt(t)
  const low = Math.max(input.low * Math.sqrt(t), drift * t - spread)
  const high = Math.min(input.high * Math.sqrt(t), drift * t + spread)
  const deviation = Math.sqrt(t - from.t)
  const step = Math.sqrt(Math.min(finest, t - from.t)) / STEPS_A_DEVIATION
  const intervals = 2 * Math.max(1, Math.ceil((high - low) / step / 2))
  const width = (high - low) / intervals
  const points = new Float64Array(intervals + 1)
  const mass = new Float64Array(intervals + 1)
  if (!(width > 0)) return { t, points, mass }
  const shift = drift * (t - from.t)
  for (let i = 0; i <= intervals; i++) {
    points[i] = low + i * width
    const weight = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2
    mass[i] = (densityAt(from, points[i]! - shift, deviation) * weight * width) / 3
  }
  return { t, points, mass }
}

/** P(Z ≥ bound at t, nothing crossed before), or ≤ for the lower side. */
export function tailMass(input: {
  readonly from: WalkState
  readonly t: number
  readonly bound: number
  readonly side?: 'upper' | 'lower'
  readonly drift?: number
}): number {
  const { from, t, bound, side = 'upper', drift = 0 } = input
  const deviation = Math.sqrt(t - from.t)
  const edge = bound * Math.sqrt(t) - drift * (t - from.t)
  let sum = 0
  for (let i = 0; i < from.points.length; i++) {
    const z = (edge - from.points[i]!) / deviation
    // beyond 38 the tail is below the least number
    if (side === 'upper' ? z < 38 : z > -38) sum += from.mass[i]! * normalCdf(z, { upper: side === 'upper' })
  }
  return sum
}

/** Density of B at the next look, a normal step with this deviation after `from`. */
export function densityAt(from: WalkState, u: number, deviation: number): number {
  const { points, mass } = from
  const last = points.length - 1
  const gap = last === 0 ? 1 : (points[last]! - points[0]!) / last
  const first = Math.max(0, Math.ceil((u - REACH * deviation - points[0]!) / gap))
  const end = Math.min(last, Math.floor((u + REACH * deviation - points[0]!) / gap))
  const scale = -0.5 / deviation ** 2
  let sum = 0
  for (let i = first; i <= end; i++) sum += mass[i]! * Math.exp(scale * (u - points[i]!) ** 2)
  return sum / (deviation * Math.sqrt(2 * Math.PI))
}
