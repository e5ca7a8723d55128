// The specification's acceptance tests of the model (section 2-4).
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { labelsOf, SIMULATED_ROLES, simulateTransactions } from '../src/data/index.ts'
import { createRandom } from '../src/math/random.ts'
import { evaluateModel } from '../src/pipeline/evaluate-model.ts'
import { type LoadedModel, loadModel } from '../src/pipeline/load-model.ts'
import { openTracking } from '../src/pipeline/open-tracking.ts'
import type { TrainResult } from '../src/pipeline/train-from-file.ts'
import { trainModel } from '../src/pipeline/train-model.ts'
import { PARAMS, ROWS, temporarySettings, trainChampion } from './champion.ts'

describe('the model', () => {
  const settings = temporarySettings()
  let file: string
  let result: TrainResult
  let model: LoadedModel

  before(async () => {
    ;({ file, result } = await trainChampion(settings))
    const tracking = await openTracking(settings)
    model = await loadModel('models:/fraud_detector@champion', async () => tracking.client)
    await tracking.close()
  })

  test('exists, with trees, features and policy in one folder', () => {
    const files = readdirSync(settings.artifactRoot, { recursive: true, encoding: 'utf8' })
    for (const name of ['MLmodel', 'model.json', 'features.json', 'policy.json']) {
      // where MLflow 3 keeps the files of a logged model
      const place = new RegExp(`/models/m-[0-9a-f]{32}/artifacts/${name}$`)
      assert.ok(
        files.some((path) => place.test(`/${path}`)),
        name,
      )
    }
  })

  test('gives ten probabilities for ten random rows', () => {
    const random = createRandom(42)
    const width = model.booster.featureNames.length
    const rows = Array.from({ length: 10 }, () => Float32Array.from({ length: width }, () => random.next()))
    const probabilities = model.booster.predict(rows)
    assert.equal(probabilities.length, 10)
    for (const probability of probabilities)
      assert.ok(probability >= 0 && probability <= 1, String(probability))
  })

  test('reaches AUC above 0.90 and ten times the fraud rate in average precision on held-out data', () => {
    const { auc_roc, auprc } = result.metrics
    const labels = labelsOf(simulateTransactions({ rows: ROWS, seed: 5 }).table, 'isFraud')
    const fraudRate = labels.reduce((sum, label) => sum + label, 0) / labels.length
    assert.ok(typeof auc_roc === 'number' && auc_roc > 0.9, `AUC ${auc_roc}`)
    assert.ok(
      typeof auprc === 'number' && auprc > 10 * fraudRate,
      `average precision ${auprc}, fraud rate ${fraudRate}`,
    )
  })

  test('gives the same scores after the way through the registry', async () => {
    const trained = trainModel({
      table: simulateTransactions({ rows: ROWS, seed: 5 }).table,
      roles: SIMULATED_ROLES,
      params: PARAMS,
      holdout: 0.2,
      seed: 1,
      now: Date.now,
    })
    assert.deepEqual(trained.metrics, result.metrics)
    const evaluated = await evaluateModel({ model, file, label: 'isFraud' })
    assert.equal(evaluated.rows, ROWS)
  })

  test('learns nothing from shuffled labels', () => {
    const { table } = simulateTransactions({ rows: ROWS, seed: 5 })
    const label = table.columns.find((column) => column.name === 'isFraud')!
    assert.ok(label.kind === 'number')
    const aucs = [1, 2, 3, 4, 5, 6].map((seed) => {
      const shuffled = { ...label, values: shuffle(label.values, seed) }
      const trained = trainModel({
        table: { ...table, columns: table.columns.map((column) => (column === label ? shuffled : column)) },
        roles: SIMULATED_ROLES,
        params: { ...PARAMS, n_estimators: 20 },
        holdout: 0.4,
        seed: 1,
        now: Date.now,
      })
      return trained.metrics?.auc_roc as number
    })
    // frauds cluster, so one shuffle's AUC has a standard deviation of up to 0.11 and the mean of six 0.045
    const mean = aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length
    assert.ok(Math.abs(mean - 0.5) < 0.12, `AUCs ${aucs}`)
  })
})

function shuffle(values: Float64Array, seed: number): Float64Array {
  const random = createRandom(seed)
  const shuffled = values.slice()
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random.int(i + 1)
    ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
  }
  return shuffled
}
