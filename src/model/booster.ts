import { FdsError } from '../errors.ts'
import type { Matrix } from '../math/matrix.ts'
import { type ImportanceKind, importanceOf } from './importance.ts'
import { marginOf, sigmoid } from './logistic.ts'
import { Predictor, type Walk } from './prediction/predictor.ts'
import type { Rows } from './rows.ts'
import type { Tree } from './tree.ts'

/** By evaluation set, by metric, one value for each iteration. */
export type EvalHistory = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>

/** How to predict a batch. */
export interface PredictOptions {
  /** Threads at most; all cores for 0, the default. The answer does not depend on it. */
  readonly nJobs?: number
  /**
   * The iterations whose trees count, from the first to before the second, as in XGBoost: an end of 0 stands for
   * all there are. When absent, trees up to the best iteration count.
   */
  readonly iterationRange?: readonly [begin: number, end: number]
}

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
 * The first prediction compiles the forest into a memory of its own, which the booster keeps.
 *
 * Errors: `FEATURES_MISMATCH` when a row has not one number for each feature; `PARAM_INVALID` for a range of
 * iterations that the model has not.
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
  readonly #treeCount: number
  readonly #baseMargin: number
  /** Made when it is first asked. */
  #predictor: Predictor | undefined

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
    this.#baseMargin = marginOf(this.baseScore)
    Object.freeze(this)
  }

  /** Fraud probability of each row. Cost O(rows × trees × depth). */
  predict(x: Rows, options: PredictOptions = {}): Float32Array {
    const margins = this.predictMargin(x, options)
    for (let row = 0; row < margins.length; row++) margins[row] = sigmoid(margins[row])
    return margins
  }

  /** Log odds of each row: base margin plus the leaves of all trees, float32. */
  predictMargin(x: Rows, options: PredictOptions = {}): Float32Array {
    const walk = this.#walkOf(options)
    return this.#forest().margins(this.#matrixOf(x), walk)
  }

  /**
   * For each row, tree after tree, the node that is its leaf, in XGBoost's numbering: a place in the arrays of
   * `trees`. XGBoost's `pred_leaf` takes ranges from iteration 0 only, this any.
   */
  predictLeaf(x: Rows, options: PredictOptions = {}): Int32Array {
    const walk = this.#walkOf(options)
    return this.#forest().leaves(this.#matrixOf(x), walk)
  }

  /** Fraud probability of one row, bit-equal to `predict`; allocates nothing. */
  predictRow(row: ArrayLike<number>): number {
    return sigmoid(this.predictRowMargin(row))
  }

  /** Log odds of one row, bit-equal to `predictMargin`; allocates nothing. */
  predictRowMargin(row: ArrayLike<number>): number {
    this.#checkColumns(row.length)
    return this.#forest().rowMargin(row, this.#treeCount)
  }

  /** Contribution of each feature that splits a tree, by name; the mean gain of its splits by default. */
  importance(kind: ImportanceKind = 'gain'): Record<string, number> {
    return importanceOf(this.trees, this.featureNames, kind)
  }

  #forest(): Predictor {
    this.#predictor ??= new Predictor({
      trees: this.trees,
      treeWeights: this.treeWeights,
      columnCount: this.featureNames.length,
      baseMargin: this.#baseMargin,
    })
    return this.#predictor
  }

  #walkOf({ nJobs = 0, iterationRange }: PredictOptions): Walk {
    if (iterationRange === undefined) return { from: 0, to: this.#treeCount, nJobs }
    const rounds = Math.ceil(this.trees.length / this.treesPerIteration)
    const [begin, end] = iterationRange
    const last = end === 0 ? rounds : end
    if (!Number.isInteger(begin) || !Number.isInteger(end) || begin < 0 || begin > last || last > rounds) {
      throw new FdsError('PARAM_INVALID', {
        name: 'iteration_range',
        expected: `two integers, 0 <= begin <= end <= ${rounds}`,
        got: `[${begin}, ${end}]`,
      })
    }
    const treeOf = (iteration: number): number =>
      Math.min(iteration * this.treesPerIteration, this.trees.length)
    return { from: treeOf(begin), to: treeOf(last), nJobs }
  }

  #matrixOf(x: Rows): Matrix {
    const columnCount = this.featureNames.length
    if ('columnCount' in x) {
      this.#checkColumns(x.columnCount)
      if (x.values.length >= x.rowCount * columnCount) return x
      const expected = `${x.rowCount} × ${columnCount} values`
      throw new FdsError('PARAM_INVALID', { name: 'x', expected, got: `${x.values.length}` })
    }
    const values = new Float32Array(x.length * columnCount)
    x.forEach((row, i) => {
      this.#checkColumns(row.length)
      values.set(row, i * columnCount)
    })
    return { rowCount: x.length, columnCount, values }
  }

  #checkColumns(got: number): void {
    const expected = this.featureNames.length
    if (got !== expected) {
      const missing = this.featureNames.slice(got)
      throw new FdsError('FEATURES_MISMATCH', { expected, got, missing, unknown: [] })
    }
  }
}
