import { columnOf, labelsOf, readTable } from '../data/index.ts'
import { findOptimalThreshold } from '../decision/index.ts'
import { FdsError } from '../errors.ts'

/** The cheapest threshold for a file of labelled scores, columns `label` and `score`. */
export async function thresholdOfFile(input: { file: string; fnCost: number; fpCost: number }) {
  const { file, fnCost, fpCost } = input
  const table = await readTable(file, { columns: ['label', 'score'] })
  const score = columnOf(table, 'score')
  if (score.kind !== 'number') {
    throw new FdsError('COLUMN_TYPE_INVALID', { column: 'score', expected: 'numbers', got: score.kind })
  }
  return findOptimalThreshold(labelsOf(table, 'label'), score.values, { fnCost, fpCost })
}
