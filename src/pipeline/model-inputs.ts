import { inputColumns } from '../features/feature-spec.ts'
import type { LoadedModel } from './load-model.ts'

/** How to read a file for this model: its text inputs, and the id, as text even where they look numeric. */
export function readOptionsOf(model: LoadedModel, id?: string): { text: readonly string[] } {
  const inputs = model.spec ? inputColumns(model.spec) : []
  const text = inputs.filter((column) => column.kind === 'text').map((column) => column.name)
  return { text: id === undefined ? text : [...text, id] }
}

/**
 * How much a model's trees gain by each column of the data: the total gain of the features made of it. Columns that
 * split nothing are left out. Of a model without our specification features are columns.
 */
export function columnImportance({ booster, spec }: LoadedModel): Record<string, number> {
  const gains = booster.importance('total_gain')
  if (!spec) return gains
  const columns: Record<string, number> = {}
  for (const { name, input } of spec.features) {
    const gain = gains[name]
    if (gain !== undefined) columns[input] = (columns[input] ?? 0) + gain
  }
  return columns
}
