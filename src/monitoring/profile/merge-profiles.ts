import { FdsError } from '../../errors.ts'
import { cutsOf, DECILES } from './bins.ts'
import { DistinctEstimate } from './distinct-estimate.ts'
import { mergeSummaries, type NumberSummary } from './number-summary.ts'
import {
  type CategoryProfile,
  type ColumnProfile,
  haveOneLayout,
  type NumberProfile,
  type Profile,
  presentRows,
} from './profile.ts'
import { mergeSketches, type QuantileSketch, rankedOf } from './quantile-sketch.ts'
import { frequentTexts } from './text-counts.ts'

/**
 * Adds up the profiles of several parts of one data set.
 *
 * Parts that were counted against one reference give what the whole would: the same counts, whatever the parts and
 * their order, moments up to rounding. References with cuts and categories of their own, such as those of several
 * machines, get common ones from their sketches, and counts that are right within the sketch's `error`; a category
 * counts the rows of those parts that named it. Merge all at once: one after another adds an error each.
 * PROFILE_INVALID where names or types of the columns differ, and for parts counted in different bins.
 */
export function mergeProfiles(first: Profile, ...others: readonly Profile[]): Profile {
  const parts = [first, ...others]
  const differs = others.some(({ columns }) => columns.length !== first.columns.length)
  if (differs) refuse('the parts must have the same columns')
  const columns = first.columns.map((_, i) => mergeColumns(parts.map((part) => part.columns[i]!)))
  return { ...first, rows: parts.reduce((sum, { rows }) => sum + rows, 0), columns }
}

/** Adds up one column of several parts. A part without any value may be of another type. */
export function mergeColumns(parts: readonly ColumnProfile[]): ColumnProfile {
  const first = parts.find((part) => presentRows(part) > 0) ?? parts[0]!
  const fitting = parts.filter(({ type }) => type === first.type)
  const others = parts.filter(({ type }) => type !== first.type)
  const stranger =
    parts.find(({ name }) => name !== first.name) ?? others.find((part) => presentRows(part) > 0)
  if (stranger) {
    const [expected, got] = [first, stranger].map(({ name, type }) => `"${name}" of type ${type}`)
    refuse(`the parts must have the column ${expected}, got ${got}`)
  }
  const sum =
    first.type === 'cat'
      ? mergeCategories(fitting as readonly CategoryProfile[])
      : mergeNumbers(fitting as readonly NumberProfile[])
  return { ...sum, missing: others.reduce((missing, part) => missing + part.missing, sum.missing) }
}

function mergeNumbers(parts: readonly NumberProfile[]): NumberProfile {
  const { sketch: _, ...first } = parts[0]!
  const summary = mergeAllSummaries(parts)
  const sketches = parts.map(({ sketch }) => sketch).filter((sketch) => sketch !== undefined)
  const sketch = sketches.length === parts.length ? mergeSketches(sketches) : undefined
  if (parts.every((part) => haveOneLayout(part, first))) {
    const counts = first.counts.map((_, bin) => parts.reduce((sum, part) => sum + part.counts[bin]!, 0))
    return { ...first, ...summary, counts, ...mergedOutside(parts), ...(sketch && { sketch }) }
  }
  if (!sketch) refuse(`the parts must count "${first.name}" in the same bins`)
  return { ...first, ...summary, ...binsOf(sketch, summary), sketch }
}

function mergedOutside(parts: readonly NumberProfile[]): Pick<NumberProfile, 'outside'> {
  const outside = parts.reduce((sum, part) => sum + (part.outside ?? 0), 0)
  return outside > 0 ? { outside } : {}
}

function mergeAllSummaries([first, ...others]: readonly NumberProfile[]): NumberSummary {
  let sum: NumberSummary = first!
  let rows = finiteRows(first!)
  for (const part of others) {
    sum = mergeSummaries(sum, part, [rows, finiteRows(part)])
    rows += finiteRows(part)
  }
  const { missing, infinite, negativeInfinite, min, max, mean, m2 } = sum
  return { missing, infinite, negativeInfinite, min, max, mean, m2 }
}

/** Cuts from a sketch, and the rows in their bins as the sketch has them. */
function binsOf(sketch: QuantileSketch, { infinite, negativeInfinite }: NumberSummary) {
  const cuts = cutsOf(rankedOf(sketch), DECILES)
  const counts = new Array<number>(cuts.length + 1).fill(0)
  for (const [i, value] of sketch.values.entries()) {
    const bin = cuts.findIndex((cut) => value <= cut)
    counts[bin < 0 ? cuts.length : bin]! += sketch.weights[i]!
  }
  counts[0]! += negativeInfinite
  counts[cuts.length]! += infinite - negativeInfinite
  return { cuts, counts }
}

function mergeCategories(parts: readonly CategoryProfile[]): CategoryProfile {
  const [first] = parts as [CategoryProfile]
  const registers = parts.map((part) => DistinctEstimate.parse(part.registers)).reduce((a, b) => a.merge(b))
  const byText = new Map<string, number>()
  for (const { categories, counts } of parts) {
    for (const [i, text] of categories.entries()) byText.set(text, (byText.get(text) ?? 0) + counts[i]!)
  }
  const isOne = parts.every((part) => haveOneLayout(part, first))
  const categories = isOne
    ? first.categories
    : frequentTexts({ texts: [...byText.keys()], counts: [...byText.values()] })
  const named = categories.map((text) => byText.get(text)!)
  const present = parts.reduce((sum, part) => sum + presentRows(part), 0)
  const rest = present - named.reduce((sum, count) => sum + count, 0)
  return {
    ...first,
    categories,
    counts: [...named, rest],
    missing: parts.reduce((sum, { missing }) => sum + missing, 0),
    distinct: Math.round(registers.count),
    registers: registers.toJSON(),
  }
}

function finiteRows(column: NumberProfile): number {
  return presentRows(column) - column.infinite
}

function refuse(reason: string): never {
  throw new FdsError('PROFILE_INVALID', { reason })
}
