import { FdsError } from '../../errors.ts'
import type { EvalHistory } from '../booster.ts'
import { marginOf, sigmoid } from '../logistic.ts'
import type { BoosterParams, EvalMetric } from '../params.ts'
import type { Rows } from '../rows.ts'
import type { Tree } from '../tree.ts'
import { type CustomMetric, checkCustomMetrics, evaluateCustom } from './custom-metric.ts'
import { curveOf, evaluate, needsBothClasses, type Scored } from './eval-metrics.ts'
import { RowMargins } from './row-margins.ts'
import { checkLabels, checkValues, checkWeight, matrixOf } from './training-data.ts'

/** Rows that training is measured on after each iteration. */
export interface EvalSet {
  readonly name: string
  readonly x: Rows
  readonly y: ArrayLike<number>
  /** How much each row counts in the metrics; 1 when absent. */
  readonly weight?: ArrayLike<number>
}

/** The metrics as a list, each once; early stopping watches the last, or the last custom metric. */
export function metricsOf(params: BoosterParams): readonly EvalMetric[] {
  const { evalMetric } = params
  return typeof evalMetric === 'string' ? [evalMetric] : [...new Set(evalMetric)]
}

/** What the evaluation sets must fit. */
export interface EvaluatedModel {
  readonly columnCount: number
  readonly baseScore: number
  /** The trees of a model that training continues, which count in the sets' margins from the start. */
  readonly trees?: readonly Tree[]
  /** Threads at most; all cores for 0, the default. */
  readonly nJobs?: number
}

interface RunningSet {
  readonly name: string
  readonly rows: RowMargins
  readonly scored: Scored
  readonly values: ReadonlyMap<string, number[]>
}

/**
 * Keeps the margins of the evaluation sets up to date and measures them after each tree.
 * Errors: `TRAINING_DATA_INVALID` for a set that training would refuse, that has other columns, a name taken
 * twice, or one class under a metric that needs both; `PARAM_INVALID` for a custom metric that fails.
 */
export class Evaluation {
  readonly #sets: readonly RunningSet[]
  readonly #metrics: readonly EvalMetric[]
  readonly #custom: readonly CustomMetric[]
  #iteration: number

  constructor(
    sets: readonly EvalSet[],
    metrics: readonly EvalMetric[],
    model: EvaluatedModel,
    custom: readonly CustomMetric[] = [],
  ) {
    checkCustomMetrics(metrics, custom)
    this.#metrics = metrics
    this.#custom = custom
    this.#iteration = model.trees?.length ?? 0
    const names = [...metrics, ...custom.map((metric) => metric.name)]
    this.#sets = sets.map((set) => {
      const { rows, scored } = startSet(set, metrics, model)
      return { name: set.name, rows, scored, values: new Map(names.map((name) => [name, []])) }
    })
    if (new Set(sets.map((set) => set.name)).size < sets.length) {
      throw invalid('evaluation sets must have different names')
    }
  }

  /** Adds one tree and returns the new values by set and metric. */
  update(tree: Tree): Record<string, Record<string, number>> {
    const measured = this.#sets.map(({ name, rows, scored, values }) => {
      rows.addTree(tree)
      const { margins } = rows
      for (let row = 0; row < margins.length; row++) scored.probabilities[row] = sigmoid(margins[row])
      const newest = this.#measure(name, scored)
      for (const [metric, value] of newest) values.get(metric)?.push(value)
      return [name, Object.fromEntries(newest)] as const
    })
    this.#iteration++
    return Object.fromEntries(measured)
  }

  /** The newest value of the last metric on the last set; NaN when there is no set. */
  last(): number {
    const values = [...(this.#sets.at(-1)?.values.values() ?? [])].at(-1)
    return values?.at(-1) ?? Number.NaN
  }

  history(): EvalHistory {
    return Object.fromEntries(this.#sets.map((set) => [set.name, Object.fromEntries(set.values)]))
  }

  /** Ends the measuring; the history stays. */
  end(): void {
    for (const { rows } of this.#sets) rows.end()
  }

  #measure(set: string, scored: Scored): [metric: string, value: number][] {
    const curve = this.#metrics.some(needsBothClasses) ? curveOf(scored) : undefined
    const at = { set, iteration: this.#iteration }
    return [
      ...this.#metrics.map((metric) => [metric, evaluate(metric, scored, curve)] as [string, number]),
      ...this.#custom.map((metric) => [metric.name, evaluateCustom(metric, scored, at)] as [string, number]),
    ]
  }
}

function startSet(
  set: EvalSet,
  metrics: readonly EvalMetric[],
  model: EvaluatedModel,
): Pick<RunningSet, 'rows' | 'scored'> {
  const { name } = set
  const what = `evaluation set "${name}"`
  const x = matrixOf(set.x, what)
  checkValues(x, what)
  if (x.columnCount !== model.columnCount) {
    throw invalid(`${what} must have ${model.columnCount} columns, got ${x.columnCount}`)
  }
  const labels = checkLabels(set.y, x.rowCount, `labels of ${what}`)
  checkWeight(set.weight, x.rowCount, `weights of ${what}`)
  const weight = set.weight && Float32Array.from(set.weight)
  const demanding = metrics.find(needsBothClasses)
  const classes = new Set(labels.filter((_, row) => weight === undefined || weight[row] > 0))
  if (demanding !== undefined && classes.size < 2) {
    throw invalid(`${what} must hold both classes for ${demanding}, got only ${[...classes]}`)
  }
  const rows = new RowMargins(x, marginOf(model.baseScore), model.nJobs)
  for (const tree of model.trees ?? []) rows.addTree(tree)
  return {
    rows,
    scored: { labels, probabilities: new Float32Array(x.rowCount), weight },
  }
}

function invalid(reason: string): FdsError {
  return new FdsError('TRAINING_DATA_INVALID', { reason })
}
