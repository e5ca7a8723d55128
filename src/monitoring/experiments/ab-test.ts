import { checkScores, DEFAULT_POLICY, type Policy, riskLevel } from '../../decision/index.ts'
import type { Vector } from '../../math/index.ts'
import { type Arm, assign } from './assign.ts'
import { type ExperimentPlan, experimentPlan } from './experiment-plan.ts'
import type { ExperimentLook, ExperimentVerdict, NaiveVerdict } from './experiment-verdict.ts'
import { gatherEvidence } from './gather-evidence.ts'
import { judgeExperiment } from './judge-experiment.ts'
import type { Outcome } from './outcome.ts'

/** A model as the test needs it: a fraud probability for a row. */
export type Predictor<Row> = ((row: Row) => number) | { predict(row: Row): number }

export interface ABTestOptions {
  /** The challenger's share; 0.1 unless given. */
  readonly trafficSplit?: number
  /** Predictions that each arm must have before a verdict; 1,000 unless given. */
  readonly minSamples?: number
  /**
   * Predictions of both arms at which the test ends; unless given as many as bring the smaller arm to `minSamples`.
   */
  readonly plannedSamples?: number
  /** Salts the assignment: another name, another draw. 'ab-test' unless given. */
  readonly experiment?: string
  /** Threshold and costs of a decision; `DEFAULT_POLICY` unless given. */
  readonly policy?: Policy
}

/** A prediction as an arm keeps it. */
export interface ArmResult {
  readonly entity: string
  readonly score: number
}

/** What an A/B test says: nothing yet, the sound verdict, or the specification's. */
export type AbVerdict =
  | { readonly status: 'collecting'; readonly samples: number; readonly required: number }
  | (ExperimentVerdict & { readonly method: 'sound' })
  | (NaiveVerdict & { readonly method: 'naive' })

/** What promotion needs of a model registry; `MlflowClient` has it. */
export interface AliasRegistry {
  getModelVersionByAlias(request: { name: string; alias: string }): Promise<{ readonly version: string }>
  setRegisteredModelAlias(request: { name: string; alias: string; version: string }): Promise<unknown>
  deleteRegisteredModelAlias(request: { name: string; alias: string }): Promise<unknown>
}

/**
 * An A/B test of two models in one process, as the specification has it: `predict` for each transaction,
 * `evaluate` when the labels are known, `promoteChallenger`. Assignment is by entity and sticky (`assign`).
 * PARAM_INVALID for a share outside [0, 1].
 *
 * @example
 * const test = new ABTest(() => 0.1, () => 0.2, { trafficSplit: 0 })
 * test.predict({ amount: 10 }) // [ 0.1, 'champion' ]
 * test.evaluate() // { status: 'collecting', samples: 0, required: 1000 }
 */
export class ABTest<Row> {
  readonly trafficSplit: number
  readonly minSamples: number
  readonly experiment: string
  readonly policy: Policy
  readonly championResults: ArmResult[] = []
  readonly challengerResults: ArmResult[] = []
  readonly #champion: Predictor<Row>
  readonly #challenger: Predictor<Row>
  readonly #plannedSamples: number
  readonly #looks: ExperimentLook[] = []

  constructor(champion: Predictor<Row>, challenger: Predictor<Row>, options: ABTestOptions = {}) {
    this.trafficSplit = options.trafficSplit ?? 0.1
    this.minSamples = options.minSamples ?? 1000
    this.experiment = options.experiment ?? 'ab-test'
    this.policy = options.policy ?? DEFAULT_POLICY
    this.#champion = champion
    this.#challenger = challenger
    assign({ experiment: this.experiment, entity: '', trafficSplit: this.trafficSplit })
    const smaller = Math.min(this.trafficSplit, 1 - this.trafficSplit)
    this.#plannedSamples = options.plannedSamples ?? Math.ceil(this.minSamples / Math.max(0.01, smaller))
  }

  /** Scores the row with the entity's model, and keeps the score. Without an entity every call is its own. */
  predict(row: Row, options: { readonly entity?: string } = {}): readonly [score: number, modelUsed: Arm] {
    const entity = options.entity ?? `call-${this.championResults.length + this.challengerResults.length}`
    const { experiment, trafficSplit } = this
    const { arm } = assign({ experiment, entity, trafficSplit })
    const model = arm === 'challenger' ? this.#challenger : this.#champion
    const score = typeof model === 'function' ? model(row) : model.predict(row)
    const results = arm === 'challenger' ? this.challengerResults : this.championResults
    results.push({ entity, score })
    return [score, arm]
  }

  /**
   * The verdict; see `AbVerdict`. Labels are 0 or 1, one a prediction of the arm, in the order of `predict`.
   * Method `sound` (the default): `judgeExperiment` on the cost per entity; it keeps its looks, so it holds however
   * often it is asked. Method `naive`: the specification's t-test on the scores with the better AUC as winner; it
   * answers whether the scores differ, not whether one model is better, and errs more often with each call: it is
   * here to learn from, and says so. SCORES_INVALID.
   */
  evaluate(
    input: {
      readonly yTrueChampion?: Vector
      readonly yTrueChallenger?: Vector
      readonly minSamples?: number
      readonly method?: 'sound' | 'naive'
    } = {},
  ): AbVerdict {
    const { yTrueChampion, yTrueChallenger, minSamples = this.minSamples, method = 'sound' } = input
    const samples = Math.min(this.championResults.length, this.challengerResults.length)
    if (samples < minSamples || samples === 0 || !yTrueChampion || !yTrueChallenger) {
      return { status: 'collecting', samples, required: minSamples }
    }
    const outcomes = [
      ...this.#outcomesOf('champion', yTrueChampion),
      ...this.#outcomesOf('challenger', yTrueChallenger),
    ]
    const plan = this.#planFor(minSamples)
    const evidence = gatherEvidence({ plan, outcomes, now: 0 })
    const { verdict, look } = judgeExperiment({ plan, evidence, earlierLooks: this.#looks })
    if (look) this.#looks.push(look)
    return method === 'naive' ? { method, ...verdict.naive } : { method, ...verdict }
  }

  /**
   * Makes the challenger the champion: the champion becomes `previous_champion`, the alias `challenger` goes.
   * A champion exists at every moment, and a call that was cut off may be made again: a champion that is the challenger
   * already does not become `previous_champion`. Errors come from the registry.
   */
  async promoteChallenger(registry: AliasRegistry, name: string): Promise<{ readonly version: string }> {
    const { version } = await registry.getModelVersionByAlias({ name, alias: 'challenger' })
    const champion = await registry.getModelVersionByAlias({ name, alias: 'champion' })
    if (champion.version !== version) {
      await registry.setRegisteredModelAlias({ name, alias: 'previous_champion', version: champion.version })
      await registry.setRegisteredModelAlias({ name, alias: 'champion', version })
    }
    await registry.deleteRegisteredModelAlias({ name, alias: 'challenger' })
    return { version }
  }

  /** In one process nothing is watched but the scores and their labels. */
  #planFor(minSamples: number): ExperimentPlan {
    return experimentPlan({
      trafficSplit: this.trafficSplit,
      minSamples: Math.max(1, minSamples),
      plannedSamples: Math.max(1, this.#plannedSamples),
      championPolicy: this.policy,
      guardrails: { block_rate: null, latency_ms: null, error_rate: null },
    })
  }

  #outcomesOf(arm: Arm, labels: Vector): Outcome[] {
    const results = arm === 'challenger' ? this.challengerResults : this.championResults
    const { labels: checked } = checkScores({ yTrue: labels, scores: results.map(({ score }) => score) })
    return results.map(({ entity, score }, i) => ({
      transactionId: `${arm}-${i}`,
      entity,
      arm,
      score,
      shadowScore: null,
      riskLevel: riskLevel(Math.min(1, Math.max(0, score)), this.policy),
      latencyMs: 0,
      isFraud: checked[i] === 1,
      time: 0,
    }))
  }
}
