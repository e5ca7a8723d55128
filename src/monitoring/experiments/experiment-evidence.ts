import type { DelongTest } from '../../evaluation/index.ts'
import type { NoAnswer } from '../../math/index.ts'
import type { BinnedCounts } from '../drift/psi.ts'
import type { PairMoments } from './ratio-test.ts'
import type { Moments } from './welch-test.ts'

/** What one arm's decisions come to. Entities that met both arms count in `decisions` and `entities` alone. */
export interface ArmEvidence {
  readonly decisions: number
  /** By the arm that they met first. */
  readonly entities: number
  /** Matured decisions with a label. */
  readonly labelled: number
  /** Matured ones without. */
  readonly unlabelled: number
  readonly immature: number
  readonly frauds: number
  readonly missed: number
  readonly falseAlarms: number
  /** Entities with a cost above 0. */
  readonly costlyEntities: number
  /** By entity with labelled decisions: cost under the cap, and number of those decisions. */
  readonly cost: PairMoments
  readonly rawCost: Moments
  /** The same cost and the sum of the champion's scores; no answer where one is missing. */
  readonly covariate: PairMoments | NoAnswer
  /** By entity, over all decisions: blocked ones, failures and milliseconds, each with the number of decisions. */
  readonly blocks: PairMoments
  readonly failures: PairMoments
  readonly latency: PairMoments
  /** Scores of labelled decisions. */
  readonly scores: Moments
  readonly auc: number | NoAnswer
}

/** Both models on the same labelled decisions. */
export interface PairedEvidence {
  readonly pairs: number
  /** Entities on which the two models' costs differ. */
  readonly differingEntities: number
  /** By entity: cost of the challenger less cost of the champion, and number of pairs. */
  readonly difference: PairMoments
  readonly championCost: number
  readonly challengerCost: number
  /** Per pair, without the cap. */
  readonly rawDifference: number
  /** Frauds that one model alone caught. */
  readonly onlyChampion: number
  readonly onlyChallenger: number
  /** Challenger as A, champion as B. */
  readonly delong: DelongTest | NoAnswer
}

/** Everything that a verdict needs of the decisions: sums, so that a look costs nothing more than gathering them. */
export interface ExperimentEvidence {
  /** When it was gathered, in seconds since 1970 UTC. */
  readonly now: number
  readonly champion: ArmEvidence
  readonly challenger: ArmEvidence
  readonly entitiesInBoth: number
  /** Left out: a score that is no finite number, a latency or loss below 0 or no number. */
  readonly invalid: number
  readonly paired: PairedEvidence
  /** The champion's scores as reference, the challenger's as current, and how many independent entities they stand for. */
  readonly scoreBins:
    | (BinnedCounts & { readonly entities: readonly [champion: number, challenger: number] })
    | null
}
