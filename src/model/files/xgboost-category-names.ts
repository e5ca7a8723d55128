import { FdsError } from '../../errors.ts'
import type { CategoryName } from '../booster.ts'
import {
  type DocumentObject,
  fieldOf,
  integersOf,
  invalidModel,
  type List,
  listOf,
  objectOf,
  ofLength,
} from './document-fields.ts'
import type { DocumentValue } from './document-value.ts'
import { startsOf } from './xgboost-categories.ts'

/** XGBoost's number for "64-bit integers" among its kinds of arrays. */
const KIND_INTEGERS = 15

/**
 * Reads `cats`, in which XGBoost 3.1 and later keep what the categories of a data frame were called, so that it can
 * number those of another frame alike. Rows of numbers, the only rows here, hold the categories' numbers, as they do
 * for XGBoost. Names are kept for writing alone; a text has one character a byte, since XGBoost 3.2 cuts texts beyond
 * ASCII within a character.
 *
 * Errors: `MODEL_FILE_INVALID`; `MODEL_UNSUPPORTED` where whole numbers name other categories than their own, because
 * a number in a row could then mean either.
 */
export function readCategoryNames(forest: DocumentObject, featureCount: number): readonly CategoryName[][] {
  const cats = objectOf(fieldOf(forest, 'cats') ?? {}, 'cats')
  const features = listOf(fieldOf(cats, 'enc') ?? [], 'cats.enc')
  if (features.length === 0) return []
  return Array.from(ofLength(features, featureCount, 'cats.enc'), (value, f) => {
    const what = `cats.enc[${f}]`
    const feature = objectOf(value, what)
    const values = listOf(fieldOf(feature, 'values'), `${what}.values`)
    const offsets = fieldOf(feature, 'offsets')
    return offsets === undefined
      ? readIntegers(values, what)
      : readTexts(values, integersOf(offsets, `${what}.offsets`), what)
  })
}

/** The object that `readCategoryNames` reads; nothing where no feature has names. */
export function writeCategoryNames(names: readonly (readonly CategoryName[])[]): {
  readonly cats?: DocumentValue
} {
  if (names.length === 0) return {}
  return {
    cats: {
      enc: names.map((feature) =>
        typeof feature[0] === 'number' ? integersField(feature) : textsField(feature),
      ),
      feature_segments: startsOf(names.map((feature) => feature.length)),
      sorted_idx: Int32Array.from(names.flatMap(sortedIndex)),
    },
  }
}

function readIntegers(values: List, what: string): CategoryName[] {
  const integers = integersOf(values, `${what}.values`)
  if (integers.every((value, i) => value === i)) return [...integers]
  throw new FdsError('MODEL_UNSUPPORTED', {
    what: 'The names of categories',
    got: `the whole numbers ${[...integers.subarray(0, 5)].join(', ')}, …`,
    supported: ['texts', '0, 1, 2, … in this order'],
  })
}

function readTexts(values: List, offsets: Int32Array, what: string): CategoryName[] {
  const bytes = Buffer.from(Array.from(values, Number))
  return Array.from({ length: Math.max(0, offsets.length - 1) }, (_, i) => {
    const [begin, end] = [offsets[i], offsets[i + 1]]
    if (begin < 0 || end < begin || end > bytes.length) {
      throw invalidModel(`${what}.offsets must rise from 0 to ${bytes.length}, got ${begin}, ${end}`)
    }
    return bytes.toString('latin1', begin, end)
  })
}

function integersField(names: readonly CategoryName[]): DocumentValue {
  return { type: KIND_INTEGERS, values: BigInt64Array.from(names, BigInt) }
}

function textsField(names: readonly CategoryName[]): DocumentValue {
  const offsets = names.length === 0 ? new Int32Array() : startsOf(names.map((name) => String(name).length))
  // a plain list: XGBoost before 3 cannot read 8-bit typed ones, though it has no use for these
  return { offsets, values: [...Int8Array.from(Buffer.from(names.join(''), 'latin1'))] }
}

function sortedIndex(names: readonly CategoryName[]): number[] {
  const order = (a: number, b: number): number => (names[a] < names[b] ? -1 : 1)
  return [...names.keys()].sort(order)
}
