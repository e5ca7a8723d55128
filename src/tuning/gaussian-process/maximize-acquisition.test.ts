// The slow twin is a search of a fine grid over all coordinates.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { GaussianProcess } from './gaussian-process.ts'
import { differencesOf } from './golden.fixture.ts'
import { type Acquisition, logExpectedImprovement } from './log-expected-improvement.ts'
import { type Axis, maximizeAcquisition } from './maximize-acquisition.ts'

const REAL: Axis = { low: 0, high: 1, values: null, neighbours: null }
const NAMES: Axis = { low: 0, high: 2, values: Float64Array.of(0, 1, 2), neighbours: null }
const FEW: Axis = { low: 0.1, high: 0.9, values: Float64Array.of(0.1, 0.3, 0.5, 0.7, 0.9), neighbours: null }
/** 40 cells, of which the centres are allowed. */
const MANY: Axis = {
  low: 1 / 80,
  high: 79 / 80,
  values: null,
  neighbours: (value) => {
    const at = (cell: number): number => (Math.min(Math.max(cell, 0), 39) + 0.5) / 40
    return [at(Math.floor(value * 40 - 0.5)), at(Math.ceil(value * 40 - 0.5))]
  },
}

function allowed(axis: Axis): readonly number[] {
  if (axis.values !== null) return [...axis.values]
  if (axis === MANY) return Array.from({ length: 40 }, (_, cell) => (cell + 0.5) / 40)
  return Array.from({ length: 101 }, (_, i) => i / 100)
}

function bestOnGrid(acquisition: Acquisition, axes: readonly Axis[]): number {
  const points = axes.reduce<number[][]>(
    (rows, axis) => rows.flatMap((row) => allowed(axis).map((value) => [...row, value])),
    [[]],
  )
  return points.reduce((best, point) => Math.max(best, acquisition(Float64Array.from(point))), -Infinity)
}

/** The expected improvement of a process that has seen ten values of a wavy function. */
function improvement(
  axes: readonly Axis[],
  seed: number,
): { acquisition: Acquisition; incumbent: Float64Array } {
  const random = createRandom(seed)
  const points = Array.from({ length: 10 }, () =>
    axes.map((axis) => allowed(axis)[random.int(allowed(axis).length)]),
  )
  const y = Float64Array.from(points, (point) =>
    point.reduce((sum, at, d) => sum + Math.sin(4 * at + d), random.next()),
  )
  const isCategorical = Uint8Array.from(axes, (axis) => Number(axis === NAMES))
  const observations = { x: Float64Array.from(points.flat()), y, dimensions: axes.length, isCategorical }
  const inverseSquaredLengths = new Float64Array(axes.length).fill(8)
  const process = GaussianProcess.seen(observations, { inverseSquaredLengths, scale: 1, noise: 1e-3 })!
  const best = y.reduce((a, b) => Math.max(a, b))
  return {
    acquisition: logExpectedImprovement(process, best),
    incumbent: Float64Array.from(points[y.indexOf(best)]),
  }
}

test('finds what a search of all grid points finds, or better, and stays on the grids', () => {
  for (const axes of [[REAL], [MANY], [NAMES, FEW], [REAL, MANY], [REAL, FEW, NAMES], [MANY, MANY, FEW]]) {
    for (let seed = 0; seed < 4; seed++) {
      const { acquisition, incumbent } = improvement(axes, seed)
      const lengths = new Float64Array(axes.length).fill(Math.sqrt(1 / 8))
      const search = { acquisition, axes, lengths, incumbent, random: createRandom(seed) }
      const point = maximizeAcquisition(search)
      const expected = bestOnGrid(acquisition, axes)
      assert.ok(
        acquisition(point) >= expected - 1e-3,
        `${axes.length} axes: ${acquisition(point)}, ${expected}`,
      )
      axes.forEach((axis, d) => {
        const isAllowed = axis === REAL || allowed(axis).some((value) => Math.abs(value - point[d]) < 1e-12)
        assert.ok(isAllowed && point[d] >= axis.low - 1e-12 && point[d] <= axis.high + 1e-12, `${point}`)
      })
    }
  }
})

test('inside the cube the slope is level where it ends', () => {
  const axes = [REAL, REAL]
  const { acquisition, incumbent } = improvement(axes, 7)
  const lengths = new Float64Array(2).fill(Math.sqrt(1 / 8))
  const point = maximizeAcquisition({ acquisition, axes, lengths, incumbent, random: createRandom(1) })
  differencesOf(acquisition, point).forEach((slope, d) => {
    const isAtEdge = point[d] < 1e-9 || point[d] > 1 - 1e-9
    assert.ok(isAtEdge || Math.abs(slope) < 0.1, `${slope} at ${point}`)
  })
})

test('a function that is nowhere better than elsewhere still gives a point', () => {
  const flat: Acquisition = (_, gradient) => {
    gradient?.fill(0)
    return -1e300
  }
  const search = {
    acquisition: flat,
    axes: [REAL, NAMES],
    lengths: Float64Array.of(1, 1),
    random: createRandom(1),
  }
  assert.equal(maximizeAcquisition({ ...search, incumbent: Float64Array.of(0.5, 1) }).length, 2)
})
