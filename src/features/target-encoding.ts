/** Blocks of the training rows; each is encoded from the others. */
const BLOCKS = 20
/** Bounds of the smoothing: at least one row's worth of prior, at most so much that the prior is all. */
const SMOOTHING = { least: 1, most: 1e6 }
/** Rows whose labels lie this near to sorted, by the spread between blocks, are not taken in order. */
const SORTED_SHARE = 0.5

/** What target encodings are fitted to. */
export interface TrainingLabels {
  /** 0 or 1 a row. */
  readonly labels: Uint8Array
  /** Share of label 1. */
  readonly prior: number
  /** The block of each row; a row is encoded from the rows of other blocks. */
  readonly blocks: Uint8Array
}

/** Rows and positives of each category code; the last code gathers every category outside the table. */
export interface CategoryCounts {
  readonly rows: Float64Array
  readonly positives: Float64Array
}

/** Counts rows and positives by code, NaN (missing) left out. Codes are 0 … codeCount − 1. */
export function countCategories(codes: Float64Array, labels: Uint8Array, codeCount: number): CategoryCounts {
  const rows = new Float64Array(codeCount)
  const positives = new Float64Array(codeCount)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (Number.isNaN(code)) continue
    rows[code]! += 1
    positives[code]! += labels[row]!
  }
  return { rows, positives }
}

/**
 * How many rows' worth of prior a category's own share is mixed with: empirical Bayes, m = p(1 − p) / V − 1,
 * where V is the variance of the categories' true shares, estimated by the method of moments over pairs of
 * rows of one category: E[(yᵢ − p)(yⱼ − p)] = V; the last code, many categories in one, is left out. Categories that differ no more than chance would have it
 * get so much prior that nothing else is left. Cost O(categories).
 */
export function smoothingOf({ rows, positives }: CategoryCounts, prior: number): number {
  let products = 0
  let pairs = 0
  for (let code = 0; code < rows.length - 1; code++) {
    const n = rows[code]!
    const s = positives[code]!
    const squares = s * (1 - prior) ** 2 + (n - s) * prior ** 2
    products += (s - n * prior) ** 2 - squares
    pairs += n * (n - 1)
  }
  const variance = pairs > 0 ? products / pairs : 0
  const smoothing = variance > 0 ? (prior * (1 - prior)) / variance - 1 : SMOOTHING.most
  return Math.min(Math.max(smoothing, SMOOTHING.least), SMOOTHING.most)
}

/** A category's share of label 1, mixed with the prior: (positives + m × prior) / (rows + m). */
export function smoothedShare(rows: number, positives: number, prior: number, smoothing: number): number {
  return (positives + smoothing * prior) / (rows + smoothing)
}

/**
 * The block of each training row. Blocks are 20 equal runs of rows, in order: a row's neighbours in time,
 * which tell its label (bursts of fraud on one card), share its block. Where the order of rows itself tells
 * the label (a file sorted by label), rows are dealt to the blocks in turn. Cost O(rows log rows).
 */
export function trainingBlocks(labels: Uint8Array): Uint8Array {
  const runs = Uint8Array.from(labels, (_, row) => Math.floor((row * BLOCKS) / labels.length))
  const asFound = spreadBetween(labels, runs)
  const asSorted = spreadBetween(labels.toSorted(), runs)
  return asFound > SORTED_SHARE * asSorted ? runs.map((_, row) => row % BLOCKS) : runs
}

/** How far the blocks' shares of label 1 lie apart: ANOVA's sum of squares between groups. */
function spreadBetween(labels: Uint8Array, blocks: Uint8Array): number {
  const { rows, positives } = countCategories(Float64Array.from(blocks), labels, BLOCKS)
  const share = positives.reduce((sum, count) => sum + count, 0) / labels.length
  return rows.reduce((sum, n, block) => (n > 0 ? sum + n * (positives[block]! / n - share) ** 2 : sum), 0)
}

/**
 * Each training row's smoothed share, estimated without the rows of its own block, so that no row's label is
 * in its own encoding. NaN where the category is missing. Cost O(rows + blocks × categories).
 */
export function encodeOutOfBlock(input: {
  readonly codes: Float64Array
  readonly labels: Uint8Array
  readonly blocks: Uint8Array
  readonly counts: CategoryCounts
  readonly prior: number
  readonly smoothing: number
}): Float32Array {
  const { codes, labels, blocks, counts, prior, smoothing } = input
  const codeCount = counts.rows.length
  const inBlock = countCategories(
    codes.map((code, row) => code + blocks[row]! * codeCount),
    labels,
    codeCount * BLOCKS,
  )
  return Float32Array.from(codes, (code, row) => {
    if (Number.isNaN(code)) return Number.NaN
    const own = code + blocks[row]! * codeCount
    const rows = counts.rows[code]! - inBlock.rows[own]!
    const positives = counts.positives[code]! - inBlock.positives[own]!
    return smoothedShare(rows, positives, prior, smoothing)
  })
}
