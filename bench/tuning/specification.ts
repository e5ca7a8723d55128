import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pythonOf } from '../../test/interop/python.ts'
import { STUDY } from '../../test/interop/tuning/environments.ts'
import { median } from '../medians.ts'
import { progress, type Row, told } from '../rows.ts'
import { runProgram } from '../run-program.ts'
import { writeData } from '../trees/data-files.ts'
import { secondsText } from '../trees/rounds.ts'
import { fraudData } from './fraud-data.ts'
import type { StudyAnswer, StudyJob } from './specification-job.ts'

const COLUMNS = 50
/** Trials by which the peer's faster way is found. */
const PILOT_TRIALS = 10
/** The bar: our time as a share of the peer's. */
const MOST = 0.5

/**
 * The specification's study (section 2-1): 50 trials of n_estimators 100 to 500, max_depth 4 to 12 and learning_rate
 * 0.01 to 0.3 on 100,000 × 50 fraud-like rows, beside Optuna 5 with XGBoost, each study in a fresh process, in alternating
 * order. The peer runs in the faster of two ways: one trial on two threads, or two trials on one each. Ours runs two
 * trials on one thread each and logs every trial; it is also run with Optuna's sampler and all trees grown, so that trees
 * and threads can be told from early stopping. A quarter of an hour; with `FDS_BENCH_QUICK=1` a minute, whose figures say nothing.
 */
export async function benchSpecification(): Promise<readonly Row[]> {
  const isQuick = process.env['FDS_BENCH_QUICK'] === '1'
  const [rows, trials, seeds] = isQuick ? [5000, 12, [0, 1]] : [100_000, 50, [0, 1, 2, 3, 4]]
  const folder = mkdtempSync(join(tmpdir(), 'fds-bench-'))
  try {
    const data = writeData(join(folder, 'data'), fraudData({ rows, columns: COLUMNS, seed: 1 }))
    const test = writeData(join(folder, 'test'), fraudData({ rows: rows / 2, columns: COLUMNS, seed: 2 }))
    const base = {
      data,
      test,
      trials,
      seed: 0,
      jobs: 2,
      threads: 1,
      sampler: 'auto',
      earlyStoppingRounds: 50,
    }
    return told(await rowsOf(base as StudyJob, seeds))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function rowsOf(base: StudyJob, seeds: readonly number[]): Promise<readonly Row[]> {
  const python = await pythonOf(STUDY)
  const ours = (job: StudyJob) =>
    play([process.execPath, join(import.meta.dirname, 'specification_ours.ts')], job)
  const peer = (job: StudyJob) => play([python, join(import.meta.dirname, 'specification_peer.py')], job)
  const one = { ...base, jobs: 1, threads: 2 }
  const pilot = { trials: Math.min(base.trials, PILOT_TRIALS) }
  const [alone, together] = [await peer({ ...one, ...pilot }), await peer({ ...base, ...pilot })]
  const way = alone.searchSeconds < together.searchSeconds ? one : base
  const plain = await ours({ ...base, sampler: 'tpe', earlyStoppingRounds: 0 })
  const mine: StudyAnswer[] = []
  const theirs: StudyAnswer[] = []
  for (const [round, seed] of seeds.entries()) {
    progress(`seed ${seed}`)
    const first = round % 2 === 0
    if (first) mine.push(await ours({ ...base, seed }))
    theirs.push(await peer({ ...way, seed }))
    if (!first) mine.push(await ours({ ...base, seed }))
  }
  const pilots = `${secondsText(alone.searchSeconds)} and ${secondsText(together.searchSeconds)}`
  return [
    {
      name: `Optuna with XGBoost, ${pilot.trials} trials: one on two threads, two on one each`,
      value: pilots,
    },
    { name: 'search', value: timesText(mine, theirs) },
    {
      name: "search with Optuna's sampler and all trees grown",
      value: ratioText(plain.searchSeconds, theirs[0]!.searchSeconds),
    },
    { name: 'best average precision of the study', value: valuesText(mine, theirs, ({ best }) => best) },
    { name: 'the best parameters on other rows', value: valuesText(mine, theirs, ({ test }) => test) },
    {
      name: 'reading, beside the search',
      value: secondsText(median(mine.map((answer) => answer.readSeconds))),
    },
  ]
}

async function play(command: readonly string[], job: StudyJob): Promise<StudyAnswer> {
  return JSON.parse(await runProgram([...command, JSON.stringify(job)]))
}

function timesText(mine: readonly StudyAnswer[], theirs: readonly StudyAnswer[]): string {
  const [our, their] = [mine, theirs].map((all) => median(all.map(({ searchSeconds }) => searchSeconds)))
  const ratios = mine.map(({ searchSeconds }, i) => searchSeconds / theirs[i]!.searchSeconds)
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
  const verdict = our! / their! <= MOST ? 'met' : 'MISSED'
  return `${ratioText(our!, their!)} (${range}; bar ≤ ${MOST} ×: ${verdict})`
}

function ratioText(our: number, their: number): string {
  return `${(our / their).toFixed(2)} ×: ${secondsText(our)} and ${secondsText(their)}`
}

/** Means of the seeds, and how often ours is no lower. */
function valuesText(
  mine: readonly StudyAnswer[],
  theirs: readonly StudyAnswer[],
  figure: (answer: StudyAnswer) => number,
): string {
  const mean = (all: readonly StudyAnswer[]) => all.reduce((sum, one) => sum + figure(one), 0) / all.length
  const noLower = mine.filter((answer, i) => figure(answer) >= figure(theirs[i]!)).length
  return `${mean(mine).toFixed(4)}, Optuna with XGBoost ${mean(theirs).toFixed(4)}; no lower in ${noLower} of ${mine.length} seeds`
}
