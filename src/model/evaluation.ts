import { FdsError } from '../errors.ts'
import type { Matrix } from '../math/matrix.ts'
import type { EvalHistory } from './booster.ts'
import { evaluate, needsBothClasses } from './eval-metrics.ts'
import { addMargins, compileForest } from './forest.ts'
import { marginOf, sigmoid } from './gradient.ts'
import type { BoosterParams, EvalMetric } from './params.ts'
import { checkLabels, checkMatrix } from './training-data.ts'
import type { Tree } from './tree.ts'

/** Rows that training is measured on after each iteration. */
export interface EvalSet {
  readonly name: string
  readonly x: Matrix
  readonly y: ArrayLike<number>
}

/** The metrics as a list, each once; the last is the one that early stopping watches. */
export function metricsOf(params: BoosterParams): readonly EvalMetric[] {
  const { evalMetric } = params
  return typeof evalMetric === 'string' ? [evalMetric] : [...new Set(evalMetric)]
}

interface RunningSet {
  readonly name: string
  readonly x: Matrix
  readonly labels: Uint8Array
  readonly margins: Float32Array
  readonly probabilities: Float32Array
  readonly values: ReadonlyMap<EvalMetric, number[]>
}

/**
 * Keeps the margins of the evaluation sets up to date and measures them after each tree.
 * Errors: `TRAINING_DATA_INVALID` for a set that training would refuse, that has other columns, a name taken
 * twice, or one class under a metric that needs both.
 */
export class Evaluation {
  readonly #sets: readonly RunningSet[]

  constructor(
    sets: readonly EvalSet[],
    metrics: readonly EvalMetric[],
    model: { columnCount: number; baseScore: number },
  ) {
    this.#sets = sets.map((set) => startSet(set, metrics, model))
    if (new Set(sets.map((set) => set.name)).size < sets.length) {
      throw invalid('evaluation sets must have different names')
    }
  }

  /** Adds one tree and returns the new values by set and metric. */
  update(tree: Tree): Record<string, Record<string, number>> {
    const forest = compileForest([tree])
    return Object.fromEntries(
      this.#sets.map((set) => {
        addMargins(set.margins, forest, set.x.values, set.x.columnCount, 0, 1)
        for (let row = 0; row < set.margins.length; row++) set.probabilities[row] = sigmoid(set.margins[row])
        const measured = [...set.values].map(([metric, values]) => {
          const value = evaluate(metric, set)
          values.push(value)
          return [metric, value] as const
        })
        return [set.name, Object.fromEntries(measured)]
      }),
    )
  }

  /** The newest value of the last metric on the last set; NaN when there is no set. */
  last(): number {
    const values = [...(this.#sets.at(-1)?.values.values() ?? [])].at(-1)
    return values?.at(-1) ?? Number.NaN
  }

  history(): EvalHistory {
    return Object.fromEntries(this.#sets.map((set) => [set.name, Object.fromEntries(set.values)]))
  }
}

function startSet(
  set: EvalSet,
  metrics: readonly EvalMetric[],
  model: { columnCount: number; baseScore: number },
): RunningSet {
  const { name, x } = set
  const what = `evaluation set "${name}"`
  checkMatrix(x, what)
  if (x.columnCount !== model.columnCount) {
    throw invalid(`${what} must have ${model.columnCount} columns, got ${x.columnCount}`)
  }
  const labels = checkLabels(set.y, x.rowCount, `labels of ${what}`)
  const demanding = metrics.find(needsBothClasses)
  if (demanding !== undefined && labels.every((label) => label === labels[0])) {
    throw invalid(`${what} must hold both classes for ${demanding}, got only ${labels[0]}`)
  }
  return {
    name,
    x,
    labels,
    margins: new Float32Array(x.rowCount).fill(marginOf(model.baseScore)),
    probabilities: new Float32Array(x.rowCount),
    values: new Map(metrics.map((metric) => [metric, []])),
  }
}

function invalid(reason: string): FdsError {
  return new FdsError('TRAINING_DATA_INVALID', { reason })
}
