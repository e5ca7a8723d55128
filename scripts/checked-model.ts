// Where the scripts of the pipeline find data and registry: what is given, else a simulated world in a temporary home.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SIMULATED_ROLES, selectRows, simulateTransactions, writeTable } from '../src/data/index.ts'
import { runFds } from './run-fds.ts'

const ROWS = 40_000
const SEED = 1
const PARAMS = ['n_estimators=80', 'max_depth=5', 'learning_rate=0.1']
const CHAMPION = 'models:/fraud_detector@champion'
const CHALLENGER = 'models:/fraud_detector@challenger'

export interface Checked {
  /** In words, for whoever reads the report. */
  readonly source: string
  readonly isSimulated: boolean
  readonly champion: string
  readonly candidate: string
  /** Labelled payments that neither model has learned from. */
  readonly judging: string
  /** The newer payments, labelled: what the champion sees now, and what a challenger may learn from. */
  readonly newer: string
  /** For `fds`, beside what this process has. */
  readonly environment: Readonly<Record<string, string>>
}

export interface Given {
  /** A labelled file; the registry is then the one that the environment names. */
  readonly data?: string | undefined
  readonly model?: string | undefined
  readonly against?: string | undefined
}

/** What was given, by flags before the variables FDS_CI_DATA, FDS_CI_MODEL and FDS_CI_AGAINST; nothing without data. */
export function givenOf({ data, model, against }: Given): Checked | undefined {
  const { env } = process
  const file = data || env['FDS_CI_DATA']
  if (!file) return undefined
  return {
    source: file,
    isSimulated: false,
    champion: against || env['FDS_CI_AGAINST'] || CHAMPION,
    candidate: model || env['FDS_CI_MODEL'] || CHALLENGER,
    judging: file,
    newer: file,
    environment: {},
  }
}

/**
 * Simulates 40,000 payments in a new home, trains a champion on the first half as this working tree trains, and with
 * `withCandidate` a candidate on the first 80 %; the last 20 % judge. The home goes away with the process.
 */
export async function simulateWorld(
  options: { readonly drift?: 'sudden'; readonly withCandidate?: boolean } = {},
): Promise<Checked> {
  const home = mkdtempSync(join(tmpdir(), 'fds-pipeline-'))
  process.on('exit', () => rmSync(home, { recursive: true, force: true }))
  const { table } = simulateTransactions({ rows: ROWS, seed: SEED, drift: options.drift ?? 'none' })
  const write = async (name: string, from: number, to: number) => {
    const file = join(home, `${name}.parquet`)
    const rows = Int32Array.from({ length: (to - from) * ROWS }, (_, index) => from * ROWS + index)
    await writeTable(file, selectRows(table, rows))
    return file
  }
  const environment = { ...ALONE, FDS_HOME: home }
  train(await write('past', 0, 0.5), 'champion', environment)
  if (options.withCandidate) train(await write('more', 0, 0.8), 'challenger', environment)
  return {
    source: `${ROWS} simulated payments, seed ${SEED}`,
    isSimulated: true,
    champion: CHAMPION,
    candidate: CHALLENGER,
    judging: await write('judging', 0.8, 1),
    newer: await write('newer', 0.5, 1),
    environment,
  }
}

/** The simulated world must not touch a real registry, whatever the environment names; empty counts as absent. */
const ALONE = Object.fromEntries(
  [
    ...['FDS_DATABASE_URL', 'FDS_DATABASE_URL_FILE', 'FDS_ARTIFACT_ROOT', 'FDS_TRACKING_URI'],
    ...['MLFLOW_TRACKING_URI', 'FDS_SLACK_WEBHOOK_URL', 'FDS_SLACK_WEBHOOK_URL_FILE'],
    ...['FDS_PAGERDUTY_ROUTING_KEY', 'FDS_PAGERDUTY_ROUTING_KEY_FILE'],
  ].map((name) => [name, '']),
)

function train(file: string, alias: string, environment: Readonly<Record<string, string>>): void {
  const { time, id, entity, amount } = SIMULATED_ROLES
  const roles = ['--time', time, '--id', id, '--entity', entity, '--amount', amount]
  const params = PARAMS.flatMap((param) => ['--param', param])
  const register = ['--register', 'fraud_detector', '--alias', alias]
  runFds(['train', '--data', file, ...roles, ...params, '--holdout', '0', ...register], environment)
}
