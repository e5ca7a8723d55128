/** A value at a place of the unit square. */
export interface SurfacePoint {
  readonly u: number
  readonly v: number
  readonly value: number
}

const SWEEPS = 120
/** Over-relaxation, near the best for rasters of some forty cells. */
const RELAXATION = 1.85

/** How much a point's value weighs beside one neighbouring cell: less is smoother. */
const PULL = 1.5

/** A raster; `across` and `up` say how much neighbours in that direction weigh, near 0 for choices without order. */
export interface Raster {
  readonly columns: number
  readonly rows: number
  readonly across: number
  readonly up: number
}

/**
 * A smooth surface near scattered values, on a raster (row by row from v = 0): each cell is the weighted mean of its
 * four neighbours and of the points in it (a discrete smoothing spline, by successive over-relaxation), so noise evens
 * out and gaps are filled. Never beyond the values' own range. At least one point. Cost O(120 × cells + cells²).
 */
export function surfaceNear(points: readonly SurfacePoint[], raster: Raster): Float64Array {
  const { columns, rows } = raster
  const sums = new Float64Array(columns * rows)
  const counts = new Uint32Array(columns * rows)
  for (const { u, v, value } of points) {
    const column = Math.min(Math.floor(u * columns), columns - 1)
    const row = Math.min(Math.floor(v * rows), rows - 1)
    sums[row * columns + column]! += value
    counts[row * columns + column]! += 1
  }
  const known = [...counts.keys()].filter((cell) => counts[cell]! > 0)
  const surface = nearest(known, columns, rows).map((cell) => sums[cell]! / counts[cell]!)
  const means = sums.map((sum, cell) => sum / Math.max(1, counts[cell]!))
  for (let sweep = 0; sweep < SWEEPS; sweep++) relax({ surface, means, counts, raster })
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { value } of points) [low, high] = [Math.min(low, value), Math.max(high, value)]
  return surface.map((value) => Math.min(Math.max(value, low), high))
}

/** For each cell the known one nearest to it, to start from. */
function nearest(known: readonly number[], columns: number, rows: number): Float64Array {
  return Float64Array.from({ length: columns * rows }, (_, cell) => {
    const [x, y] = [cell % columns, Math.floor(cell / columns)]
    let best = known[0]!
    let least = Number.POSITIVE_INFINITY
    for (const other of known) {
      const distance = ((other % columns) - x) ** 2 + (Math.floor(other / columns) - y) ** 2
      if (distance < least) [best, least] = [other, distance]
    }
    return best
  })
}

function relax(input: {
  surface: Float64Array
  means: Float64Array
  counts: Uint32Array
  raster: Raster
}): void {
  const { surface, means, counts, raster } = input
  const { columns, rows, across, up } = raster
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column
      // an edge reflects
      const left = surface[column > 0 ? cell - 1 : cell]!
      const right = surface[column < columns - 1 ? cell + 1 : cell]!
      const below = surface[row > 0 ? cell - columns : cell]!
      const above = surface[row < rows - 1 ? cell + columns : cell]!
      const pull = PULL * counts[cell]!
      const sum = across * (left + right) + up * (below + above) + pull * means[cell]!
      surface[cell]! += RELAXATION * (sum / (2 * across + 2 * up + pull) - surface[cell]!)
    }
  }
}
