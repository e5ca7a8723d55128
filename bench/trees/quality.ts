import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { averagePrecisionScore, rocAucScore } from '../../src/evaluation/index.ts'
import { type Answer, isNoAnswer } from '../../src/math/index.ts'
import { progress, type Row, told } from '../rows.ts'
import { removeData, writeData } from './data-files.ts'
import { BINARY, type JobParams, type ScoreAnswer, type ScoreJob } from './jobs.ts'
import type { Programs } from './programs.ts'
import { publicSets } from './public-sets.ts'
import { type Parts, QUALITY_SETS, type QualitySet } from './quality-sets.ts'
import type { Sizes } from './sizes.ts'

interface Quality {
  readonly auc: number
  readonly averagePrecision: number
}

/** Both qualities on the same held-out rows; the peer's is absent without a peer. */
interface Pair {
  readonly variant: string
  readonly ours: Quality
  readonly peer?: Quality
  /** How far our measures of the peer's scores lie from scikit-learn's. */
  readonly fromSklearn?: number
}

const VARIANTS: Readonly<Record<string, JobParams>> = {
  '': {},
  ', sampled': { subsample: 0.8, colsample_bytree: 0.8 },
}

/**
 * Held-out quality beside XGBoost's with the same parameters on the same matrices, depth 6, learning rate 0.1: five
 * data sets, five seeds, without sampling and with 80 % of rows and columns. Both are measured by `src/evaluation`.
 * A difference is ours minus XGBoost's, its mean ± the standard error over sets and seeds.
 */
export async function benchQuality(programs: Programs, folder: string, sizes: Sizes): Promise<Row[]> {
  const own = await measureSets(programs, folder, sizes, QUALITY_SETS)
  const open = await measureSets(programs, folder, sizes, await publicSets(process.env['FDS_BENCH_DATA']))
  return [...own, ...open]
}

async function measureSets(
  programs: Programs,
  folder: string,
  sizes: Sizes,
  sets: readonly QualitySet[],
): Promise<Row[]> {
  const rows: Row[] = []
  const all: Pair[] = []
  for (const set of sets) {
    const pairs: Pair[] = []
    for (let seed = 1; seed <= sizes.quality.seeds; seed++) {
      progress(`quality on ${set.name}, seed ${seed} of ${sizes.quality.seeds}`)
      pairs.push(...(await measure(programs, folder, sizes, { set, seed })))
    }
    rows.push(...told(rowsOf(set.name, pairs, qualityText)))
    all.push(...pairs)
  }
  const hasPeer = all.length > 0 && all.every(({ peer }) => peer !== undefined)
  return hasPeer ? [...rows, ...summary(all, sets.length)] : rows
}

function rowsOf(name: string, pairs: readonly Pair[], text: (pairs: readonly Pair[]) => string): Row[] {
  return Object.keys(VARIANTS).map((variant) => ({
    name: `${name}${variant}`,
    value: text(pairs.filter((pair) => pair.variant === variant)),
  }))
}

async function measure(
  { ours, peer }: Programs,
  folder: string,
  { quality, threads }: Sizes,
  { set, seed }: { set: QualitySet; seed: number },
): Promise<Pair[]> {
  const parts = set.make({ rows: quality.rows, seed })
  const train = writeData(join(folder, 'train'), parts.train)
  const test = writeData(join(folder, 'test'), parts.test)
  const common = {
    ...BINARY,
    n_estimators: quality.rounds,
    max_depth: 6,
    learning_rate: 0.1,
    seed,
    n_jobs: threads,
  }
  const jobFor = (who: string): ScoreJob => ({
    task: 'score',
    train,
    test,
    variants: Object.values(VARIANTS).map((params, i) => ({
      params: { ...common, ...params },
      out: join(folder, `${who}-${i}.f32`),
    })),
  })
  const [mine, theirs] = [jobFor('ours'), jobFor('peer')]
  await ours(mine)
  const answer = await peer?.(theirs)
  const pairs = Object.keys(VARIANTS).map((variant, i): Pair => {
    const own = { variant, ours: qualityOf(parts, mine.variants[i]!.out) }
    return answer === undefined ? own : { ...own, ...peerQuality(parts, theirs.variants[i]!.out, answer, i) }
  })
  removeData(train)
  removeData(test)
  return pairs
}

function peerQuality(
  parts: Parts,
  out: string,
  { measures }: ScoreAnswer,
  variant: number,
): Pick<Pair, 'peer' | 'fromSklearn'> {
  const peer = qualityOf(parts, out)
  const sklearn = measures?.[variant]
  if (sklearn === undefined) return { peer }
  const fromSklearn = Math.max(
    Math.abs(peer.auc - sklearn.auc),
    Math.abs(peer.averagePrecision - sklearn.averagePrecision),
  )
  return { peer, fromSklearn }
}

function qualityOf({ test }: Parts, file: string): Quality {
  const bytes = readFileSync(file)
  const scores = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  return {
    auc: numberOf(rocAucScore(test.y, scores)),
    averagePrecision: numberOf(averagePrecisionScore(test.y, scores)),
  }
}

function numberOf(answer: Answer): number {
  return isNoAnswer(answer) ? Number.NaN : answer
}

function qualityText(pairs: readonly Pair[]): string {
  const auc = mean(pairs.map(({ ours }) => ours.auc)).toFixed(4)
  const precision = mean(pairs.map(({ ours }) => ours.averagePrecision)).toFixed(4)
  const own = `AUC ${auc}, average precision ${precision}`
  if (pairs.some(({ peer }) => peer === undefined)) return own
  return `${own}; ${differenceText(pairs)}`
}

function summary(pairs: readonly Pair[], sets: number): Row[] {
  const distances = pairs.flatMap(({ fromSklearn }) => fromSklearn ?? [])
  const value = Math.max(...distances).toExponential(1)
  return [
    ...rowsOf(`mean difference over ${sets} sets`, pairs, differenceText),
    ...(distances.length > 0 ? [{ name: "largest distance from scikit-learn's measures", value }] : []),
  ]
}

function differenceText(pairs: readonly Pair[]): string {
  const of = (measure: keyof Quality): string => {
    const differences = pairs.map(({ ours, peer }) => ours[measure] - peer![measure])
    const centre = mean(differences)
    const squares = differences.reduce((sum, difference) => sum + (difference - centre) ** 2, 0)
    const error = Math.sqrt(squares / (differences.length - 1) / differences.length)
    return `${centre < 0 ? '−' : '+'}${Math.abs(centre).toFixed(5)} ± ${error.toFixed(5)}`
  }
  return `AUC ${of('auc')}, average precision ${of('averagePrecision')} against XGBoost`
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
