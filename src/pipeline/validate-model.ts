import { readTable } from '../data/index.ts'
import { calculateFdsMetrics } from '../evaluation/index.ts'
import { type Answer, isNoAnswer } from '../math/index.ts'
import { scoreLabelled } from './evaluate-model.ts'
import { type LoadedModel, readOptionsOf } from './load-model.ts'

/** One condition that a model must meet before it may decide. */
export interface Gate {
  readonly name: 'min_auc' | 'max_cost_increase'
  readonly passed: boolean
  readonly message: string
}

export interface ValidateInput {
  readonly model: LoadedModel
  readonly file: string
  readonly label: string
  /** Held-out AUC must exceed this; 0.85 in the specification. */
  readonly minAuc: number
  /** The model to compare costs with, usually the champion. */
  readonly against?: LoadedModel
  /** Cost may exceed the other model's by this share at most. */
  readonly maxCostIncrease: number
}

/** Holds a model to its gates; a metric without an answer fails its gate and says why. */
export async function validateModel(
  input: ValidateInput,
): Promise<{ passed: boolean; gates: readonly Gate[] }> {
  const { model, against, label } = input
  const metrics = await measure(model, input.file, label)
  const gates = [aucGate(metrics.auc_roc, input.minAuc)]
  if (against) {
    const other = await measure(against, input.file, label)
    gates.push(costGate(metrics.cost, other.cost, input.maxCostIncrease))
  }
  return { passed: gates.every((gate) => gate.passed), gates }
}

async function measure(model: LoadedModel, file: string, label: string) {
  const { labels, scores } = scoreLabelled(model, await readTable(file, readOptionsOf(model)), label)
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
