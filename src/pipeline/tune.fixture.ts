import type { Table } from '../data/index.ts'
import { createRandom } from '../math/random.ts'
import { cutFolds, type Fold } from './tune-folds.ts'

export const ROLES = { label: 'isFraud', time: 'at' } as const

/** Rows in a shuffled order of time; every tenth or so is fraud, told by two columns and noise. */
export function smallTable(rowCount = 600): Table {
  const random = createRandom(3)
  const normals = () => Float64Array.from({ length: rowCount }, () => random.normal())
  const [a, b, noise] = [normals(), normals(), normals()]
  const label = Float64Array.from(a, (value, row) => Number(value * b[row]! + 0.5 * noise[row]! > 1))
  const at = Float64Array.from(a, (_, row) => (row * 7) % rowCount)
  const columns = Object.entries({ at, a, b, isFraud: label })
  return { rowCount, columns: columns.map(([name, values]) => ({ name, kind: 'number', values })) }
}

export function smallFolds(folds = 1): readonly Fold[] {
  return cutFolds({ table: smallTable(), roles: ROLES, holdout: 0.2, folds, maxBin: 256 })
}

export const TRAINING = { learning_rate: 0.3, n_estimators: 40, early_stopping_rounds: 10, n_jobs: 1 }
