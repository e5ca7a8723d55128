import { join } from 'node:path'
import { progress, type Row, told } from '../rows.ts'
import { type Labelled, normalData, removeData, withMissing, writeData } from './data-files.ts'
import { BINARY, type DataFiles, type TrainAnswer, type TrainJob } from './jobs.ts'
import type { Programs } from './programs.ts'
import { besides, type Case, type Measured, playRounds, secondsText } from './rounds.ts'
import type { Sizes } from './sizes.ts'

/**
 * Training time and peak memory on normal columns, dense and with 5 % missing values, at two depths. One process
 * trains once: binning and boosting are timed apart, so "from raw floats" is their sum, as in `XGBClassifier.fit`.
 */
export async function benchTraining(programs: Programs, folder: string, sizes: Sizes): Promise<Row[]> {
  const rows: Row[] = []
  for (const size of sizes.training) {
    const dense = normalData(size)
    const kinds: readonly (readonly [string, Labelled])[] = [
      ['dense', dense],
      ['5 % missing', withMissing(dense, 0.05)],
    ]
    for (const [kind, labelled] of kinds) {
      const name = `${size.rows.toLocaleString('en')} × ${size.columns}, ${kind}`
      progress(`writing ${name}`)
      const data = writeData(join(folder, 'training'), labelled)
      rows.push(...told(await trainingRows(programs, sizes, { name, data })))
      removeData(data)
    }
  }
  return rows
}

async function trainingRows(
  programs: Programs,
  { rounds, repeats, depths, threads }: Sizes,
  { name, data }: { name: string; data: DataFiles },
): Promise<Row[]> {
  const cases = depths.map((depth): Case<TrainJob> => {
    const params = { ...BINARY, n_estimators: rounds, max_depth: depth, n_jobs: threads }
    return { name: `train ${name}, depth ${depth}`, job: { task: 'train', data, params } }
  })
  const measured = await playRounds(programs, cases, repeats)
  return cases.flatMap((one, i) => figures(one.name, measured[i]!))
}

function figures(name: string, measured: Measured<TrainAnswer>): Row[] {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
  return [
    {
      name: `${name}, from raw floats`,
      value: besides(measured, (answer) => answer.binSeconds + answer.boostSeconds, secondsText),
    },
    {
      name: `${name}, from binned data`,
      value: besides(measured, (answer) => answer.boostSeconds, secondsText),
    },
    { name: `${name}, peak memory`, value: besides(measured, (answer) => answer.peakBytes, megabytes) },
    { name: `${name}, leaves`, value: besides(measured, (answer) => answer.leaves, String) },
  ]
}
