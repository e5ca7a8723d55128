import { demoData } from './demo-data.ts'
import {
  checkDrift,
  compare,
  type DriftResult,
  makeChallenger,
  promoteChallenger,
  quality,
  rollBack,
  SEED,
  type Stage,
  serveTraffic,
  TRIALS,
  type TrafficResult,
  trainAndRegister,
  tune,
  type VerdictResult,
} from './demo-stations.ts'
import { MODEL_NAME, type ServiceSettings, startService } from './start-service.ts'

export interface DemoInput {
  readonly settings: Omit<ServiceSettings, 'host' | 'port' | 'modelName' | 'prepare'>
  /** Where the drift page goes. */
  readonly reportDir: string
  readonly sleep: (milliseconds: number) => Promise<void>
  /** One line for each thing that happened. */
  readonly onStep: (step: string, line: string) => void
}

/** What the demo did, station by station. */
export interface DemoReport {
  readonly study: { readonly trials: number; readonly best_auprc: number }
  readonly champion: { readonly version: string; readonly auc_roc: unknown; readonly auprc: unknown }
  readonly traffic: TrafficResult
  readonly drift: DriftResult
  readonly challenger: { readonly version: string; readonly auprc: unknown }
  readonly ab_test: VerdictResult
  readonly promoted: string
  readonly rolled_back: string
}

/**
 * Plays the whole loop unattended on one simulated period that changes in its middle: data → tune → register →
 * serve → traffic with labels arriving late → drift → retrain → A/B → promote → roll back. Traffic goes over HTTP
 * to a service of its own on a free port.
 */
export async function playDemo(input: DemoInput): Promise<DemoReport> {
  const { settings, onStep, sleep } = input
  const data = demoData(SEED)
  const service = await startService({
    ...settings,
    host: '127.0.0.1',
    port: 0,
    modelName: MODEL_NAME,
  })
  const stage: Stage = { data, service, client: service.tracking.client, now: settings.now, onStep, sleep }
  try {
    onStep('data', `${data.history.table.rowCount} simulated payments to learn from; a sudden change follows`)
    const study = await tune(stage)
    const champion = await trainAndRegister(stage, {
      stretch: data.history,
      params: study.params,
      alias: 'champion',
      reason: 'the first model',
    })
    onStep('register', `version ${champion.version} is champion, ${quality(champion.trained)}`)
    const traffic = await serveTraffic(stage, champion.version)
    const drift = await checkDrift(stage, input.reportDir)
    const challenger = await makeChallenger(stage, input.reportDir)
    const verdict = await compare(stage)
    const promoted = await promoteChallenger(stage, { verdict, challenger: challenger.version })
    const rolledBack = await rollBack(stage, champion.version)
    return {
      study: { trials: TRIALS, best_auprc: study.bestValue },
      champion: {
        version: champion.version,
        auc_roc: champion.trained.metrics?.auc_roc,
        auprc: champion.trained.metrics?.auprc,
      },
      traffic,
      drift,
      challenger: { version: challenger.version, auprc: challenger.metrics.auprc },
      ab_test: verdict,
      promoted,
      rolled_back: rolledBack,
    }
  } finally {
    await service.close()
  }
}
