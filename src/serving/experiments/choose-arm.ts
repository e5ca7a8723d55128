import { type Arm, assignmentHash, bucketRanges } from '../../monitoring/experiments/assign.ts'
import { type ModelSource, requireChampion, type ServedModel } from '../models/model-source.ts'

/** What assignment needs to know of an experiment. */
export interface AssignmentRule {
  /** Also the salt of the draw. */
  readonly id: string
  readonly modelName: string
  readonly championVersion: string
  readonly challengerVersion: string
  /** `shadow`: the champion decides for everybody. */
  readonly mode: 'ab' | 'shadow'
  /** The challenger's share of the experiment. */
  readonly trafficSplit: number
  /** The part of all entities that is in the experiment. */
  readonly coverage: number
}

export interface ArmChoice {
  /** The model that decides. */
  readonly deciding: ServedModel
  /** The model that scores the transaction after the answer has left, if one is served. */
  readonly shadow: ServedModel | undefined
  /** What is stored with the decision: the experiment that the entity is in, or null. */
  readonly experiment: string | null
}

/**
 * Makes the function that says which model decides for an entity (its transaction id where it has none). Without a
 * running experiment, outside its coverage, or where the served versions are not the ones that it compares, the
 * champion decides and no experiment is stored. The draw is `assign`'s, with the ranges worked out once for each
 * experiment: a call costs a hash, about 0.2 µs. The function throws NO_CHAMPION or MODEL_UNAVAILABLE.
 */
export function createArmChooser(input: {
  readonly models: ModelSource
  readonly current: () => AssignmentRule | undefined
}): (unit: string) => ArmChoice {
  const { models, current } = input
  let plan: AssignmentPlan | undefined
  return (unit) => {
    const champion = requireChampion(models)
    const challenger = models.served('challenger')
    const rule = current()
    if (plan?.champion !== champion || plan.challenger !== challenger || plan.rule !== rule) {
      plan = planAssignment(champion, challenger, rule)
    }
    return plan.choose(unit)
  }
}

interface AssignmentPlan {
  readonly champion: ServedModel
  readonly challenger: ServedModel | undefined
  readonly rule: AssignmentRule | undefined
  readonly choose: (unit: string) => ArmChoice
}

function planAssignment(
  champion: ServedModel,
  challenger: ServedModel | undefined,
  rule: AssignmentRule | undefined,
): AssignmentPlan {
  const outside: ArmChoice = { deciding: champion, shadow: challenger, experiment: null }
  const served = { champion, challenger, rule }
  if (!rule || !challenger || !comparesWhatIsServed(rule, { champion, challenger })) {
    return { ...served, choose: () => outside }
  }
  const ofChampion: ArmChoice = { deciding: champion, shadow: challenger, experiment: rule.id }
  const ofChallenger: ArmChoice =
    rule.mode === 'shadow' ? ofChampion : { deciding: challenger, shadow: champion, experiment: rule.id }
  const { id, trafficSplit, coverage } = rule
  const [a, b] = bucketRanges({ weights: [1 - trafficSplit, trafficSplit], coverage })
  const choose = (unit: string): ArmChoice => {
    const hash = assignmentHash(id, unit)
    if (hash >= a![0] && hash < a![1]) return ofChampion
    return hash >= b![0] && hash < b![1] ? ofChallenger : outside
  }
  return { ...served, choose }
}

/** Whether the served versions are the ones that the experiment was started with. */
export function comparesWhatIsServed(
  rule: AssignmentRule,
  served: Readonly<Record<Arm, ServedModel | undefined>>,
): boolean {
  const isServed = (model: ServedModel | undefined, version: string) =>
    model?.scorer.name === rule.modelName && model.scorer.version === version
  return (
    isServed(served.champion, rule.championVersion) && isServed(served.challenger, rule.challengerVersion)
  )
}
