import { join } from 'node:path'
import { median } from '../medians.ts'
import type { Row } from '../rows.ts'
import { normalData, removeData, writeData } from './data-files.ts'
import { BINARY, type DataFiles, type TrainAnswer, type TrainJob } from './jobs.ts'
import type { Programs } from './programs.ts'
import { besides, type Case, type Measured, playRounds, secondsText } from './rounds.ts'
import type { Sizes } from './sizes.ts'

/**
 * How the time from raw floats grows from a base size: twice the rows, twice the columns, two levels more; and what
 * a second thread saves.
 */
export async function benchGrowth(programs: Programs, folder: string, sizes: Sizes): Promise<Row[]> {
  const { rows, columns, depth, rounds } = sizes.growth
  const data = (name: string, size: { rows: number; columns: number }) =>
    writeData(join(folder, name), normalData(size))
  const base = data('base', { rows, columns })
  const doubleRows = data('rows', { rows: 2 * rows, columns })
  const doubleColumns = data('columns', { rows, columns: 2 * columns })
  const growth = (name: string, files: DataFiles, maxDepth: number, threads: number): Case<TrainJob> => {
    const params = { ...BINARY, n_estimators: rounds, max_depth: maxDepth, n_jobs: threads }
    return { name, job: { task: 'train', data: files, params } }
  }
  const cases = [
    growth(`base ${rows.toLocaleString('en')} × ${columns}, depth ${depth}, 1 thread`, base, depth, 1),
    growth('rows × 2', doubleRows, depth, 1),
    growth('columns × 2', doubleColumns, depth, 1),
    growth('depth + 2', base, depth + 2, 1),
    growth('threads 1 → 2', base, depth, 2),
  ]
  const measured = await playRounds(programs, cases, sizes.repeats)
  for (const files of [base, doubleRows, doubleColumns]) removeData(files)
  return cases.map(({ name }, i) => ({ name: `train ${name}`, value: growthText(measured, i) }))
}

function growthText(measured: readonly Measured<TrainAnswer>[], i: number): string {
  const raw = (answer: TrainAnswer): number => answer.binSeconds + answer.boostSeconds
  if (i === 0) return besides(measured[0]!, raw, secondsText)
  const factor = (side: 'ours' | 'peer'): string =>
    `× ${(median(measured[i]![side].map(raw)) / median(measured[0]![side].map(raw))).toFixed(2)}`
  const peer = measured[i]!.peer.length > 0 ? `, XGBoost's ${factor('peer')}` : ''
  return `time ${factor('ours')}${peer}`
}
