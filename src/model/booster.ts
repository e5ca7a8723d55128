import { FdsError } from '../errors.ts'
import type { Matrix } from '../math/matrix.ts'
import { addMargins, compileForest, type Forest } from './forest.ts'
import { marginOf, sigmoid } from './gradient.ts'
import { type ImportanceKind, importanceOf } from './importance.ts'
import type { Tree } from './tree.ts'

/** By evaluation set, by metric, one value for each iteration. */
export type EvalHistory = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>

/** Rows of numbers, NaN where a value is missing. */
export type Rows = Matrix | readonly ArrayLike<number>[]

/** What a category stands for outside of the model; rows hold the category's number, never its name. */
export type CategoryName = string | number

/** What a booster is made of. */
export interface BoosterParts {
  readonly featureNames: readonly string[]
  /** XGBoost's types of the features ("float", "int", …), kept for the model file; empty when unknown. */
  readonly featureTypes?: readonly string[]
  /** By feature the names of its categories 0, 1, …, kept for the model file; empty where they have none. */
  readonly categoryNames?: readonly (readonly CategoryName[])[]
  /** Probability before the first tree. */
  readonly baseScore: number
  readonly trees: readonly Tree[]
  /** What each tree's leaves are multiplied by (dart's `weight_drop`); absent where every tree counts whole. */
  readonly treeWeights?: ArrayLike<number> | undefined
  /** Trees of one iteration: more than 1 only in a boosted random forest made by XGBoost. */
  readonly treesPerIteration?: number
  readonly bestIteration?: number | undefined
  readonly bestScore?: number | undefined
  readonly evalHistory?: EvalHistory
  /** XGBoost's own attributes of the model (texts), kept for the model file. */
  readonly attributes?: Readonly<Record<string, string>>
}

/**
 * A trained forest for `binary:logistic`: immutable, and equal to XGBoost's to the last bit of the margin.
 *
 * Where training stopped early, predictions take the trees up to the best iteration, as XGBoost's
 * scikit-learn wrapper does. A missing value is NaN. Numbers are rounded to float32 first, as in XGBoost.
 *
 * Errors: `FEATURES_MISMATCH` when a row has not one number for each feature.
 */
export class Booster {
  readonly featureNames: readonly string[]
  readonly featureTypes: readonly string[]
  readonly categoryNames: readonly (readonly CategoryName[])[]
  readonly baseScore: number
  readonly trees: readonly Tree[]
  readonly treeWeights: Float32Array | undefined
  readonly treesPerIteration: number
  readonly bestIteration: number | undefined
  readonly bestScore: number | undefined
  readonly evalHistory: EvalHistory
  readonly attributes: Readonly<Record<string, string>>
  readonly #forest: Forest
  readonly #treeCount: number
  readonly #baseMargin: number
  readonly #row: Float32Array
  readonly #margin = new Float32Array(1)

  constructor(parts: BoosterParts) {
    this.featureNames = Object.freeze([...parts.featureNames])
    this.featureTypes = Object.freeze([...(parts.featureTypes ?? [])])
    this.categoryNames = Object.freeze([...(parts.categoryNames ?? [])])
    this.baseScore = Math.fround(parts.baseScore)
    this.trees = Object.freeze([...parts.trees])
    this.treeWeights = parts.treeWeights === undefined ? undefined : Float32Array.from(parts.treeWeights)
    this.treesPerIteration = parts.treesPerIteration ?? 1
    this.bestIteration = parts.bestIteration
    this.bestScore = parts.bestScore
    this.evalHistory = Object.freeze(parts.evalHistory ?? {})
    this.attributes = Object.freeze({ ...parts.attributes })
    this.#treeCount =
      parts.bestIteration === undefined
        ? parts.trees.length
        : Math.min(parts.trees.length, (parts.bestIteration + 1) * this.treesPerIteration)
    this.#forest = compileForest(this.trees, this.treeWeights)
    this.#baseMargin = marginOf(this.baseScore)
    this.#row = new Float32Array(this.featureNames.length)
    Object.freeze(this)
  }

  /** Fraud probability of each row. Cost O(rows × trees × depth). */
  predict(x: Rows): Float32Array {
    const margins = this.predictMargin(x)
    for (let row = 0; row < margins.length; row++) margins[row] = sigmoid(margins[row])
    return margins
  }

  /** Log odds of each row: base margin plus the leaves of all trees, float32. */
  predictMargin(x: Rows): Float32Array {
    const matrix = 'columnCount' in x ? x : this.#matrixOf(x)
    this.#checkColumns(matrix.columnCount)
    const margins = new Float32Array(matrix.rowCount).fill(this.#baseMargin)
    addMargins(margins, this.#forest, matrix.values, matrix.columnCount, 0, this.#treeCount)
    return margins
  }

  /** Fraud probability of one row, bit-equal to `predict`; allocates nothing. */
  predictRow(row: ArrayLike<number>): number {
    this.#checkColumns(row.length)
    this.#row.set(row)
    this.#margin[0] = this.#baseMargin
    addMargins(this.#margin, this.#forest, this.#row, row.length, 0, this.#treeCount)
    return sigmoid(this.#margin[0])
  }

  /** Contribution of each feature that splits a tree, by name; the mean gain of its splits by default. */
  importance(kind: ImportanceKind = 'gain'): Record<string, number> {
    return importanceOf(this.trees, this.featureNames, kind)
  }

  #matrixOf(rows: readonly ArrayLike<number>[]): Matrix {
    const columnCount = this.featureNames.length
    const values = new Float32Array(rows.length * columnCount)
    rows.forEach((row, i) => {
      this.#checkColumns(row.length)
      values.set(row, i * columnCount)
    })
    return { rowCount: rows.length, columnCount, values }
  }

  #checkColumns(got: number): void {
    const expected = this.featureNames.length
    if (got !== expected) {
      const missing = this.featureNames.slice(got)
      throw new FdsError('FEATURES_MISMATCH', { expected, got, missing, unknown: [] })
    }
  }
}
