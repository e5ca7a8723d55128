import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { signedRankPValue } from '../../src/math/signed-rank.ts'
import { AutoSampler, createStudy, NopPruner, type Sampler, TPESampler } from '../../src/tuning/index.ts'
import { TEST_FUNCTIONS } from '../../src/tuning/samplers/test-functions.fixture.ts'
import type { Objective } from '../../src/tuning/study/optimize.ts'
import { pythonOf } from '../../test/interop/python.ts'
import { OPTUNA } from '../../test/interop/tuning/environments.ts'
import { median } from '../medians.ts'
import { progress, type Row, told } from '../rows.ts'

/** The six functions of the reference, and two of them with the minimum off the centre. */
const TITLES = {
  branin: 'Branin, 2-D',
  hartmann6: 'Hartmann, 6-D',
  rosenbrock10: 'Rosenbrock, 10-D',
  sphere10: 'Sphere, 10-D',
  ackley5: 'Ackley, 5-D',
  xgb7: 'xgb7, 7-D, log and whole numbers',
  sphere_off: 'Sphere off its centre, 10-D',
  ackley_off: 'Ackley off its centre, 5-D',
} as const satisfies Record<keyof typeof TEST_FUNCTIONS, string>

type FunctionName = keyof typeof TITLES

const TRIALS = 50
/** Below this the difference of two samplers is not chance. */
const LEVEL = 0.05
/** Two best values this close, relative to 1, are one: the same trials, summed in another order. */
const ROUNDING = 1e-9

const SAMPLERS = {
  tpe: (seed: number) => new TPESampler({ seed }),
  // all parameters of these functions are numbers, so `auto` is the Gaussian process
  auto: (seed: number) => new AutoSampler({ seed }),
} satisfies Record<string, (seed: number) => Sampler>

/**
 * How good the best of 50 trials is, on eight functions and 30 seeds, beside Optuna 5.0.0's TPE in the same minutes:
 * means, medians, and the two-sided p of Wilcoxon's signed ranks over the seeds. Some four minutes; with
 * `FDS_BENCH_QUICK=1` three seeds.
 */
export async function benchFunctions(): Promise<readonly Row[]> {
  const seeds = process.env['FDS_BENCH_QUICK'] === '1' ? 3 : 30
  const names = Object.keys(TITLES) as FunctionName[]
  progress(`Optuna's TPE and ours, ${seeds} seeds`)
  const [theirs, tpe] = await Promise.all([optunas(names, seeds), ours(names, seeds, 'tpe')])
  const auto = await ours(names, seeds, 'auto')
  const rows = names.flatMap((name) => [
    comparison(`${TITLES[name]}, tpe`, tpe[name]!, theirs[name]!),
    comparison(`${TITLES[name]}, auto`, auto[name]!, theirs[name]!),
  ])
  const six = names.slice(0, 6)
  return told([...rows, tpeBar(six, tpe, theirs), autoBar(six, auto, theirs)])
}

/** By function, the best value of each seed. */
type BestValues = Readonly<Record<string, readonly number[]>>

async function ours(
  names: readonly FunctionName[],
  seeds: number,
  sampler: keyof typeof SAMPLERS,
): Promise<BestValues> {
  const values: Record<string, number[]> = {}
  for (const name of names) {
    progress(`${sampler}: ${TITLES[name]}`)
    values[name] = []
    for (let seed = 0; seed < seeds; seed++) {
      values[name].push(await bestOf(TEST_FUNCTIONS[name], SAMPLERS[sampler](seed)))
    }
  }
  return values
}

async function bestOf(objective: Objective, sampler: Sampler): Promise<number> {
  const study = createStudy({ sampler, pruner: new NopPruner() })
  await study.optimize(objective, { nTrials: TRIALS })
  return study.bestValue
}

async function optunas(functions: readonly string[], seeds: number): Promise<BestValues> {
  const child = spawn(await pythonOf(OPTUNA), [join(import.meta.dirname, 'functions_peer.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify({ functions, seeds, trials: TRIALS }))
  let printed = ''
  for await (const text of child.stdout.setEncoding('utf8')) printed += text
  return JSON.parse(printed)
}

function comparison(name: string, our: readonly number[], their: readonly number[]): Row {
  const same = differencesOf(our, their).filter((difference) => difference === 0).length
  const equal = same > 0 ? `, equal on ${same} of ${our.length}` : ''
  const p = pValue(our, their)
  return {
    name,
    value: `${middlesText(our)}; Optuna’s TPE ${middlesText(their)}; p ${p.toPrecision(2)}${equal}`,
  }
}

function middlesText(values: readonly number[]): string {
  const mean = values.reduce((a, b) => a + b) / values.length
  return `mean ${mean.toPrecision(4)}, median ${median(values).toPrecision(4)}`
}

/** Nowhere significantly worse. */
function tpeBar(names: readonly string[], our: BestValues, their: BestValues): Row {
  const worse = names.filter((name) => verdict(our[name]!, their[name]!) === 'worse').length
  const value = `worse on ${worse} of ${names.length} (bar 0: ${worse === 0 ? 'met' : 'missed'})`
  return { name: 'tpe beside Optuna’s TPE, the six functions of the reference', value }
}

/** Significantly better on five, worse on none. */
function autoBar(names: readonly string[], our: BestValues, their: BestValues): Row {
  const verdicts = names.map((name) => verdict(our[name]!, their[name]!))
  const [better, worse] = ['better', 'worse'].map((kind) => verdicts.filter((one) => one === kind).length)
  const isMet = better! >= 5 && worse === 0
  const value = `better on ${better}, worse on ${worse} of ${names.length} (bar ≥ 5, 0: ${isMet ? 'met' : 'missed'})`
  return { name: 'auto beside Optuna’s TPE, the six functions of the reference', value }
}

function verdict(our: readonly number[], their: readonly number[]): 'better' | 'worse' | 'no difference' {
  if (pValue(our, their) >= LEVEL) return 'no difference'
  const differences = differencesOf(our, their)
  return signedRankPValue(differences, 'less') < 0.5 ? 'better' : 'worse'
}

/** Two-sided. */
function pValue(our: readonly number[], their: readonly number[]): number {
  const differences = differencesOf(our, their)
  const [less, greater] = [signedRankPValue(differences, 'less'), signedRankPValue(differences, 'greater')]
  return Math.min(1, 2 * Math.min(less, greater))
}

function differencesOf(our: readonly number[], their: readonly number[]): readonly number[] {
  return our.map((value, i) => {
    const difference = value - their[i]!
    return Math.abs(difference) <= ROUNDING * Math.max(1, Math.abs(value)) ? 0 : difference
  })
}
