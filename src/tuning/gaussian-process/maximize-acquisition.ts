import { haltonPoints, minimizeInBox, type Random } from '../../math/index.ts'
import type { Acquisition } from './log-expected-improvement.ts'

/** One coordinate of the cube that is searched. */
export interface Axis {
  readonly low: number
  readonly high: number
  /** Every value it can take, where they are few; null where they are many or without number. */
  readonly values: Float64Array | null
  /** The allowed values at or below and at or above; null for one that may take any. */
  readonly neighbours: ((value: number) => readonly [number, number]) | null
}

export interface AcquisitionSearch {
  readonly acquisition: Acquisition
  readonly axes: readonly Axis[]
  /** The scale of the function by coordinate, which makes steps in all of them comparable. */
  readonly lengths: Float64Array
  /** The best point known, which one climb starts from and others start near. */
  readonly incumbent: Float64Array
  readonly random: Random
}

const SPREAD_POINTS = 2048
const NEAR_POINTS = 512
const CLIMBS = 10
/** Coordinates in which a point near the best one differs from it, on average, and how far, in lengths. */
const NEAR_CHANGES = 3
const NEAR_DEVIATION = 0.2
/** Turns between the two ways of a climb; it seldom takes more than three. */
const TURNS = 10

/**
 * The point with the largest acquisition that is found: 2,048 points spread over the cube and 512 near the best
 * known one, then ten climbs, from that one, from the point with the largest value and from others drawn by their
 * values. A climb follows the gradient in coordinates with many values, as if what lies between counted, tries all
 * values where they are few, and at the end moves to the better neighbour on each grid. Cost some 3,000 evaluations.
 */
export function maximizeAcquisition(search: AcquisitionSearch): Float64Array {
  const points = [...spreadPoints(search), ...nearPoints(search)]
  const values = Float64Array.from(points, (point) => search.acquisition(point))
  const starts = drawByValue(values, CLIMBS - 1, search.random).map((i) => points[i])
  const climbs = [search.incumbent, ...starts].map((start) => climb(search, start))
  return climbs.reduce((best, other) => (other.value > best.value ? other : best)).point
}

/** The value of an axis at a share of its range, a share of its values where they are few. */
function placeOn({ low, high, values }: Axis, share: number): number {
  return values === null ? low + share * (high - low) : values[Math.floor(share * values.length)]
}

function spreadPoints({ axes, random }: AcquisitionSearch): readonly Float64Array[] {
  const dimensions = axes.length
  const shares = haltonPoints({ count: SPREAD_POINTS, dimensions, random })
  return Array.from({ length: SPREAD_POINTS }, (_, i) =>
    shares.subarray(i * dimensions, (i + 1) * dimensions).map((share, d) => placeOn(axes[d], share)),
  )
}

function nearPoints({ axes, lengths, incumbent, random }: AcquisitionSearch): readonly Float64Array[] {
  return Array.from({ length: NEAR_POINTS }, () =>
    incumbent.map((value, d) => {
      if (random.next() * axes.length > NEAR_CHANGES) return value
      const axis = axes[d]
      if (axis.values !== null) return placeOn(axis, random.next())
      const moved = value + NEAR_DEVIATION * lengths[d] * random.normal()
      return Math.min(Math.max(moved, axis.low), axis.high)
    }),
  )
}

/** The largest, then others with probabilities in proportion to exp(value), without repetition. */
function drawByValue(values: Float64Array, count: number, random: Random): readonly number[] {
  const best = values.indexOf(values.reduce((a, b) => Math.max(a, b)))
  const chosen = [best]
  const weights = values.map((value) => Math.exp(value - values[best]))
  weights[best] = 0
  while (chosen.length < count) {
    const total = weights.reduce((a, b) => a + b)
    if (total === 0) break
    let left = random.next() * total
    let i = 0
    while (i < weights.length - 1 && left >= weights[i]) left -= weights[i++]
    chosen.push(i)
    weights[i] = 0
  }
  return chosen
}

interface Found {
  readonly point: Float64Array
  readonly value: number
}

function climb(search: AcquisitionSearch, start: Float64Array): Found {
  const { acquisition, axes } = search
  const smooth = [...axes.keys()].filter((d) => axes[d].values === null)
  const listed = [...axes.keys()].filter((d) => axes[d].values !== null)
  let found: Found = { point: Float64Array.from(start), value: acquisition(start) }
  for (let turn = 0; turn < TURNS; turn++) {
    found = followGradient(search, found, smooth)
    const tried = listed.reduce((best, d) => tryAll(acquisition, best, d, axes[d].values!), found)
    if (tried === found) break
    found = tried
  }
  return ontoGrid(search, found, smooth)
}

/** Climbs along the given coordinates, measured in lengths. */
function followGradient(search: AcquisitionSearch, from: Found, along: readonly number[]): Found {
  if (along.length === 0) return from
  const { acquisition, axes, lengths } = search
  const point = Float64Array.from(from.point)
  const slopes = new Float64Array(point.length)
  const inLengths = (of: (d: number) => number) => Float64Array.from(along, (d) => of(d) / lengths[d])
  const loss = (x: Float64Array, gradient: Float64Array): number => {
    for (let i = 0; i < along.length; i++) point[along[i]] = x[i] * lengths[along[i]]
    const value = acquisition(point, slopes)
    for (let i = 0; i < along.length; i++) gradient[i] = -slopes[along[i]] * lengths[along[i]]
    return -value
  }
  const { x, value } = minimizeInBox(
    loss,
    inLengths((d) => point[d]),
    { lower: inLengths((d) => axes[d].low), upper: inLengths((d) => axes[d].high), ...CLIMB_LIMITS },
  )
  if (!(-value > from.value)) return from
  for (let i = 0; i < along.length; i++) point[along[i]] = x[i] * lengths[along[i]]
  return { point, value: -value }
}

function tryAll(acquisition: Acquisition, from: Found, d: number, values: Float64Array): Found {
  let best = from
  const point = Float64Array.from(from.point)
  for (const candidate of values) {
    if (candidate === from.point[d]) continue
    point[d] = candidate
    const value = acquisition(point)
    if (value > best.value) best = { point: Float64Array.from(point), value }
  }
  return best
}

/** Moves to the better neighbour on every grid, then once more along what has none. */
function ontoGrid(search: AcquisitionSearch, from: Found, smooth: readonly number[]): Found {
  const { acquisition, axes } = search
  const gridded = smooth.filter((d) => axes[d].neighbours !== null)
  if (gridded.length === 0) return from
  const point = Float64Array.from(from.point)
  for (const d of gridded) {
    const [below, above] = axes[d].neighbours!(point[d])
    point[d] = below
    const valueBelow = acquisition(point)
    point[d] = above
    if (valueBelow > acquisition(point)) point[d] = below
  }
  const free = smooth.filter((d) => axes[d].neighbours === null)
  return followGradient(search, { point, value: acquisition(point) }, free)
}

const CLIMB_LIMITS = { gradientTolerance: 1e-2, valueTolerance: 1e-6, maxEvaluations: 60 }
