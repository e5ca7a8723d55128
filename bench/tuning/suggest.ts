import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createRandom } from '../../src/math/index.ts'
import {
  createStudy,
  floatDistribution,
  GPSampler,
  intDistribution,
  NopPruner,
  type Sampler,
  TPESampler,
  type Trial,
} from '../../src/tuning/index.ts'
import { pythonOf } from '../../test/interop/python.ts'
import { OPTUNA } from '../../test/interop/tuning/environments.ts'
import { median } from '../medians.ts'
import { progress, type Row, told } from '../rows.ts'
import { barText, millisecondsText } from '../tracking/rounds.ts'

/**
 * How long TPE takes for one suggestion of all parameters (`ask` and the suggestions), beside Optuna's in the same run:
 * at 50 trials of seven parameters, and how it grows with trials and parameters. Both studies hold the same trials;
 * figures are medians after the first, which reads them. Then the Gaussian process, ours alone, up to the 250 trials
 * where `auto` leaves it. With `FDS_BENCH_QUICK=1` up to 1,000 trials.
 */
export async function benchSuggest(): Promise<readonly Row[]> {
  const most = process.env['FDS_BENCH_QUICK'] === '1' ? 1000 : 10_000
  const jobs = SIZES.filter(({ trials }) => trials <= most).map((size) => ({ ...size, job: jobOf(size) }))
  progress('Optuna suggests')
  const theirs = await optunas(jobs.map(({ job }) => job))
  // code that has not run yet is slower: Optuna's is compiled beforehand
  ours(jobs[0]!.job, new TPESampler())
  const rows = jobs.map(({ space, trials, bar, job }, i) => {
    const [our, their] = [middle(ours(job, new TPESampler({ seed: 1 }))), middle(theirs[i]!)]
    const ratio = `${millisecondsText(our)}, Optuna ${millisecondsText(their)}: ${(their / our).toFixed(1)} ×`
    const kinds = space === MIXED ? 'mixed' : 'real'
    const name = `a suggestion at ${trials.toLocaleString('en')} trials, ${space.length} ${kinds} parameters`
    const most = bar === undefined ? {} : { most: bar }
    return told([{ name, value: ratio + barText(most, { our, their, text: millisecondsText }) }])[0]!
  })
  gpRow(GP_SIZES[0]!)
  return [...rows, ...GP_SIZES.map((size) => told([gpRow(size)])[0]!)]
}

function gpRow({ space, trials, bar }: Size): Row {
  const job = { ...jobOf({ space, trials }), told: Array.from({ length: 20 }, (_, i) => 0.1 + i / 100) }
  const our = middle(ours(job, new GPSampler({ seed: 1 })))
  const name = `a suggestion of the Gaussian process at ${trials} trials, ${space.length} parameters`
  const most = bar === undefined ? {} : { most: bar }
  return { name, value: millisecondsText(our) + barText(most, { our, text: millisecondsText }) }
}

interface Parameter {
  readonly name: string
  readonly kind: 'float' | 'int'
  readonly low: number
  readonly high: number
  readonly log: boolean
}

/** What both sides are asked: a study's trials, and what is told of each suggestion. */
interface Job {
  readonly space: readonly Parameter[]
  readonly params: readonly (readonly number[])[]
  readonly values: readonly number[]
  readonly told: readonly number[]
}

const MIXED: readonly Parameter[] = [
  { name: 'learning_rate', kind: 'float', low: 0.005, high: 0.3, log: true },
  { name: 'n_estimators', kind: 'int', low: 50, high: 2000, log: true },
  { name: 'max_depth', kind: 'int', low: 3, high: 12, log: false },
  { name: 'subsample', kind: 'float', low: 0.5, high: 1, log: false },
  { name: 'colsample_bytree', kind: 'float', low: 0.3, high: 1, log: false },
  { name: 'reg_lambda', kind: 'float', low: 1e-3, high: 100, log: true },
  { name: 'min_child_weight', kind: 'float', low: 0.1, high: 100, log: true },
]

/** The bar is milliseconds. */
interface Size {
  readonly space: readonly Parameter[]
  readonly trials: number
  readonly bar?: number
}

const SIZES: readonly Size[] = [
  { space: MIXED, trials: 10 },
  { space: MIXED, trials: 50, bar: 1 },
  { space: MIXED, trials: 100 },
  { space: MIXED, trials: 1000 },
  { space: MIXED, trials: 10_000, bar: 20 },
  ...[2, 7, 20, 40].map((count) => ({ space: reals(count), trials: 1000 })),
  { space: reals(40), trials: 10_000 },
]

const GP_SIZES: readonly Size[] = [
  { space: MIXED, trials: 20 },
  { space: MIXED, trials: 50, bar: 30 },
  { space: MIXED, trials: 100 },
  { space: MIXED, trials: 200 },
  ...[2, 20, 40].map((count) => ({ space: reals(count), trials: 50 })),
]

function reals(count: number): readonly Parameter[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `x${i}`,
    kind: 'float',
    low: -5,
    high: 5,
    log: false,
  }))
}

/** Half of the trials anywhere, half near the best point, as a study's are. */
function jobOf({ space, trials }: { space: readonly Parameter[]; trials: number }): Job {
  const random = createRandom(1)
  const params: number[][] = []
  const values: number[] = []
  for (let i = 0; i < trials; i++) {
    const spread = i % 2 === 0 ? 1 : 0.2
    const shares = space.map(() => 0.5 + (random.next() - 0.5) * spread)
    params.push(space.map((parameter, d) => at(parameter, shares[d]!)))
    values.push(shares.reduce((sum, share) => sum + (share - 0.5) ** 2, 0))
  }
  return { space, params, values, told: Array.from({ length: trials > 1000 ? 16 : 60 }, () => random.next()) }
}

function at({ kind, low, high, log }: Parameter, share: number): number {
  const value = log ? low * (high / low) ** share : low + (high - low) * share
  return kind === 'int' ? Math.round(value) : value
}

function ours({ space, params, values, told }: Job, sampler: Sampler): number[] {
  const study = createStudy({ sampler, pruner: new NopPruner() })
  const distributions = Object.fromEntries(
    space.map((one) => [one.name, one.kind === 'int' ? intDistribution(one) : floatDistribution(one)]),
  )
  params.forEach((row, i) => {
    const named = Object.fromEntries(space.map(({ name }, d) => [name, row[d]!]))
    study.addTrial({ params: named, distributions, value: values[i]! })
  })
  return told.map((value) => {
    const start = performance.now()
    const trial = study.ask()
    for (const one of space) suggest(trial, one)
    const spent = performance.now() - start
    study.tell(trial, value)
    return spent
  })
}

function suggest(trial: Trial, { name, kind, low, high, log }: Parameter): void {
  if (kind === 'int') trial.suggestInt(name, low, high, { log })
  else trial.suggestFloat(name, low, high, { log })
}

async function optunas(jobs: readonly Job[]): Promise<readonly number[][]> {
  const options = { input: JSON.stringify(jobs), encoding: 'utf8', maxBuffer: 2 ** 28 } as const
  const program = join(import.meta.dirname, 'suggest_peer.py')
  const { status, stdout, stderr } = spawnSync(await pythonOf(OPTUNA), [program], options)
  if (status !== 0) throw new Error(`Optuna ended with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

/** The first suggestion reads the whole study. */
function middle(milliseconds: readonly number[]): number {
  return median(milliseconds.slice(1))
}
