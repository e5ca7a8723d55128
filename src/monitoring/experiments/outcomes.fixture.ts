import { DEFAULT_POLICY, riskLevel } from '../../decision/index.ts'
import { createRandom } from '../../math/index.ts'
import { assign, type Outcome } from '../index.ts'

/** A world of cards and payments; each model sees a share of the frauds and raises false alarms. */
export interface World {
  readonly rows: number
  readonly seed: number
  readonly cards?: number
  readonly trafficSplit?: number
  readonly fraudRate?: number
  readonly champion?: Model
  readonly challenger?: Model
}

export interface Model {
  /** Share of frauds with a score over the threshold. */
  readonly sees: number
  /** Share of good payments with one. */
  readonly alarms: number
}

export const START = 1_700_000_000
const USUAL: Model = { sees: 0.7, alarms: 0.01 }

/** Outcomes of a world, one a second, every one labelled and scored by both models. */
export function outcomesOf(world: World): Outcome[] {
  const { rows, seed, cards = rows / 4, trafficSplit = 0.5, fraudRate = 0.03 } = world
  const random = createRandom(seed)
  const scoreOf = ({ sees, alarms }: Model, isFraud: boolean): number =>
    (random.next() < (isFraud ? sees : alarms) ? 0.3 : 0.01) + 0.1 * random.next()
  return Array.from({ length: rows }, (_, i) => {
    const entity = `card-${random.int(cards)}`
    const isFraud = random.next() < fraudRate
    const scores = [
      scoreOf(world.champion ?? USUAL, isFraud),
      scoreOf(world.challenger ?? USUAL, isFraud),
    ] as const
    const { arm } = assign({ experiment: `world-${seed}`, entity, trafficSplit })
    const [score, shadowScore] = arm === 'champion' ? scores : [scores[1], scores[0]]
    return {
      transactionId: `t${i}`,
      entity,
      arm,
      score,
      shadowScore,
      riskLevel: riskLevel(score, DEFAULT_POLICY),
      latencyMs: 2 + random.next(),
      isFraud,
      time: START + i,
    }
  })
}
