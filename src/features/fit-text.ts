import type { TextColumn } from '../data/table.ts'
import { type CategoryTable, categoryTable, codesIn } from './category-table.ts'
import type { SpecFeature, SpecInput } from './feature-spec.ts'
import type { FittedColumn } from './fit-column.ts'
import { categoryCodes } from './read-cell.ts'
import {
  countCategories,
  encodeOutOfBlock,
  smoothedShare,
  smoothingOf,
  type TrainingLabels,
} from './target-encoding.ts'

/**
 * Categories that one ordinal feature holds. Shares of rows and labels learn more from a category, and mislead
 * more once the mix of categories changes: see docs/decisions/0003-columns-and-roles.md for the measurement.
 */
const ORDINAL_LIMIT = 1000
/** Categories whose own frequency and target share are kept; the rest share one entry. */
const TABLE_LIMIT = 10_000
/** A text column with a larger share of distinct values, in more rows than this, names rows. */
const IDENTIFIER = { share: 0.9, rows: 100 }

/**
 * A text column: up to 1,000 categories become one ordinal feature, coded in the order of their texts as
 * scikit-learn's OrdinalEncoder does; more become a frequency and a target feature; columns that tell nothing
 * or name rows are dropped.
 */
export function fitText(column: TextColumn, training: TrainingLabels): FittedColumn {
  const { name, kind } = column
  const table = categoryTable(column, TABLE_LIMIT)
  const dropped = reasonToDrop(table, column.codes.length)
  if (dropped !== undefined) return { input: { name, kind, used: false }, features: [], dropped }
  if (table.distinct > ORDINAL_LIMIT) return fitShares(column, table, training)
  const input: SpecInput = { name, kind, used: true, categories: table.categories.toSorted() }
  return { input, features: [{ name, type: 'int', input: name, encoder: { kind: 'category' } }] }
}

function reasonToDrop({ distinct, present }: CategoryTable, rowCount: number): string | undefined {
  if (distinct === 0) return 'no value in any row'
  if (distinct === 1 && present === rowCount) return 'the same text in every row'
  if (present > IDENTIFIER.rows && distinct > IDENTIFIER.share * present)
    return `identifier: ${distinct} different texts in ${present} rows`
  return undefined
}

/** Frequency and target share of each category, and the training rows' own target values. */
function fitShares(column: TextColumn, table: CategoryTable, training: TrainingLabels): FittedColumn {
  const { name, kind } = column
  const { labels, prior, blocks } = training
  const { categories } = table
  const codes = codesIn(column, categoryCodes(categories))
  const counts = countCategories(codes, labels, categories.length + 1)
  const smoothing = smoothingOf(counts, prior)
  const share = (rows: number, code: number): number =>
    smoothedShare(rows, counts.positives[code]!, prior, smoothing)
  const rareCategories = Math.max(1, table.distinct - categories.length)
  return {
    input: { name, kind, used: true, categories },
    features: [
      lookup(name, 'frequency', [
        ...counts.rows.subarray(0, -1).map((rows) => rows / codes.length),
        counts.rows.at(-1)! / rareCategories / codes.length,
      ]),
      lookup(name, 'target', [...counts.rows.map(share)]),
    ],
    trainingTarget: encodeOutOfBlock({ codes, labels, blocks, counts, prior, smoothing }),
  }
}

/** A feature that looks its value up by code; the last value is that of every other category. */
function lookup(input: string, kind: 'frequency' | 'target', byCode: readonly number[]): SpecFeature {
  const values = byCode.map(nineDigits)
  const other = values.pop()!
  return { name: `${input}_${kind}`, type: 'float', input, encoder: { kind, values, other } }
}

/** Nine digits tell every float32 apart, and keep the saved specification short. */
function nineDigits(value: number): number {
  return Number(Math.fround(value).toPrecision(9))
}
