import { FdsError } from '../../errors.ts'
import { CHAMPION, promote, rollback } from '../../tracking/index.ts'
import type { Experiment, ExperimentActor } from './experiment.ts'
import { type ExperimentDesk, readAliases } from './experiment-desk.ts'
import type { PromotionGate } from './promotion-gates.ts'

/** What a promotion or a rollback came to. */
export interface ChampionMoved {
  /** The version that decides now. */
  readonly champion: string | undefined
  /** The version that decided before, where this call moved it. */
  readonly demoted: string | undefined
  /** False when everything was so before. */
  readonly moved: boolean
  readonly experiment: Experiment | undefined
  /** Gates that were passed by force, or all of them. */
  readonly gates: readonly PromotionGate[]
}

/**
 * Makes the challenger of the running experiment the champion, if it passes the gates (`promotionGates`): the
 * champion becomes `previous_champion`, the alias `challenger` goes, the experiment is closed as promoted. Each step
 * compares and sets, so that of several promoters one wins; after a crash between the two the same call ends the
 * work, and where the work is done it changes nothing. PROMOTION_REFUSED with the gates that failed, unless `force`,
 * which needs a reason and stays in the audit; CHAMPION_MOVED when another champion stands; AB_TEST_NOT_RUNNING.
 */
export async function promoteChallenger(
  desk: ExperimentDesk,
  { force, ...by }: ExperimentActor & { readonly force: boolean },
): Promise<ChampionMoved> {
  const { client, modelName, store, onChange } = desk.input
  if (force && !by.reason) throw new FdsError('REQUEST_INVALID', { reason: '"force" needs a "reason"' })
  const status = await desk.status()
  const isDone = status?.experiment.state === 'promoted'
  if (!status || (!isDone && status.experiment.state !== 'running')) {
    throw new FdsError('AB_TEST_NOT_RUNNING', { name: modelName })
  }
  const { experiment } = status
  const { [CHAMPION]: champion } = await readAliases(desk.input)
  if (isDone) return { champion, demoted: undefined, moved: false, experiment, gates: [] }
  const gates = await desk.gates(status)
  const failed = gates.filter(({ passed }) => !passed)
  const isMovedAlready = champion === experiment.challengerVersion
  if (failed.length > 0 && !force && !isMovedAlready) {
    throw new FdsError('PROMOTION_REFUSED', { name: modelName, gates: failed.map(({ message }) => message) })
  }
  const { championVersion, challengerVersion: version } = experiment
  const reason = by.reason ?? `A/B test ${experiment.id}: ${status.verdict.status}`
  if (!isMovedAlready) {
    await promote({
      client,
      name: modelName,
      version,
      expectedChampion: championVersion,
      actor: by.actor,
      reason,
    })
  }
  const details = { champion: version, demoted: championVersion, forced: failed.map(({ name }) => name) }
  const closed = await store.change(experiment, { action: 'promote', state: 'promoted', details }, by)
  await onChange?.('promote')
  return { champion: version, demoted: championVersion, moved: true, experiment: closed, gates }
}

/**
 * Undoes what the last experiment did. While it runs: it ends, and the champion decides for everybody. After that:
 * the champion before decides again. The experiment is closed as rolled back, and the same call again changes nothing;
 * where there never was one, it goes back a champion each time. NOTHING_TO_ROLL_BACK, CHAMPION_MOVED.
 */
export async function rollBackExperiment(desk: ExperimentDesk, by: ExperimentActor): Promise<ChampionMoved> {
  const { client, modelName, store, onChange } = desk.input
  const experiment = await store.latest(modelName)
  const { [CHAMPION]: champion } = await readAliases(desk.input)
  const same = { champion, demoted: undefined, gates: [] }
  if (experiment?.state === 'rolled_back') return { ...same, moved: false, experiment }
  const undo = { action: 'rollback', state: 'rolled_back' } as const
  if (experiment?.state === 'running') {
    const closed = await store.change(experiment, undo, by)
    await onChange?.('rollback')
    return { ...same, moved: true, experiment: closed }
  }
  const wasPromoted = experiment?.state === 'promoted'
  // a crash may have come between the two steps below
  const isBack = wasPromoted && champion === experiment.championVersion
  const expected = wasPromoted ? { expectedChampion: experiment.challengerVersion } : {}
  const { version, demoted } = isBack
    ? { version: champion, demoted: undefined }
    : await rollback({ client, name: modelName, ...expected, ...by })
  const details = { champion: version, demoted: demoted ?? null }
  const closed = experiment && (await store.change(experiment, { ...undo, details }, by))
  await onChange?.('rollback')
  return { champion: version, demoted, moved: true, experiment: closed, gates: [] }
}

/** Who acts where no person does. */
export const AUTOMATIC = 'fds auto'

/**
 * One automatic look at the running experiment: with `autoRollback` an alarm of a guardrail stops it, with
 * `autoPromote` a challenger that passes every gate is promoted. Tells what was done, if anything.
 */
export async function actOnVerdict(desk: ExperimentDesk): Promise<'stopped' | 'promoted' | undefined> {
  const running = await desk.input.store.running(desk.input.modelName)
  if (!running || !(running.autoPromote || running.autoRollback)) return undefined
  const status = await desk.status()
  if (status?.experiment.state !== 'running') return undefined
  const { verdict } = status
  const alarms = verdict.guardrails.filter(({ alarm }) => alarm).map(({ name }) => name)
  if (running.autoRollback && alarms.length > 0) {
    await desk.stop({ actor: AUTOMATIC, reason: `guardrails: ${alarms.join(', ')}` })
    return 'stopped'
  }
  const gates = await desk.gates(status)
  if (!running.autoPromote || gates.some(({ passed }) => !passed)) return undefined
  await promoteChallenger(desk, { actor: AUTOMATIC, reason: `verdict: ${verdict.status}`, force: false })
  return 'promoted'
}
