import { readTable, type Table } from '../data/index.ts'
import { FdsError } from '../errors.ts'
import { calculateFdsMetrics } from '../evaluation/index.ts'
import { type Answer, isNoAnswer } from '../math/index.ts'
import { type MlflowClient, VALIDATION_STATUS, type ValidationStatus } from '../tracking/index.ts'
import { scoreLabelled } from './evaluate-model.ts'
import type { LoadedModel } from './load-model.ts'
import { readOptionsOf } from './model-inputs.ts'

/** One condition that a model must meet before it may decide. */
export interface Gate {
  readonly name: 'min_auc' | 'max_cost_increase'
  readonly passed: boolean
  readonly message: string
}

export interface ValidateInput {
  readonly model: LoadedModel
  /** Labelled transactions: a file, or a table with the text columns of both models as texts. */
  readonly data: string | Table
  readonly label: string
  /** Held-out AUC must exceed this; 0.85 in the specification. */
  readonly minAuc: number
  /** The model to compare costs with, usually the champion. */
  readonly against?: LoadedModel
  /** Cost may exceed the other model's by this share at most. */
  readonly maxCostIncrease: number
  /** Writes `validation_status` on the version that `model` was loaded from; USAGE if it was from none. */
  readonly tagWith?: MlflowClient
}

/** Holds a model to its gates; a metric without an answer fails its gate and says why. */
export async function validateModel(
  input: ValidateInput,
): Promise<{ passed: boolean; gates: readonly Gate[] }> {
  const { model, against, data, label } = input
  const tag = tagger(input)
  const metrics = await measure(model, data, label)
  const gates = [aucGate(metrics.auc_roc, input.minAuc)]
  if (against) {
    const other = await measure(against, data, label)
    gates.push(costGate(metrics.cost, other.cost, input.maxCostIncrease))
  }
  const passed = gates.every((gate) => gate.passed)
  await tag(passed ? 'passed' : 'failed')
  return { passed, gates }
}

/** Asked for before the work, so that a wrong call costs nothing. */
function tagger({ model, tagWith }: ValidateInput): (status: ValidationStatus) => Promise<void> {
  if (!tagWith) return async () => {}
  const { uri, name, version } = model
  if (name === undefined || version === undefined)
    throw new FdsError('USAGE', { reason: `--tag needs a registered version (models:/name/1), got ${uri}` })
  return (value) => tagWith.setModelVersionTag({ name, version, key: VALIDATION_STATUS, value })
}

async function measure(model: LoadedModel, data: string | Table, label: string) {
  const table = typeof data === 'string' ? await readTable(data, readOptionsOf(model)) : data
  const { labels, scores } = scoreLabelled(model, table, label)
  const { threshold, costs } = model.policy
  return calculateFdsMetrics(labels, scores, { threshold, fnCost: costs.fn, fpCost: costs.fp })
}

function aucGate(auc: Answer, minAuc: number): Gate {
  const name = 'min_auc'
  if (isNoAnswer(auc)) return { name, passed: false, message: `AUC has no answer: ${auc.reason}` }
  const passed = auc > minAuc
  return { name, passed, message: `AUC ${auc.toFixed(4)} ${passed ? '>' : '<='} ${minAuc}` }
}

function costGate(cost: Answer, otherCost: Answer, maxIncrease: number): Gate {
  const name = 'max_cost_increase'
  if (isNoAnswer(cost)) return { name, passed: false, message: `cost has no answer: ${cost.reason}` }
  if (isNoAnswer(otherCost))
    return { name, passed: false, message: `cost of the other model: ${otherCost.reason}` }
  const limit = otherCost * (1 + maxIncrease)
  const passed = cost <= limit
  return {
    name,
    passed,
    message: `cost ${cost} ${passed ? '<=' : '>'} ${limit.toFixed(1)}, ${otherCost} of the other model raised by ${maxIncrease}`,
  }
}
