import { noAnswer, type Random } from '../../math/index.ts'
import type { ArmEvidence, ExperimentEvidence, Moments, PairedEvidence } from '../index.ts'
import type { PairMoments } from './ratio-test.ts'

/** Frauds missed at rare moments with losses of a long tail, false alarms often and cheap: the reference's setting. */
export interface SimulatedWorld {
  readonly random: Random
  /** The challenger's share of the entities. */
  readonly trafficSplit: number
  /** Shares of decisions that are frauds each arm misses. */
  readonly missRates: readonly [champion: number, challenger: number]
  /** null: none. */
  readonly lossCap: number | null
  /** Shares of decisions that are frauds one model alone catches, where both score every decision. */
  readonly caughtAlone?: readonly [champion: number, challenger: number]
  /** Scores for the naive test and the score index too, which take a draw a decision. */
  readonly hasScores?: boolean
}

const FALSE_ALARM_RATE = 0.01
const FALSE_ALARM_COST = 5
const BLOCK_RATE = 0.005
const FAILURE_RATE = 0.0001
const BINS = 10

/** A missed fraud's loss, lognormal. */
export const LOSS = { median: 80, sigma: 1.3 } as const

/** Standard deviation of a loss under the cap over its mean, by the lognormal's partial moments on a fine grid. */
export function lossVariation(cap: number | null): number {
  let [sum, squares, weights] = [0, 0, 0]
  for (let z = -8; z <= 8; z += 0.001) {
    const weight = Math.exp((-z * z) / 2)
    const loss = capped(LOSS.median * Math.exp(LOSS.sigma * z), cap)
    weights += weight
    sum += weight * loss
    squares += weight * loss ** 2
  }
  return Math.sqrt((squares * weights) / sum ** 2 - 1)
}

/** An experiment of one decision an entity, as the sums that a verdict needs: a day costs its events, not its rows. */
export class SimulatedExperiment {
  readonly #world: SimulatedWorld
  readonly #arms = [new ArmSums(), new ArmSums()] as const
  readonly #pairs = new PairSums()
  #day = 0

  constructor(world: SimulatedWorld) {
    this.#world = world
  }

  /** Another day of so many decisions. */
  play(decisions: number): void {
    const { random, trafficSplit, missRates, lossCap, hasScores } = this.#world
    let challenger = 0
    for (let i = 0; i < decisions; i++) if (random.next() < trafficSplit) challenger++
    for (const [arm, n] of [decisions - challenger, challenger].entries()) {
      this.#arms[arm]!.play({ n, random, missRate: missRates[arm]!, lossCap, hasScores: hasScores === true })
    }
    if (this.#world.caughtAlone)
      this.#pairs.play({ n: decisions, ...this.#world, rates: this.#world.caughtAlone })
    this.#day++
  }

  evidence(): ExperimentEvidence {
    const [champion, challenger] = [this.#arms[0].evidence(), this.#arms[1].evidence()]
    const bins = this.#arms.map((arm) => arm.bins)
    return {
      now: 86_400 * this.#day,
      champion,
      challenger,
      entitiesInBoth: 0,
      invalid: 0,
      paired: this.#pairs.evidence(),
      scoreBins: this.#world.hasScores
        ? {
            reference: bins[0]!,
            current: bins[1]!,
            entities: [champion.decisions, challenger.decisions],
          }
        : null,
    }
  }
}

/** Frauds that one model alone caught: the decisions on which the costs differ. */
class PairSums {
  #n = 0
  #sum = 0
  #squares = 0
  readonly #only = [0, 0] as [number, number]

  play(day: { n: number; random: Random; lossCap: number | null; rates: readonly [number, number] }): void {
    const { n, random, lossCap, rates } = day
    this.#n += n
    for (const side of [0, 1] as const) {
      for (let events = eventsAmong(n, rates[side], random); events > 0; events--) {
        const loss = capped(LOSS.median * Math.exp(LOSS.sigma * random.normal()), lossCap)
        this.#only[side]++
        this.#sum += side === 0 ? loss : -loss
        this.#squares += loss * loss
      }
    }
  }

  evidence(): PairedEvidence {
    const difference = overEntities(this.#n, this.#sum, this.#squares)
    return {
      pairs: this.#n,
      differingEntities: this.#only[0] + this.#only[1],
      difference,
      championCost: 0,
      challengerCost: difference.meanValue,
      rawDifference: difference.meanValue,
      onlyChampion: this.#only[0],
      onlyChallenger: this.#only[1],
      delong: noAnswer('NO_ROWS'),
    }
  }
}

class ArmSums {
  readonly bins = new Float64Array(BINS)
  #n = 0
  #cost = 0
  #costSquares = 0
  #raw = 0
  #rawSquares = 0
  #costly = 0
  #missed = 0
  #blocks = 0
  #failures = 0
  #latency = 0
  #latencySquares = 0
  #scores = 0
  #scoreSquares = 0

  play(day: {
    n: number
    random: Random
    missRate: number
    lossCap: number | null
    hasScores: boolean
  }): void {
    const { n, random, missRate, lossCap, hasScores } = day
    this.#n += n
    for (let misses = eventsAmong(n, missRate, random); misses > 0; misses--) {
      const loss = LOSS.median * Math.exp(LOSS.sigma * random.normal())
      this.#missed++
      this.#pay(capped(loss, lossCap), loss)
    }
    for (let alarms = eventsAmong(n, FALSE_ALARM_RATE, random); alarms > 0; alarms--) {
      this.#pay(FALSE_ALARM_COST, FALSE_ALARM_COST)
    }
    this.#blocks += eventsAmong(n, BLOCK_RATE, random)
    this.#failures += eventsAmong(n, FAILURE_RATE, random)
    // the sum of n latencies of mean 5 and standard deviation 2
    const latency = 5 * n + 2 * Math.sqrt(n) * random.normal()
    this.#latency += latency
    this.#latencySquares += 29 * n
    if (hasScores) for (let i = 0; i < n; i++) this.#score(random.next() ** 3)
  }

  evidence(): ArmEvidence {
    const n = this.#n
    return {
      decisions: n,
      entities: n,
      labelled: n,
      unlabelled: 0,
      immature: 0,
      frauds: 4 * this.#missed,
      missed: this.#missed,
      falseAlarms: 0,
      costlyEntities: this.#costly,
      cost: overEntities(n, this.#cost, this.#costSquares),
      rawCost: momentsOfSums(n, this.#raw, this.#rawSquares),
      covariate: noAnswer('TOO_FEW_ROWS'),
      blocks: overEntities(n, this.#blocks, this.#blocks),
      failures: overEntities(n, this.#failures, this.#failures),
      latency: overEntities(n, this.#latency, this.#latencySquares),
      scores: momentsOfSums(n, this.#scores, this.#scoreSquares),
      // either may be the better one: which, the naive test does not ask of equal models
      auc: 0.8,
    }
  }

  #pay(cost: number, raw: number): void {
    this.#cost += cost
    this.#costSquares += cost * cost
    this.#raw += raw
    this.#rawSquares += raw * raw
    this.#costly++
  }

  #score(score: number): void {
    this.#scores += score
    this.#scoreSquares += score * score
    this.bins[Math.floor(BINS * score)]!++
  }
}

function capped(loss: number, cap: number | null): number {
  return cap === null ? loss : Math.min(loss, cap)
}

/** How many of n decisions have an event of this rate, by jumps from one to the next. */
function eventsAmong(n: number, rate: number, random: Random): number {
  const scale = 1 / Math.log1p(-rate)
  let [events, at] = [0, Math.floor(Math.log(1 - random.next()) * scale)]
  for (; at < n; at += 1 + Math.floor(Math.log(1 - random.next()) * scale)) events++
  return events
}

function momentsOfSums(n: number, sum: number, squares: number): Moments {
  if (n < 2) return { n, mean: n === 0 ? 0 : sum, variance: 0 }
  return { n, mean: sum / n, variance: Math.max(0, (squares - sum ** 2 / n) / (n - 1)) }
}

function overEntities(n: number, sum: number, squares: number): PairMoments {
  const { mean, variance } = momentsOfSums(n, sum, squares)
  return {
    n,
    meanValue: mean,
    meanSize: n === 0 ? 0 : 1,
    varianceValue: variance,
    varianceSize: 0,
    covariance: 0,
  }
}
