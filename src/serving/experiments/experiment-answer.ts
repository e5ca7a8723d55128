import type { Experiment } from './experiment.ts'
import type { ExperimentDesk } from './experiment-desk.ts'
import type { ChampionMoved } from './promote-challenger.ts'

/** The public form of an experiment. */
export function toExperimentAnswer(experiment: Experiment) {
  const { plan } = experiment
  return {
    id: experiment.id,
    model: experiment.modelName,
    state: experiment.state,
    mode: experiment.mode,
    champion_version: experiment.championVersion,
    challenger_version: experiment.challengerVersion,
    traffic_split: experiment.trafficSplit,
    coverage: experiment.coverage,
    hash_version: experiment.hashVersion,
    min_samples: plan.minSamples,
    planned_samples: plan.plannedSamples,
    alpha: plan.alpha,
    primary: plan.primary,
    horizon: plan.labelHorizonSeconds,
    loss_cap: plan.lossCap,
    guardrails: plan.guardrails,
    auto_promote: experiment.autoPromote,
    auto_rollback: experiment.autoRollback,
    started_at: toIso(experiment.startedAt),
    ended_at: experiment.endedAt === null ? null : toIso(experiment.endedAt),
  }
}

/**
 * The state of a model's experiments: the verdict's keys, and beside them the experiment, whether entities are being
 * assigned, and its history. `none` where there never was an experiment.
 */
export async function statusAnswer(desk: ExperimentDesk) {
  const status = await desk.status()
  if (!status) return noneAnswer(await desk.challenger())
  const { experiment, verdict, versionsStand } = status
  const isRunning = experiment.state === 'running'
  return {
    ...verdict,
    experiment: toExperimentAnswer(experiment),
    assigning: isRunning && versionsStand,
    ...(isRunning && !versionsStand && { note: movedNote(experiment) }),
    events: await historyAnswer(desk, experiment),
  }
}

/** A started experiment, with what speaks against its ever ending. */
export async function startAnswer(desk: ExperimentDesk, experiment: Experiment) {
  return { ...toExperimentAnswer(experiment), warnings: await warningsOf(desk, experiment) }
}

const DAY_SECONDS = 86_400
/** As long as `planExperiment` waits for decisions. */
const MOST_DAYS = 90
/** Fewer decisions than this say nothing of the traffic. */
const FEW_DECISIONS = 1000

async function warningsOf(desk: ExperimentDesk, { plan, coverage }: Experiment): Promise<string[]> {
  const { decisions, seconds } = await desk.input.store.traffic()
  if (decisions < FEW_DECISIONS || seconds === 0) return []
  const daily = (decisions / seconds) * DAY_SECONDS * coverage || 1
  const days = Math.ceil(plan.plannedSamples / daily)
  if (days <= MOST_DAYS) return []
  return [
    `it cannot succeed as planned: ${Math.round(daily)} decisions a day would take ${days} days to bring ` +
      `${plan.plannedSamples}, if every one is labelled; "fds ab plan" says what the traffic can show`,
  ]
}

/** What a promotion or rollback moved. */
export function toMoveAnswer({ champion, demoted, moved, experiment, gates }: ChampionMoved) {
  return {
    champion: champion ?? null,
    demoted: demoted ?? null,
    moved,
    experiment: experiment ? toExperimentAnswer(experiment) : null,
    gates,
  }
}

function noneAnswer(challenger: string | undefined) {
  const next = challenger === undefined ? 'there is no challenger either' : `version ${challenger} waits`
  return { status: 'none', message: `no A/B test was started; ${next}`, challenger: challenger ?? null }
}

function movedNote({ championVersion, challengerVersion }: Experiment): string {
  return (
    `an alias was moved: champion and challenger are no longer versions ${championVersion} and ` +
    `${challengerVersion}, so nobody is assigned and the champion decides`
  )
}

async function historyAnswer(desk: ExperimentDesk, { id }: Experiment) {
  const events = await desk.input.store.events(id)
  return events.map(({ time, ...event }) => ({ time: toIso(time), ...event }))
}

function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
