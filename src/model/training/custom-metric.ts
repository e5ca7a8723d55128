import { FdsError } from '../../errors.ts'
import type { EvalMetric } from '../params.ts'
import { isMaximised, type Scored } from './eval-metrics.ts'

/** A measure of the caller's own, taken after each iteration behind XGBoost's metrics, as its `custom_metric`. */
export interface CustomMetric {
  /** Its name in the history; no other metric's. */
  readonly name: string
  /** Whether a larger value is better; false when absent. */
  readonly maximise?: boolean
  /** The value of one evaluation set, a number other than NaN. The arrays are the training's own: read only. */
  evaluate(scored: Scored): number
}

/**
 * Whether the metric that early stopping watches, the last one, is better when it is larger: a custom metric goes
 * behind XGBoost's.
 */
export function isWatchedMaximised(
  metrics: readonly EvalMetric[],
  custom: readonly CustomMetric[] = [],
): boolean {
  const last = custom.at(-1)
  if (last !== undefined) return last.maximise ?? false
  const metric = metrics.at(-1)
  return metric !== undefined && isMaximised(metric)
}

/** Errors: `PARAM_INVALID` for a name that another metric has. */
export function checkCustomMetrics(metrics: readonly EvalMetric[], custom: readonly CustomMetric[]): void {
  const names: string[] = [...metrics, ...custom.map((metric) => metric.name)]
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice === undefined) return
  const expected = 'a list of metrics with different names'
  throw new FdsError('PARAM_INVALID', { name: 'custom_metrics', expected, got: `"${twice}" twice` })
}

/** Takes the metric; an error in it, or no number from it, ends the training. Errors: `PARAM_INVALID`. */
export function evaluateCustom(
  metric: CustomMetric,
  scored: Scored,
  at: { set: string; iteration: number },
): number {
  const where = `on evaluation set "${at.set}" in iteration ${at.iteration}`
  const failure = (got: string, cause?: unknown): FdsError => {
    const name = `custom_metrics, ${metric.name}`
    return new FdsError('PARAM_INVALID', { name, expected: 'a function that gives a number', got }, { cause })
  }
  let value: unknown
  try {
    value = metric.evaluate(scored)
  } catch (error) {
    throw failure(`${error instanceof Error ? error.message : String(error)} ${where}`, error)
  }
  if (typeof value !== 'number' || Number.isNaN(value)) throw failure(`${String(value)} ${where}`)
  return value
}
