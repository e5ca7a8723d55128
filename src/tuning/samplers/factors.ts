import { accurateLog } from '../../math/accurate-exp.ts'
import { logNormalMass } from '../../math/truncated-normal.ts'
import type { CategoricalKernels, NumericalKernels } from './kernels.ts'

/** What a parameter with a step or with choices adds to the logarithm of a kernel's density at a point. */
export interface Factor {
  /** Adds the parts of the kernels start, …, start + length − 1 at point i to the sums; a sum of −∞ stays. */
  add(
    sums: Float64Array,
    input: { readonly start: number; readonly length: number; readonly i: number },
  ): void
  /** No kernel adds more at any point. */
  readonly most: number
}

/** Probabilities of the choices. */
export function choiceFactor(kernels: CategoricalKernels, points: Float64Array): Factor {
  const { observed } = kernels
  const own = kernels.own.map(accurateLog)
  const other = kernels.other.map(accurateLog)
  const prior = accurateLog(kernels.prior)
  return {
    most: 0,
    add: (sums, { start, length, i }) => {
      const x = points[i]!
      for (let j = 0; j < length; j++) {
        const seen = observed[start + j]
        if (seen === undefined) sums[j]! += prior
        else sums[j]! += seen === x ? own[seen]! : other[seen]!
      }
    },
  }
}

/**
 * Masses of the cells point ± step/2. Kernels with one centre and width have one mass, and so have equal points:
 * each is computed when it is first asked for.
 */
export function cellFactor(kernels: NumericalKernels, points: Float64Array): Factor {
  const { distribution, centres, widths, penalties } = kernels
  const half = distribution.step! / 2
  const onScale = (x: number): number => (distribution.log ? Math.log(x) : x)
  const lefts = points.map((x) => onScale(x - half))
  const rights = points.map((x) => onScale(x + half))
  const { groups, count } = groupsOf(kernels)
  const tables: Float64Array[] = []
  points.forEach((x, i) => {
    tables[i] = tables[points.indexOf(x)] ?? new Float64Array(count).fill(Number.NaN)
  })
  return {
    most: -penalties.reduce((least, penalty) => Math.min(least, penalty), 0),
    add: (sums, { start, length, i }) => {
      const table = tables[i]!
      for (let j = 0; j < length; j++) {
        if (sums[j] === Number.NEGATIVE_INFINITY) continue
        const k = start + j
        const group = groups[k]!
        if (Number.isNaN(table[group]!)) {
          const [centre, width] = [centres[k]!, widths[k]!]
          table[group] = logNormalMass((lefts[i]! - centre) / width, (rights[i]! - centre) / width)
        }
        sums[j] = sums[j]! + table[group]! - penalties[k]!
      }
    },
  }
}

/** Numbers the kernels so that neighbours with equal centre and width share a number. */
function groupsOf({ centres, widths, order }: NumericalKernels): { groups: Int32Array; count: number } {
  const groups = new Int32Array(centres.length)
  let count = 0
  let last = centres.length - 1
  groups[last] = count
  for (const k of order) {
    if (centres[k] !== centres[last] || widths[k] !== widths[last]) count += 1
    groups[k] = count
    last = k
  }
  return { groups, count: count + 1 }
}
