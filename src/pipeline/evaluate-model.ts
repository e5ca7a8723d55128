import { labelsOf, readTable, type Table } from '../data/index.ts'
import { averagePrecisionInterval, calculateFdsMetrics, rocAucInterval } from '../evaluation/index.ts'
import { type LoadedModel, modelMatrix } from './load-model.ts'
import { readOptionsOf } from './model-inputs.ts'

export interface EvaluateInput {
  readonly model: LoadedModel
  readonly file: string
  readonly label: string
  /** The policy's threshold by default. */
  readonly threshold?: number
}

/** Measures a model on a labelled file: the FDS metrics, with 95 % intervals for AUC and average precision. */
export async function evaluateModel(input: EvaluateInput) {
  const table = await readTable(input.file, readOptionsOf(input.model))
  const { labels, scores } = scoreLabelled(input.model, table, input.label)
  const { threshold, costs } = input.model.policy
  const options = { threshold: input.threshold ?? threshold, fnCost: costs.fn, fpCost: costs.fp }
  return {
    ...calculateFdsMetrics(labels, scores, options),
    rows: table.rowCount,
    intervals: {
      auc_roc: rocAucInterval(labels, scores),
      auprc: averagePrecisionInterval(labels, scores),
    },
  }
}

/** Labels and scores of a labelled table. */
export function scoreLabelled(
  model: LoadedModel,
  table: Table,
  label: string,
): { labels: Uint8Array; scores: Float32Array } {
  const labels = labelsOf(table, label)
  return { labels, scores: model.booster.predict(modelMatrix(model, table, [label])) }
}
