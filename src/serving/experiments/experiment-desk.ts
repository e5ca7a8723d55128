import { FdsError } from '../../errors.ts'
import { type ExperimentPlanInput, experimentPlan } from '../../monitoring/experiments/experiment-plan.ts'
import { CHALLENGER, CHAMPION, isTrackingError, type MlflowClient } from '../../tracking/index.ts'
import { loadModelFiles } from '../../tracking/models/load-model-files.ts'
import { createScorer } from '../models/scorer.ts'
import type { Evaluation } from './evaluate-experiment.ts'
import { type Experiment, type ExperimentAction, type ExperimentActor, HASH_VERSION } from './experiment.ts'
import type { ExperimentStore } from './experiment-store.ts'
import { type Aliases, type PromotionGate, promotionGates, versionsStand } from './promotion-gates.ts'

/** How an experiment is to run; what is absent has its default. */
export interface ExperimentRequest {
  /** `ab` by default; in `shadow` mode the champion decides for everybody and the challenger scores beside it. */
  readonly mode?: 'ab' | 'shadow' | undefined
  /** The part of all entities that takes part, to be raised later; 1 by default. */
  readonly coverage?: number | undefined
  readonly autoPromote?: boolean | undefined
  readonly autoRollback?: boolean | undefined
  readonly plan?: ExperimentPlanInput
}

/** What the experiments of one model work with. */
export interface DeskInput {
  readonly store: ExperimentStore
  readonly client: MlflowClient
  readonly modelName: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Makes the experiment's id, which is also its salt. */
  readonly createId: () => string
  /** The verdict on an experiment as of now, or of a moment ago, with its looks. */
  readonly evaluate: (experiment: Experiment) => Promise<Evaluation>
  /** Told what was done to an experiment here, once it is done. */
  readonly onChange?: (action: ExperimentAction) => Promise<void>
}

/** What is known of the experiment that runs, or else of the last one. */
export interface ExperimentStatus extends Evaluation {
  readonly experiment: Experiment
  /** False when an alias was moved meanwhile: then the champion decides and nobody is assigned. */
  readonly versionsStand: boolean
}

/** The experiments of one registered model: what its routes and `fds ab` do. */
export interface ExperimentDesk {
  /** Nothing when there never was an experiment. */
  status(): Promise<ExperimentStatus | undefined>
  /** The version with the alias `challenger`, if any. */
  challenger(): Promise<string | undefined>
  /** NO_CHALLENGER, AB_TEST_RUNNING, PARAM_INVALID. */
  start(request: ExperimentRequest, by: ExperimentActor): Promise<Experiment>
  /** Brings more entities in; none that is in it changes its arm. PARAM_INVALID for a smaller coverage. */
  ramp(coverage: number, by: ExperimentActor): Promise<Experiment>
  /** The kill switch: from now on the champion decides for everybody. The same again changes nothing. */
  stop(by: ExperimentActor): Promise<Experiment>
  /** The gates of a promotion, as they stand now. */
  gates(status: ExperimentStatus): Promise<readonly PromotionGate[]>
  readonly input: DeskInput
}

/** Opens the desk over a store and a registry; nothing is read before it is asked. */
export function createExperimentDesk(input: DeskInput): ExperimentDesk {
  const { store, modelName, evaluate, onChange = async () => {} } = input
  const latest = async () => (await store.latest(modelName)) ?? refuseNone(modelName)
  const running = async () => (await store.running(modelName)) ?? refuseNone(modelName)
  const aliases = () => readAliases(input)
  return {
    input,
    status: async () => {
      const experiment = await store.latest(modelName)
      if (!experiment) return undefined
      const evaluation = await evaluate(experiment)
      return { ...evaluation, experiment, versionsStand: versionsStand(experiment, await aliases()) }
    },
    challenger: async () => (await aliases())[CHALLENGER],
    gates: async ({ experiment, verdict }) => promotionGates(experiment, verdict, await aliases()),
    start: async (request, by) => {
      const experiment = await newExperiment(input, request)
      await store.start(experiment, by)
      await onChange('start')
      return experiment
    },
    ramp: async (coverage, by) => {
      const seen = await running()
      checkRamp(seen.coverage, coverage)
      if (coverage === seen.coverage) return seen
      const ramped = await store.change(seen, { action: 'ramp', coverage }, by)
      await onChange('ramp')
      return ramped
    },
    stop: async (by) => {
      const seen = await latest()
      if (seen.state !== 'running') return seen
      const stopped = await store.change(seen, { action: 'stop', state: 'stopped' }, by)
      await onChange('stop')
      return stopped
    },
  }
}

/** Which versions the model's aliases point to; none where there is no such model. */
export async function readAliases({
  client,
  modelName,
}: Pick<DeskInput, 'client' | 'modelName'>): Promise<Aliases> {
  try {
    return (await client.getRegisteredModel(modelName)).aliases
  } catch (error) {
    if (isTrackingError(error, 'RESOURCE_DOES_NOT_EXIST')) return {}
    throw error
  }
}

async function newExperiment(input: DeskInput, request: ExperimentRequest): Promise<Experiment> {
  const { client, modelName, now, createId } = input
  const { mode = 'ab', coverage = 1, autoPromote = false, autoRollback = false, plan: wishes } = request
  const { [CHAMPION]: champion, [CHALLENGER]: challenger } = await readAliases(input)
  if (champion === undefined || challenger === undefined || champion === challenger) {
    throw new FdsError('NO_CHALLENGER', { name: modelName })
  }
  checkCoverage(coverage)
  const shadowing = mode === 'shadow' ? ({ trafficSplit: 0, primary: 'paired_cost' } as const) : {}
  const plan = experimentPlan({
    ...wishes,
    ...shadowing,
    championPolicy: await policyOf(client, { name: modelName, version: champion }),
    challengerPolicy: await policyOf(client, { name: modelName, version: challenger }),
  })
  return {
    id: createId(),
    modelName,
    championVersion: champion,
    challengerVersion: challenger,
    mode,
    trafficSplit: plan.trafficSplit,
    coverage,
    plan,
    hashVersion: HASH_VERSION,
    autoPromote,
    autoRollback,
    state: 'running',
    revision: 0,
    startedAt: now() / 1000,
    endedAt: null,
  }
}

async function policyOf(client: MlflowClient, { name, version }: { name: string; version: string }) {
  const { files } = await loadModelFiles(client, `models:/${name}/${version}`)
  return createScorer({ name, version, files }).policy
}

function checkCoverage(coverage: number): void {
  if (coverage >= 0 && coverage <= 1) return
  throw new FdsError('PARAM_INVALID', {
    name: 'coverage',
    expected: 'a share in [0, 1]',
    got: String(coverage),
  })
}

/** Taken out of the experiment, an entity would meet the champion after the challenger. */
function checkRamp(from: number, to: number): void {
  if (to >= from && to <= 1) return
  const expected = `a share from ${from}, where it stands, to 1 (to end the experiment, stop it)`
  throw new FdsError('PARAM_INVALID', { name: 'coverage', expected, got: String(to) })
}

function refuseNone(name: string): never {
  throw new FdsError('AB_TEST_NOT_RUNNING', { name })
}
