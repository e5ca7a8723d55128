import type { ModelContents } from './unpack-model.ts'

/**
 * The columns that a model without a specification takes, in order: the names that its trees have, else those of the
 * signature, else none are known.
 */
export function columnsOf({ booster, inputs = [] }: ModelContents): readonly string[] | undefined {
  const { featureNames } = booster
  if (!featureNames.every((name, f) => name === `f${f}`)) return featureNames
  return inputs.length === featureNames.length ? inputs.map((column) => column.name) : undefined
}
