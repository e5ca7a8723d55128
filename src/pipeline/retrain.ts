import { type ReadTableOptions, readTable, type Table } from '../data/index.ts'
import type { ColumnRoles } from '../features/index.ts'
import type { Profile, RetrainAdvice } from '../monitoring/index.ts'
import type { ReportFolder } from '../monitoring/report/run-drift-monitoring.ts'
import type { MlflowClient } from '../tracking/index.ts'
import { driftOfSides } from './drift-of-files.ts'
import { readOptionsOf } from './model-inputs.ts'
import { profileFile } from './profile-files.ts'
import { loadModelProfile } from './profile-of-model.ts'
import { type NewVersion, trainChallenger } from './retrain-challenger.ts'
import { type Champion, knownColumns, loadChampion, retrainRoles } from './retrain-recipe.ts'

export interface RetrainInput extends ReportFolder {
  readonly client: MlflowClient
  /** The registered model whose champion is to be challenged. */
  readonly name: string
  /** The newer window, with labels, a file or a table: its last rows in time judge, the earlier ones teach. */
  readonly data: string | Table
  /** What the champion sees now, to be compared instead of `data`: labels come late, drift shows at once. */
  readonly current?: string | Table
  /** The file that the champion learned from; with it, the data are compared first. */
  readonly reference?: string
  /**
   * Compares the data first, with the profile saved with the champion unless there is a `reference`, and stops where the
   * comparison does not ask for retraining.
   */
  readonly ifDrifted: boolean
  /** The share of the champion's importance that drifted inputs must carry; 0.1 unless given. */
  readonly minWeight?: number
  /** Where to write the page of the comparison; the usual name without. */
  readonly out?: string
  /** Roles that differ from the champion's. */
  readonly roles: ColumnRoles & { readonly label: string }
  /** Columns to read as text whatever they look like, beside the champion's. */
  readonly text: readonly string[]
  /** Parameters that differ from the champion's, by XGBoost's names. */
  readonly params: Readonly<Record<string, unknown>>
  readonly holdout: number
  readonly gapSeconds?: number
  readonly seed: number
  readonly minAuc: number
  readonly maxCostIncrease: number
  readonly actor: string
  readonly now: () => number
  readonly onRead?: (rows: number) => void
  readonly onIteration?: (done: number, total: number) => void
}

/** The answer of `fds retrain`. */
export interface RetrainResult {
  readonly retrained: boolean
  /** What was done, or why nothing was, in one sentence. */
  readonly reason: string
  /** The version that decides, which this changes in no case. */
  readonly champion: string
  readonly advice: RetrainAdvice | null
  readonly drift: {
    readonly passed: boolean
    readonly drift_share: number
    readonly report_path: string
  } | null
  /** Columns of the data that the champion does not know, and that the challenger does not learn from. */
  readonly ignored: readonly string[]
  /** The new version; null where nothing was trained. */
  readonly challenger: NewVersion | null
}

/**
 * Trains a challenger on newer data, as the champion was trained, and holds both to the gates on rows that neither
 * has seen. With `reference` or `ifDrifted` the data are compared first: broken data are then not learned from, and with
 * `ifDrifted` nothing is trained unless the advice asks for it. A version that passes its gates becomes `challenger`, with tags
 * that say why it was made; promoting it is left to others. Errors: NO_CHAMPION, PROFILE_MISSING, as `readTable`, `driftOfFiles`,
 * `trainModel`.
 */
export async function retrain(input: RetrainInput): Promise<RetrainResult> {
  const { client, name, data, reference, ifDrifted } = input
  const champion = await loadChampion(client, name)
  const options = { text: [...readOptionsOf(champion.model, input.roles.id).text, ...input.text] }
  const read = await tableOf(data, { ...options, ...(input.onRead && { onProgress: input.onRead }) })
  const roles = retrainRoles(champion, input.roles)
  const { table, ignored } = knownColumns(champion, read, roles)
  const known = reference === undefined ? undefined : await profileFile(reference, options)
  const profile =
    known ?? (ifDrifted ? await loadModelProfile(champion.model.uri, async () => client) : undefined)
  const current = input.current === undefined ? table : await tableOf(input.current, options)
  const found = profile && (await compare(input, { champion, reference: profile, current }))
  const start = {
    champion: champion.version,
    advice: found?.advice ?? null,
    drift: found?.drift ?? null,
    ignored,
  }
  const refusal = found && refusalOf(found.advice, ifDrifted)
  if (refusal !== undefined) return { retrained: false, reason: refusal, ...start, challenger: null }
  const challenger = await trainChallenger(input, { champion, table, roles, tags: tagsOf(champion, found) })
  return { retrained: true, reason: outcomeOf(challenger), ...start, challenger }
}

async function tableOf(data: string | Table, options: ReadTableOptions): Promise<Table> {
  return typeof data === 'string' ? await readTable(data, options) : data
}

function refusalOf({ retrain, cause, reason }: RetrainAdvice, ifDrifted: boolean): string | undefined {
  if (cause === 'broken_data') return `Not retrained. ${reason}`
  return ifDrifted && !retrain ? `No retraining needed. ${reason}` : undefined
}

type Found = { readonly advice: RetrainAdvice; readonly drift: NonNullable<RetrainResult['drift']> }

async function compare(
  input: RetrainInput,
  {
    champion,
    ...sides
  }: { readonly champion: Champion; readonly reference: Profile; readonly current: Table },
): Promise<Found> {
  const { minWeight, roles, out, now, reportDir } = input
  const { answer } = await driftOfSides(
    {
      model: champion.model,
      target: roles.label,
      now,
      ...(minWeight !== undefined && { minWeight }),
      ...(out !== undefined && { out }),
      ...(reportDir !== undefined && { reportDir }),
    },
    sides,
  )
  const { passed, drift_share, report_path, advice } = answer
  return { advice, drift: { passed, drift_share, report_path } }
}

/** Why a version was made, for whoever finds it in the registry. */
function tagsOf({ version }: Champion, found: Found | undefined): Record<string, string> {
  const tags = { 'fds.retrain.champion': version }
  if (!found) return { ...tags, 'fds.retrain.reason': 'asked for' }
  const { advice, drift } = found
  return {
    ...tags,
    'fds.retrain.reason': advice.reason,
    'fds.drift.share': drift.drift_share.toFixed(4),
    'fds.drift.columns': advice.columns
      .slice(0, 10)
      .map((column) => column.name)
      .join(', ')
      .slice(0, 500),
    'fds.drift.report': drift.report_path,
  }
}

function outcomeOf({ version, alias, validation }: NewVersion): string {
  if (alias !== null) return `Version ${version} is ${alias}`
  const failed = validation.gates.filter(({ passed }) => !passed).map(({ message }) => message)
  return `Version ${version} is no challenger: ${failed.join('; ')}`
}
