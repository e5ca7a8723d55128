import { logNormalMass } from '../../math/truncated-normal.ts'
import type { Distribution, NumericalDistribution, ParamValue } from '../study/distribution.ts'
import { toInternal } from '../study/distribution.ts'

/** Cells of a numerical range at most. */
const CELLS = 50
/** Keeps a quotient of densities finite. */
const FLOOR = 1e-12
/** 1.64 standard deviations, 90 % of a kernel, fill at least the cell itself. */
const NARROWEST = 0.5 / 1.64

/**
 * How far the best values of one parameter are from all values tried: the Pearson divergence of their densities,
 * 0 where the two are alike. Densities are Parzen estimates on a grid of at most 50 cells (a cell a choice) with a
 * prior that weighs as one value; bandwidth by Scott's rule. Optuna 5's PED-ANOVA; `background` null compares with the
 * uniform density instead. Cost O(values + 50²).
 */
export function pearsonDivergence(
  distribution: Distribution,
  top: readonly ParamValue[],
  background: readonly ParamValue[] | null,
): number {
  const density = densityOnGrid(distribution, top)
  const reference = background
    ? densityOnGrid(distribution, background)
    : density.map(() => 1 / density.length - FLOOR)
  return density.reduce((sum, value, i) => {
    const other = reference[i]! + FLOOR
    return sum + other * ((value + FLOOR) / other - 1) ** 2
  }, 0)
}

function densityOnGrid(distribution: Distribution, values: readonly ParamValue[]): Float64Array {
  if (distribution.kind !== 'categorical') return smoothed(countsOnGrid(distribution, values as number[]))
  const counts = new Float64Array(distribution.choices.length)
  for (const value of values) counts[toInternal(distribution, value)]! += 1
  return mixedChoices(counts)
}

function countsOnGrid(distribution: NumericalDistribution, values: readonly number[]): Float64Array {
  const { log } = distribution
  const onScale = (x: number): number => (log ? Math.log(x) : x)
  const [low, high] = [onScale(distribution.low), onScale(distribution.high)]
  const counts = new Float64Array(cellsOf(distribution))
  const last = counts.length - 1
  const width = (high - low) / last
  // a value midway between two cells counts in the lower one
  for (const value of values) {
    counts[Math.min(Math.max(Math.ceil((onScale(value) - low) / width - 0.5), 0), last)]! += 1
  }
  return counts
}

function cellsOf({ kind, log, low, high, step }: NumericalDistribution): number {
  if (kind === 'int' && log) return Math.min(Math.ceil(Math.log(high - low + 1) / Math.log(2)) + 1, CELLS)
  return step === null ? CELLS : Math.min(Math.round((high - low) / step) + 1, CELLS)
}

/** A normal kernel on each cell that was hit, weighed by its hits, and a wide one in the middle as the prior. */
function smoothed(counts: Float64Array): Float64Array {
  const cells = counts.length
  const hit = [...counts.keys()].filter((cell) => counts[cell]! > 0)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const density = new Float64Array(cells)
  const addKernel = (centre: number, width: number, weight: number): void => {
    const whole = logNormalMass((-0.5 - centre) / width, (cells - 0.5 - centre) / width)
    for (let cell = 0; cell < cells; cell++) {
      const mass = logNormalMass((cell - 0.5 - centre) / width, (cell + 0.5 - centre) / width)
      density[cell]! += weight * Math.exp(mass - whole)
    }
  }
  const width = scottWidth(hit, counts)
  for (const cell of hit) addKernel(cell, width, counts[cell]! / (total + 1))
  addKernel((cells - 1) / 2, cells, 1 / (total + 1))
  return density
}

/** Scott 1992: 1.059 · min(interquartile range / 1.34, standard deviation) · n^(−1/5). */
function scottWidth(hit: readonly number[], counts: Float64Array): number {
  const weights = hit.map((cell) => counts[cell]!)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = hit.reduce((sum, cell, i) => sum + cell * weights[i]!, 0) / total
  const squares = hit.reduce((sum, cell, i) => sum + (cell - mean) ** 2 * weights[i]!, 0)
  const deviation = Math.sqrt(squares / Math.max(1, total - 1))
  let reached = 0
  const cumulated = weights.map((weight) => (reached += weight))
  const lower = cumulated.findIndex((sum) => sum >= Math.floor(total / 4))
  const upper = cumulated.findIndex((sum) => sum > Math.floor((total * 3) / 4))
  const range = hit.at(upper)! - hit[lower]!
  return Math.max(1.059 * Math.min(range / 1.34, deviation) * total ** -0.2, NARROWEST)
}

/** A kernel a choice that was hit: 1 + 1/kernels for itself, 1/kernels for each other, by its hits; a uniform prior. */
function mixedChoices(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const kernels = counts.reduce((hit, count) => hit + (count > 0 ? 1 : 0), 1)
  const other = 1 / kernels / (1 + counts.length / kernels)
  const own = 1 / (1 + counts.length / kernels)
  return counts.map((count) => (count * own + total * other + 1 / counts.length) / (total + 1))
}
