import type { Column, NumberColumn, Table } from '../../data/table.ts'
import { FdsError } from '../../errors.ts'
import { cutsOf, DECILES } from './bins.ts'
import { countAgainst, countNumbers, countTexts, typeOf } from './count-against.ts'
import { FrequentTexts } from './frequent-texts.ts'
import { mergeProfiles } from './merge-profiles.ts'
import type { ColumnProfile, Profile } from './profile.ts'
import { sketchOf } from './quantile-sketch.ts'
import { SketchBuilder } from './sketch-builder.ts'
import { frequentTexts, textCountsOf } from './text-counts.ts'

/** Tables with the same columns that together are one data set, however large. */
export type Parts = AsyncIterable<Table> | Iterable<Table>

/**
 * Profiles a data set that memory need not hold, in two passes over `parts()`: the first finds bins and categories by
 * sketches, the second counts exactly. Up to 4,096 rows it is what `buildProfile` gives; beyond, cuts are quantiles
 * within the sketch's `error` (about 0.1 % of the rows for a million), which depends a little on the parts.
 * Memory: one part, and about 100 KiB a column of numbers. PROFILE_INVALID for a column whose type changes.
 */
export async function profileInParts(parts: () => Parts): Promise<Profile> {
  const builders = new Map<string, LayoutBuilder>()
  for await (const table of parts()) {
    for (const column of table.columns) {
      const builder = builders.get(column.name) ?? builderOf(column)
      builders.set(column.name, builder)
      builder.add(column)
    }
  }
  const columns = [...builders.values()].map((builder) => builder.finish())
  const layout: Profile = { format: 'fds-profile', version: 2, rows: 0, columns }
  const counted = await countInParts(layout, parts())
  return { ...counted, columns: counted.columns.map((column, i) => withSketch(column, columns[i]!)) }
}

/** `countAgainst` of a data set in parts: the same counts, whatever the parts. */
export async function countInParts(reference: Profile, parts: Parts): Promise<Profile> {
  let sum: Profile | undefined
  for await (const table of parts) {
    const counted = countAgainst(reference, table)
    sum = sum ? mergeProfiles(sum, counted) : counted
  }
  return sum ?? { ...reference, rows: 0, columns: [] }
}

function withSketch(column: ColumnProfile, layout: ColumnProfile): ColumnProfile {
  return column.type === 'cat' || layout.type === 'cat' || !layout.sketch
    ? column
    : { ...column, sketch: layout.sketch }
}

/** Finds the bins or categories of one column. */
interface LayoutBuilder {
  add(column: Column): void
  /** The layout, without counts. */
  finish(): ColumnProfile
}

function builderOf(first: Column): LayoutBuilder {
  if (first.kind === 'text') return textBuilder(first.name)
  return first.kind === 'timestamp' || first.kind === 'date' ? timeBuilder(first) : numberBuilder(first)
}

function textBuilder(name: string): LayoutBuilder {
  const frequent = new FrequentTexts()
  return {
    add(column) {
      if (column.kind !== 'text') refuseType(column)
      frequent.add(textCountsOf(column))
    },
    finish: () => countTexts({ name, categories: frequentTexts(frequent.counts()) }, NO_TEXTS),
  }
}

const NO_TEXTS = { texts: [], counts: [], missing: 0 }

function timeBuilder({ name, kind }: NumberColumn): LayoutBuilder {
  return {
    add(column) {
      if (typeOf(column) !== 'datetime') refuseType(column)
    },
    finish: () => countNumbers({ type: 'datetime', name, cuts: [] }, { name, kind, values: NO_VALUES }),
  }
}

const NO_VALUES = new Float64Array()

function numberBuilder({ name, kind }: NumberColumn): LayoutBuilder {
  const builder = new SketchBuilder()
  return {
    add(column) {
      if (column.kind === 'text' || typeOf(column) !== 'num') refuseType(column)
      builder.add(column.values)
    },
    finish() {
      const ranked = builder.ranked()
      const cuts = cutsOf(ranked, DECILES)
      const layout = countNumbers({ type: 'num', name, cuts }, { name, kind, values: NO_VALUES })
      return { ...layout, sketch: sketchOf(ranked, builder.error) }
    },
  }
}

function refuseType({ name }: Column): never {
  throw new FdsError('PROFILE_INVALID', { reason: `"${name}" must have one type in all parts` })
}
