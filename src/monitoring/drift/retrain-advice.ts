import type { ColumnDrift } from './column-drift.ts'

/** What a drift report means for the model; keys as in the JSON of `fds retrain`. */
export interface RetrainAdvice {
  readonly retrain: boolean
  /** Why: broken data forbid it, the target or the inputs ask for it, or nothing does. */
  readonly cause: 'broken_data' | 'target_drift' | 'input_drift' | 'none'
  /** The advice in one sentence without a full stop. */
  readonly reason: string
  /** The share of the model's decisions, 0 to 1, that hangs on inputs whose action is `retrain`. */
  readonly weight: number
  /** The drifted columns: target and prediction, then inputs, the weightiest first. */
  readonly columns: readonly WeighedColumn[]
  /** The columns that must be repaired first. */
  readonly broken: readonly string[]
}

/** A drifted column and what it means to the model. */
export interface WeighedColumn {
  readonly name: string
  /** Its share of the importances of all compared inputs; null for target and prediction, which are no inputs. */
  readonly weight: number | null
  readonly psi: number | null
  readonly action: ColumnDrift['action']
  readonly message: string
}

export interface RetrainAdviceOptions {
  /** How much each column matters to the model, in any unit; a column that is left out 0. Default: all alike. */
  readonly importance?: Readonly<Record<string, number>>
  /** The column of the labels: a change in it asks for retraining whatever the inputs do. */
  readonly target?: string
  /** The column of the scores: it follows the inputs, and alone asks for nothing. */
  readonly prediction?: string
  /** From which weight on inputs ask for retraining: 0.1 unless given. */
  readonly minWeight?: number
}

/**
 * Says whether a drift report asks for retraining. A column that vanished, changed its type, has become infinite or
 * lost half of its values forbids it: a model must not learn a fault of the data. Else drift of the target asks for
 * it, and inputs in the band `retrain` (PSI above 0.25; with other methods any drift) that carry at least `minWeight`
 * of the importance. Where no compared input has any importance, all weigh alike. Cost O(columns log columns).
 *
 * @example
 * adviseRetraining({ columns: [] }).reason // 'Nothing that the model decides by has drifted'
 */
export function adviseRetraining(
  { columns }: { readonly columns: readonly ColumnDrift[] },
  options: RetrainAdviceOptions = {},
): RetrainAdvice {
  const { target, minWeight = 0.1 } = options
  const weights = weightsOf(columns, options)
  const drifted = columns.filter((column) => column.drifted)
  const broken = columns.filter(isBroken).map(({ name }) => name)
  const weight = drifted
    .filter(asksForRetraining)
    .reduce((sum, { name }) => sum + (weights.get(name) ?? 0), 0)
  const isTarget = drifted.some(({ name }) => name === target)
  const found = {
    weight,
    broken,
    columns: drifted.map((column) => weighed(column, weights)).sort((a, b) => rankOf(b) - rankOf(a)),
  }
  if (broken.length > 0) {
    const reason = `Repair the data first: ${named(broken)} ${broken.length === 1 ? 'is' : 'are'} broken`
    return { retrain: false, cause: 'broken_data', reason, ...found }
  }
  if (isTarget) {
    return { retrain: true, cause: 'target_drift', reason: `The target "${target}" has drifted`, ...found }
  }
  const share = `Inputs that drifted far carry ${(100 * weight).toFixed(1)} % of the importance`
  const limit = `${(100 * minWeight).toFixed(1)} %`
  if (weight > 0 && weight >= minWeight) {
    return { retrain: true, cause: 'input_drift', reason: `${share}, ${limit} or more asks for it`, ...found }
  }
  const calm = drifted.length > 0 ? 'No drifted column asks for retraining' : NOTHING
  const reason = weight > 0 ? `${share}, below ${limit}` : calm
  return { retrain: false, cause: 'none', reason, ...found }
}

const NOTHING = 'Nothing that the model decides by has drifted'

/** Shares of the importance of the inputs that were compared. */
function weightsOf(
  columns: readonly ColumnDrift[],
  { importance, target, prediction }: RetrainAdviceOptions,
): ReadonlyMap<string, number> {
  const inputs = columns
    .filter(({ status }) => status !== 'new' && status !== 'not_compared')
    .map(({ name }) => name)
    .filter((name) => name !== target && name !== prediction)
  const given = inputs.map((name) => importance?.[name] ?? 0)
  const total = given.reduce((sum, value) => sum + value, 0)
  return new Map(inputs.map((name, i) => [name, total > 0 ? given[i]! / total : 1 / inputs.length]))
}

/** Half of the values that it had are gone, all of them included. */
function isBroken({ status, findings, missing }: ColumnDrift): boolean {
  if (status === 'vanished' || status === 'type_changed') return true
  if (findings.some(({ kind, drifted }) => kind === 'infinite' && drifted)) return true
  const { reference, current } = missing
  const isTested = findings.some(({ drifted }) => drifted)
  return isTested && reference !== null && current !== null && 1 - current <= (1 - reference) / 2
}

function asksForRetraining({ action }: ColumnDrift): boolean {
  return action === null || action === 'retrain'
}

function weighed(column: ColumnDrift, weights: ReadonlyMap<string, number>): WeighedColumn {
  const { name, psi, action, message } = column
  return { name, weight: weights.get(name) ?? null, psi, action, message }
}

/** Target and prediction before every input. */
function rankOf({ weight }: WeighedColumn): number {
  return weight ?? 2
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`)
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ')
}
