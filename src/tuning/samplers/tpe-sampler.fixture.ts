import { numpyArgsort } from '../../math/numpy-argsort.ts'
import { RandomState } from '../../math/random-state.ts'
import { logNormalMass, truncatedNormalQuantile } from '../../math/truncated-normal.ts'
import { lastStepOf } from '../pruners/pruner.ts'
import {
  type Distribution,
  fromInternal,
  isSingle,
  type Params,
  type ParamValue,
  sameDistribution,
  toInternal,
} from '../study/distribution.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { onStep } from './random-sampler.ts'
import type { Direction, Sampler, StudyView } from './sampler.ts'
import type { SearchSpace } from './search-space.ts'

/** The TPE sampler written down plainly: it remembers nothing, sorts everything and leaves no term out. */
export class PlainTPESampler implements Sampler {
  readonly #random: RandomState

  constructor(seed: number) {
    this.#random = new RandomState(seed)
  }

  sampleRelative({ study, trial }: { study: StudyView; trial: FrozenTrial }): Params {
    return this.#sample(study, trial, commonSpace(study.trials.filter(hasEnded)))
  }

  sampleIndependent(input: {
    study: StudyView
    trial: FrozenTrial
    name: string
    distribution: Distribution
  }): ParamValue {
    const { study, trial, name, distribution } = input
    return this.#sample(study, trial, [[name, distribution]])[name]!
  }

  #sample(study: StudyView, trial: FrozenTrial, space: SearchSpace): Params {
    const others = study.trials.filter(({ number }) => number !== trial.number)
    const [best, rest] = split(others, study.direction)
    const better = mixtureOf(space, best)
    const worse = mixtureOf(space, rest)
    const candidates = draw(better, space, this.#random)
    const ratios = candidates.map((point) => logDensity(better, point) - logDensity(worse, point))
    const winner = candidates[ratios.indexOf(Math.max(...ratios))]!
    return Object.fromEntries(space.map(([name, one], d) => [name, fromInternal(one, winner[d]!)]))
  }
}

/** Kernels by parameter: ln density at x of kernel k, and a draw from it. */
interface Mixture {
  readonly weights: Float64Array
  readonly kernels: readonly {
    readonly logDensity: (k: number, x: number) => number
    readonly draw: (k: number, u: number) => number
  }[]
}

function split(trials: readonly FrozenTrial[], direction: Direction): [FrozenTrial[], FrozenTrial[]] {
  const sign = direction === 'minimize' ? 1 : -1
  const keys = (trial: FrozenTrial): [number, number, number] => {
    if (trial.state === 'COMPLETE') return [0, sign * trial.value!, 0]
    const step = lastStepOf(trial)
    return step === undefined ? [1, 1, 0] : [1, -step, sign * trial.intermediateValues[step]!]
  }
  const ranked = trials
    .filter(hasEnded)
    .map((trial) => ({ trial, keys: keys(trial) }))
    .sort((a, b) => a.keys[0] - b.keys[0] || a.keys[1] - b.keys[1] || a.keys[2] - b.keys[2])
    .map(({ trial }) => trial)
  const count = Math.min(Math.ceil(0.1 * ranked.length), 25)
  const running = trials.filter(({ state }) => state === 'RUNNING')
  const byNumber = (a: FrozenTrial, b: FrozenTrial): number => a.number - b.number
  return [ranked.slice(0, count).sort(byNumber), [...ranked.slice(count), ...running].sort(byNumber)]
}

function mixtureOf(space: SearchSpace, trials: readonly FrozenTrial[]): Mixture {
  const known = trials
    .map(({ planned, params }): Params => ({ ...planned, ...params }))
    .filter((params) => space.every(([name]) => Object.hasOwn(params, name)))
  const count = known.length
  const older = Math.max(count - 25, 0)
  const weights = new Float64Array(count + 1).fill(1)
  for (let i = 0; i < older; i++) weights[i] = 1 / count + ((1 - 1 / count) * i) / Math.max(older - 1, 1)
  const sum = weights.reduce((a, b) => a + b)
  return {
    weights: weights.map((weight) => weight / sum),
    kernels: space.map(([name, distribution]) => {
      const values = known.map((params) => toInternal(distribution, params[name]!))
      return distribution.kind === 'categorical'
        ? choiceKernels(distribution.choices.length, values)
        : numberKernels(distribution, values)
    }),
  }
}

function choiceKernels(choices: number, observed: readonly number[]): Mixture['kernels'][number] {
  const kernels = observed.length + 1
  const probability = (k: number, choice: number): number => {
    if (k === observed.length) return 1 / choices
    return ((choice === observed[k] ? 1 : 0) + 1 / kernels) / (1 + choices / kernels)
  }
  return {
    logDensity: (k, choice) => Math.log(probability(k, choice)),
    draw: (k, u) => {
      let [choice, cumulated] = [0, probability(k, 0)]
      while (choice < choices - 1 && cumulated < u) cumulated += probability(k, ++choice)
      return choice
    },
  }
}

function numberKernels(
  distribution: Exclude<Distribution, { kind: 'categorical' }>,
  observed: readonly number[],
): Mixture['kernels'][number] {
  const { log, step } = distribution
  const half = (step ?? 0) / 2
  const onScale = (x: number): number => (log ? Math.log(x) : x)
  const [low, high] = [onScale(distribution.low - half), onScale(distribution.high + half)]
  const centres = observed.map(onScale)
  const order = numpyArgsort(Float64Array.from(centres))
  const edges = [low, ...Array.from(order, (k) => centres[k]!), high]
  const widths: number[] = []
  const last = order.length - 1
  order.forEach((k, rank) => {
    const before = rank === 0 && last > 0 ? 0 : edges[rank + 1]! - edges[rank]!
    const after = rank === last && last > 0 ? 0 : edges[rank + 2]! - edges[rank + 1]!
    const least = (high - low) / Math.min(100, order.length + 2)
    widths[k] = Math.min(Math.max(before, after, least), high - low)
  })
  centres.push(0.5 * (low + high))
  widths.push(high - low)
  const z = (x: number, k: number): number => (x - centres[k]!) / widths[k]!
  const logMass = (k: number): number => logNormalMass(z(low, k), z(high, k))
  return {
    logDensity: (k, x) => {
      if (step !== null) return logNormalMass(z(onScale(x - half), k), z(onScale(x + half), k)) - logMass(k)
      return -0.5 * z(onScale(x), k) ** 2 - 0.5 * Math.log(2 * Math.PI) - Math.log(widths[k]!) - logMass(k)
    },
    draw: (k, q) => {
      const value = truncatedNormalQuantile({ q, a: z(low, k), b: z(high, k), logMass: logMass(k) })
      const x = value * widths[k]! + centres[k]!
      return onStep(distribution, log ? Math.exp(x) : x)
    },
  }
}

function draw({ weights, kernels }: Mixture, space: SearchSpace, random: RandomState): number[][] {
  const chosen = [...random.choice(weights, 24)]
  const columns: number[][] = []
  for (const isChoice of [true, false]) {
    kernels.forEach((kernel, d) => {
      if ((space[d]![1].kind === 'categorical') === isChoice) {
        columns[d] = chosen.map((k) => kernel.draw(k, random.randomSample()))
      }
    })
  }
  return chosen.map((_, i) => columns.map((column) => column[i]!))
}

function logDensity({ weights, kernels }: Mixture, point: readonly number[]): number {
  const terms = [...weights].map((weight, k) =>
    kernels.reduce((sum, kernel, d) => sum + kernel.logDensity(k, point[d]!), Math.log(weight)),
  )
  const most = Math.max(...terms)
  return most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0))
}

function commonSpace(trials: readonly FrozenTrial[]): SearchSpace {
  const isShared = ([name, distribution]: readonly [string, Distribution]): boolean =>
    trials.every(({ distributions }) => {
      const other = distributions[name]
      return other !== undefined && sameDistribution(distribution, other)
    })
  return Object.entries(trials[0]!.distributions)
    .filter(([, distribution]) => !isSingle(distribution))
    .filter(isShared)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function hasEnded({ state }: FrozenTrial): boolean {
  return state === 'COMPLETE' || state === 'PRUNED'
}
