import { join } from 'node:path'
import { SIMULATED_ROLES, selectRows } from '../data/index.ts'
import { isNoAnswer } from '../math/index.ts'
import { type ExperimentVerdict, runDriftMonitoring } from '../monitoring/index.ts'
import type { MlflowClient } from '../tracking/index.ts'
import { NopPruner, TPESampler } from '../tuning/index.ts'
import { type DemoData, measuredColumns, type Stretch } from './demo-data.ts'
import { registerModel } from './register-model.ts'
import { retrain } from './retrain.ts'
import type { NewVersion } from './retrain-challenger.ts'
import type { SearchSpace } from './search-space.ts'
import { decidingVersion, postJson, sendLabels, sendStretch } from './send-stretch.ts'
import { MODEL_NAME, type Service } from './start-service.ts'
import { trackTrained } from './track-trained.ts'
import { type TrainedModel, trainModel } from './train-model.ts'
import { tuneModel } from './tune-model.ts'

export const SEED = 7
export const TRIALS = 6
/** Who moves aliases here, for the audit log. */
const ACTOR = 'fds demo'
/** Smaller than the default space: the demo shows the way and must end soon. */
const SPACE: SearchSpace = {
  max_depth: { low: 3, high: 6 },
  learning_rate: { low: 0.05, high: 0.3, log: true },
}

/** What the stations of the demo share. */
export interface Stage {
  readonly data: DemoData
  readonly service: Service
  readonly client: MlflowClient
  readonly now: () => number
  readonly onStep: (step: string, line: string) => void
  readonly sleep: (milliseconds: number) => Promise<void>
}

export interface TrafficResult {
  readonly decisions: number
  readonly labels: number
}

export interface DriftResult {
  readonly passed: boolean
  readonly drift_share: number
  readonly report_path: string
}

export interface VerdictResult {
  readonly status: string
  readonly recommendation: string
  readonly p_value?: number
}

/** Tunes on the history; every trial is a nested run. */
export async function tune({ client, data, now, onStep }: Stage) {
  const { result } = await tuneModel({
    client,
    table: data.history.table,
    roles: SIMULATED_ROLES,
    trials: TRIALS,
    sampler: new TPESampler({ seed: SEED }),
    pruner: new NopPruner(),
    space: SPACE,
    holdout: 0.2,
    seed: SEED,
    now,
  })
  onStep('tune', `${TRIALS} nested runs, best average precision ${result.best_value.toFixed(3)}`)
  return { params: result.best_params, bestValue: result.best_value }
}

interface Registered {
  readonly version: string
  readonly trained: TrainedModel
}

/** Trains on a stretch, tracks the run and registers the version under an alias. */
export async function trainAndRegister(
  { client, now }: Stage,
  what: { stretch: Stretch; params: Readonly<Record<string, unknown>>; alias: string; reason: string },
): Promise<Registered> {
  const trained = trainModel({
    table: what.stretch.table,
    roles: SIMULATED_ROLES,
    params: what.params,
    holdout: 0.2,
    seed: SEED,
    now,
  })
  const { runId } = await trackTrained({ client, trained, now })
  const { alias, reason } = what
  const { version } = await registerModel({ client, runId, name: MODEL_NAME, alias, actor: ACTOR, reason })
  return { version, trained }
}

/** Sends the payments over HTTP, then the labels that have come by then. */
export async function serveTraffic(stage: Stage, version: string): Promise<TrafficResult> {
  const { data, service, onStep } = stage
  await untilDeciding(stage, version)
  const quiet = await sendStretch(service.address, data.quiet)
  const changed = await sendStretch(service.address, data.changed)
  const blocked = [...quiet, ...changed].filter((answer) => answer.risk_level === 'block').length
  const decisions = quiet.length + changed.length
  onStep('serve', `${decisions} decisions over HTTP, ${blocked} blocked`)
  // chargebacks come 5 to 60 days late: at the end of the stretch only the earlier ones are known
  const end = lastTime(data.experiment)
  const labels =
    (await sendLabels(service.address, data.quiet, end)) +
    (await sendLabels(service.address, data.changed, end))
  onStep('labels', `${labels} labels have arrived, ${decisions - labels} are still on their way`)
  return { decisions, labels }
}

/** Compares the changed stretch with the history and writes the page. */
export async function checkDrift({ data, onStep, now }: Stage, reportDir: string): Promise<DriftResult> {
  const reference = measuredColumns(data.history.table)
  const { passed, driftShare, reportPath } = await runDriftMonitoring(
    reference,
    measuredColumns(data.changed.table),
    {
      reportDir,
      now,
      driftThreshold: 0.1,
    },
  )
  const advice = passed ? 'maintain' : 'retrain'
  onStep(
    'drift',
    `${(100 * driftShare).toFixed(0)} % of the columns drifted: ${advice}; page in ${reportPath}`,
  )
  return { passed, drift_share: driftShare, report_path: reportPath }
}

/** Trains a challenger on every payment whose label is known, if the champion's own profile asks for it. */
export async function makeChallenger(stage: Stage, reportDir: string): Promise<NewVersion> {
  const { data, client, now, onStep } = stage
  const known = labelledBy(data.past, lastTime(data.experiment))
  const { advice, reason, challenger } = await retrain({
    client,
    name: MODEL_NAME,
    data: known.table,
    current: data.changed.table,
    ifDrifted: true,
    out: join(reportDir, 'retrain.html'),
    roles: SIMULATED_ROLES,
    text: [],
    params: {},
    holdout: 0.2,
    seed: SEED,
    minAuc: 0.7,
    maxCostIncrease: 0,
    actor: ACTOR,
    now,
  })
  if (challenger?.alias == null) throw new Error(`the demo has no challenger: ${reason}`)
  onStep('retrain', `${reason}, from ${known.table.rowCount} labelled payments: ${advice?.reason}`)
  return challenger
}

/** Splits the last payments between the two models by customer, in the service, and asks for its verdict. */
export async function compare(stage: Stage): Promise<VerdictResult> {
  const { data, service, onStep } = stage
  const { address } = service
  const rows = data.experiment.labels.length
  const plan = { traffic_split: 0.5, min_samples: 1000, planned_samples: rows }
  await postJson(address, '/ab-test/start', { ...plan, reason: 'the challenger has seen the change' })
  await until(stage, 'assign entities', async () => (await probe(stage)).experiment !== null)
  const answers = await sendStretch(address, data.experiment)
  const challenged = answers.filter((answer) => answer.model_version === 'challenger').length
  await sendLabels(address, data.experiment, Number.POSITIVE_INFINITY)
  const last = answers.at(-1)!.transaction_id
  await until(stage, 'score by both models', async () => (await decision(stage, last)).shadow !== null)
  const verdict = (await getJson(stage, '/ab-test/status')) as ExperimentVerdict
  const { status, p_value: p, recommendation, paired_cost: paired } = verdict
  const both = isNoAnswer(paired)
    ? ''
    : `; both models on all of them: cost ${short(paired.champion * paired.pairs)} against ${short(paired.challenger * paired.pairs)}`
  onStep(
    'A/B',
    `${status}${p === null ? '' : ` (p = ${p.toFixed(3)})`} over ${rows} payments, ${challenged} of them decided by the challenger${both}`,
  )
  return { status, recommendation, ...(p !== null && { p_value: p }) }
}

/** Makes the challenger champion, by force where the gates refuse it, and waits until it decides. */
export async function promoteChallenger(
  stage: Stage,
  { verdict, challenger: version }: { verdict: VerdictResult; challenger: string },
): Promise<string> {
  const force = verdict.recommendation !== 'promote'
  const reason = force ? `the demo shows every move; the verdict was ${verdict.status}` : verdict.status
  await postJson(stage.service.address, '/ab-test/promote', { force, reason })
  const moved = stage.now()
  await untilDeciding(stage, version)
  const how = force ? ' by force: the gates refuse a challenger that has not won' : ''
  stage.onStep('promote', `version ${version} decides${how}, ${stage.now() - moved} ms after the call`)
  return version
}

/** Makes the previous champion champion again and waits until it decides. */
export async function rollBack(stage: Stage, expected: string): Promise<string> {
  await postJson(stage.service.address, '/ab-test/rollback', { reason: 'every way must lead back' })
  await untilDeciding(stage, expected)
  stage.onStep('roll back', `version ${expected} decides again`)
  return expected
}

interface StoredAnswer {
  readonly experiment: string | null
  readonly shadow: object | null
}

/** A new transaction, as the service stored its decision. */
async function probe(stage: Stage): Promise<StoredAnswer> {
  const id = `probe-${stage.now()}`
  await decidingVersion(stage.service.address, id)
  return decision(stage, id)
}

async function decision(stage: Stage, id: string): Promise<StoredAnswer> {
  return (await getJson(stage, `/decisions/${encodeURIComponent(id)}`)) as StoredAnswer
}

async function getJson({ service }: Stage, path: string): Promise<unknown> {
  return (await fetch(new URL(path, service.address))).json()
}

function short(cost: number): string {
  return String(Math.round(cost))
}

/** Waits until a new transaction is decided by that version; the service swaps within two seconds. */
function untilDeciding(stage: Stage, version: string): Promise<void> {
  return until(stage, `take up version ${version}`, async () => {
    const decided = await decidingVersion(stage.service.address, `probe-${stage.now()}`).catch(
      () => undefined,
    )
    return decided === version
  })
}

async function until({ sleep, now }: Stage, what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = now() + 10_000
  while (now() < deadline) {
    if (await holds()) return
    await sleep(100)
  }
  throw new Error(`the service did not ${what} within 10 s`)
}

/** The payments whose labels are known at that time. */
function labelledBy(stretch: Stretch, seconds: number): Stretch {
  const rows = Int32Array.from(
    [...stretch.labelTimes.keys()].filter((row) => stretch.labelTimes[row]! <= seconds),
  )
  return {
    table: selectRows(stretch.table, rows),
    labels: Uint8Array.from(rows, (row) => stretch.labels[row]!),
    labelTimes: Float64Array.from(rows, (row) => stretch.labelTimes[row]!),
  }
}

function lastTime({ table }: Stretch): number {
  const column = table.columns.find(({ name }) => name === SIMULATED_ROLES.time)
  return column && column.kind !== 'text' ? column.values.at(-1)! : Number.NaN
}

/** The held-out quality in words. */
export function quality({ metrics }: TrainedModel): string {
  const { auc_roc: auc, auprc } = metrics ?? {}
  return typeof auc === 'number' && typeof auprc === 'number'
    ? `held-out AUC ${auc.toFixed(3)}, average precision ${auprc.toFixed(3)}`
    : 'too few frauds to measure'
}
