// The specification's study (section 2-1) with our own study and trees; specification_peer.py plays the same.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Table } from '../../src/data/index.ts'
import { averagePrecisionScore } from '../../src/evaluation/index.ts'
import { createLogger } from '../../src/log.ts'
import { createRandom, type Matrix } from '../../src/math/index.ts'
import { parseParams, trainBooster } from '../../src/model/index.ts'
import { openTracking } from '../../src/pipeline/open-tracking.ts'
import { SPECIFICATION_SPACE } from '../../src/pipeline/search-space.ts'
import { prunerOf, samplerOf } from '../../src/pipeline/study-parts.ts'
import { tuneModel } from '../../src/pipeline/tune-model.ts'
import type { DataFiles } from '../trees/jobs.ts'
import type { StudyAnswer, StudyJob } from './specification-job.ts'

const LABEL = 'is_fraud'

const job = JSON.parse(process.argv[2]!) as StudyJob
const home = mkdtempSync(join(tmpdir(), 'fds-bench-'))
try {
  console.log(JSON.stringify(await answer(job)))
} finally {
  rmSync(home, { recursive: true, force: true })
}

/** The whole of `fds tune` up to the best parameters, every trial logged into a store of its own. */
async function answer(job: StudyJob): Promise<StudyAnswer> {
  const started = performance.now()
  const [x, y] = read(job.data)
  const table = tableOf(x, y)
  const readSeconds = (performance.now() - started) / 1000
  const searchStarted = performance.now()
  const tracking = await openTracking({
    home,
    artifactRoot: join(home, 'artifacts'),
    now: Date.now,
    random: createRandom(job.seed),
    logger: createLogger('silent'),
  })
  const { result } = await tuneModel({
    client: tracking.client,
    table,
    roles: { label: LABEL },
    trials: job.trials,
    sampler: samplerOf(job.sampler, job.seed),
    pruner: prunerOf('none'),
    space: SPECIFICATION_SPACE,
    earlyStoppingRounds: job.earlyStoppingRounds,
    jobs: job.jobs,
    seed: job.seed,
    now: Date.now,
  })
  await tracking.close()
  const searchSeconds = (performance.now() - searchStarted) / 1000
  const { best_params: params, best_value: best } = result
  const cut = (x.rowCount * 4) / 5
  const train = { ...x, rowCount: cut, values: x.values.subarray(0, cut * x.columnCount) }
  const booster = trainBooster(parseParams(params), { x: train, y: y.subarray(0, cut) })
  const [held, labels] = read(job.test)
  const test = averagePrecisionScore(labels, booster.predict(held)) as number
  return { readSeconds, searchSeconds, best, test }
}

function read({ folder, rows, columns }: DataFiles): [Matrix, Uint8Array] {
  const bytes = readFileSync(join(folder, 'x.f32'))
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, rows * columns)
  return [{ rowCount: rows, columnCount: columns, values }, readFileSync(join(folder, 'y.u8'))]
}

function tableOf({ rowCount, columnCount, values }: Matrix, y: Uint8Array): Table {
  const columns = Array.from({ length: columnCount }, (_, column) => ({
    name: `f${column}`,
    kind: 'number' as const,
    values: Float64Array.from({ length: rowCount }, (_, row) => values[row * columnCount + column]!),
  }))
  const label = { name: LABEL, kind: 'number' as const, values: Float64Array.from(y) }
  return { rowCount, columns: [...columns, label] }
}
