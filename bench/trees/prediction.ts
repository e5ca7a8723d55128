import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { takeRows } from '../../src/math/index.ts'
import { parseParams, saveXgboostModel, trainBooster } from '../../src/model/index.ts'
import { progress, type Row } from '../rows.ts'
import { type Labelled, normalData, removeData, withMissing, writeData } from './data-files.ts'
import type { PredictAnswer, PredictJob } from './jobs.ts'
import type { Programs } from './programs.ts'
import { besides, type Case, type Measured, playRounds, secondsText } from './rounds.ts'
import type { Sizes } from './sizes.ts'

/**
 * Prediction with one model of 300 trees of depth 6, trained here and read by both from the same XGBoost file. The
 * peer's batch is the faster of `predict` on a ready DMatrix and `inplace_predict`; its single row is
 * `inplace_predict` of a matrix of one row.
 */
export async function benchPrediction(programs: Programs, folder: string, sizes: Sizes): Promise<Row[]> {
  const { rows, trees, rowCalls } = sizes.prediction
  progress('making the model to predict with')
  const dense = normalData(sizes.prediction)
  const sparse = withMissing(dense, 0.05)
  const model = join(folder, 'model.json')
  writeFileSync(model, saveXgboostModel(trainModel(sparse, trees), 'json'))
  const kinds = { '5 % missing': sparse, dense }
  const cases = Object.entries(kinds).map(([name, labelled]): Case<PredictJob> => {
    const data = writeData(join(folder, name.replaceAll(/\W/g, '')), labelled)
    return { name, job: { task: 'predict', data, model, threads: sizes.threads, rowCalls } }
  })
  const measured = await playRounds(programs, cases, sizes.repeats)
  for (const { job } of cases) removeData(job.data)
  for (const one of measured) requireSameScores(one)
  const batch = `predict ${rows.toLocaleString('en')} rows × ${trees} trees, ${sizes.threads} threads`
  return [
    ...cases.map(({ name }, i) => ({
      name: `${batch}, ${name}`,
      value: besides(measured[i]!, (answer) => answer.batchSeconds, secondsText),
    })),
    {
      name: `predict one row × ${trees} trees, warm`,
      value: besides(
        measured[0]!,
        (answer) => answer.rowMicroseconds,
        (us) => `${us.toFixed(2)} µs`,
      ),
    },
  ]
}

function trainModel({ x, y }: Labelled, trees: number) {
  const rows = Int32Array.from({ length: Math.min(x.rowCount, 50_000) }, (_, row) => row)
  const params = parseParams({ n_estimators: trees, max_depth: 6, learning_rate: 0.1 })
  return trainBooster(params, { x: takeRows(x, rows), y: y.subarray(0, rows.length) })
}

function requireSameScores({ ours, peer }: Measured<PredictAnswer>): void {
  if (peer.length > 0 && Math.abs(ours[0]!.mean - peer[0]!.mean) > 1e-6) {
    throw new Error(`the mean score is ${ours[0]!.mean} here and ${peer[0]!.mean} in XGBoost`)
  }
}
