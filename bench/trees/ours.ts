// Answers one job about our trees with one JSON line; xgboost_peer.py answers the same jobs.
import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Matrix } from '../../src/math/index.ts'
import {
  type Booster,
  loadXgboostModel,
  parseParams,
  quantileMatrix,
  trainBooster,
} from '../../src/model/index.ts'
import {
  type DataFiles,
  type Job,
  type JobParams,
  type PredictAnswer,
  type PredictJob,
  type ScoreAnswer,
  type ScoreJob,
  type TrainAnswer,
  type TrainJob,
  WARM_UP,
} from './jobs.ts'

function train({ data, params }: TrainJob): TrainAnswer {
  const x = readMatrix(data)
  const y = readLabels(data)
  const rowCount = Math.min(data.rows, WARM_UP.rows)
  const few = { rowCount, columnCount: x.columnCount, values: x.values.subarray(0, rowCount * x.columnCount) }
  fit({ ...params, n_estimators: WARM_UP.rounds }, few, y.subarray(0, rowCount))
  const { booster, ...seconds } = fit(params, x, y)
  const peakBytes = peakResidentBytes()
  return { ...seconds, peakBytes, leaves: leavesOf(booster) }
}

/** What `trainBooster` does from raw floats: a quantile matrix, then boosting. */
function fit(params: JobParams, x: Matrix, y: Uint8Array) {
  const parsed = parseParams(params)
  const { maxBin, nJobs } = parsed
  const [binSeconds, binned] = clocked(() => quantileMatrix(x, { maxBin, nJobs }))
  const [boostSeconds, booster] = clocked(() => trainBooster(parsed, { x: binned, y }))
  return { binSeconds, boostSeconds, booster }
}

function predict({ data, model, threads, rowCalls }: PredictJob): PredictAnswer {
  const x = readMatrix(data)
  const booster = loadXgboostModel(readFileSync(model))
  const rows = Array.from({ length: Math.min(data.rows, 1000) }, (_, row) =>
    x.values.subarray(row * x.columnCount, (row + 1) * x.columnCount),
  )
  booster.predict(x, { nJobs: threads })
  const [batchSeconds, scores] = clocked(() => booster.predict(x, { nJobs: threads }))
  // the sum is answered, so that no call can be left out
  let sum = 0
  const oneByOne = (calls: number): void => {
    for (let call = 0; call < calls; call++) sum += booster.predictRow(rows[call % rows.length]!)
  }
  oneByOne(rowCalls)
  const [rowSeconds] = clocked(() => oneByOne(rowCalls))
  if (!Number.isFinite(sum)) throw new Error('a row has no score')
  const mean = scores.reduce((total, score) => total + score, 0) / scores.length
  return { batchSeconds, rowMicroseconds: (rowSeconds / rowCalls) * 1e6, mean }
}

function score({ train, test, variants }: ScoreJob): ScoreAnswer {
  const x = readMatrix(train)
  const y = readLabels(train)
  const held = readMatrix(test)
  for (const { params, out } of variants) {
    writeFileSync(out, new Uint8Array(trainBooster(parseParams(params), { x, y }).predict(held).buffer))
  }
  return {}
}

function readMatrix({ folder, rows, columns }: DataFiles): Matrix {
  const values = new Float32Array(rows * columns)
  fill(join(folder, 'x.f32'), new Uint8Array(values.buffer))
  return { rowCount: rows, columnCount: columns, values }
}

function readLabels({ folder, rows }: DataFiles): Uint8Array {
  const labels = new Uint8Array(rows)
  fill(join(folder, 'y.u8'), labels)
  return labels
}

function fill(file: string, bytes: Uint8Array): void {
  const opened = openSync(file, 'r')
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(opened, bytes, at, bytes.length - at, null)
    if (read === 0) throw new Error(`${file} must have ${bytes.length} bytes, got ${at}`)
    at += read
  }
  closeSync(opened)
}

function clocked<T>(work: () => T): [seconds: number, result: T] {
  const start = performance.now()
  const result = work()
  return [(performance.now() - start) / 1000, result]
}

/**
 * Largest resident size of this process. `maxRSS` alone would not do: on Linux a started program inherits the peak of
 * the one that started it.
 */
function peakResidentBytes(): number {
  const kibibytes = existsSync('/proc/self/status')
    ? Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
    : process.resourceUsage().maxRSS
  return kibibytes * 1024
}

function leavesOf(booster: Booster): number {
  return booster.trees.reduce((sum, tree) => sum + tree.left.filter((child) => child < 0).length, 0)
}

const job = JSON.parse(process.argv[2]!) as Job
const answer = job.task === 'train' ? train(job) : job.task === 'predict' ? predict(job) : score(job)
console.log(JSON.stringify(answer))
