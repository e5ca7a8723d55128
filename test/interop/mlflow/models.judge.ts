// Models both ways: what our client logs, Python loads with equal predictions; what Python logs is loaded and served
// here. On MLflow's own server, which hands files out itself, and on ours.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { runProgram } from '../../../bench/run-program.ts'
import {
  autolog,
  createRandom,
  createScorer,
  loadModelFiles,
  logModel,
  MlflowClient,
  setExperiment,
  setTrackingClient,
  startRun,
  type TrainingData,
  trainBooster,
} from '../../../src/index.ts'
import { loadModel } from '../../../src/pipeline/load-model.ts'
import { pythonOf } from '../python.ts'
import { MLFLOW_VERSIONS, mlflowEnvironment } from './environments.ts'
import { startMlflow, startOurs } from './servers.ts'

const COLUMNS = ['amount', 'hour', 'online']
const ROWS = rowsOf(300)
const LABELS = ROWS.map(([amount, hour]) => (amount! > 55 || hour! > 20 ? 1 : 0))
const X = ROWS.map((row) => Float32Array.from(row, (cell) => cell ?? Number.NaN))
const DATA: TrainingData = { x: X, y: LABELS, featureNames: COLUMNS }

let folder = ''
let rowsFile = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fds-models-'))
  rowsFile = join(folder, 'rows.json')
  await writeFile(rowsFile, JSON.stringify({ columns: COLUMNS, rows: ROWS, labels: LABELS }))
})
after(() => rm(folder, { recursive: true, force: true }))

for (const version of MLFLOW_VERSIONS) {
  for (const side of ['MLflow', 'ours']) {
    describe(`models of MLflow ${version} on ${side === 'ours' ? 'our server' : 'its own server'}`, () => {
      let client: MlflowClient
      let program: (name: string, ...args: string[]) => Promise<unknown>
      let stop: () => Promise<void>
      before(async () => {
        const python = await pythonOf(mlflowEnvironment(version))
        const place = { folder: join(folder, `${side}-${version}`) }
        const server =
          side === 'ours' ? await startOurs(place) : await startMlflow(python, { ...place, workers: 1 })
        stop = server.stop
        client = new MlflowClient({ uri: server.address, now: Date.now })
        setTrackingClient(client)
        program = async (name, ...args) => {
          const path = join(import.meta.dirname, 'models', name)
          const printed = await runProgram([python, path, server.address, rowsFile, ...args])
          // MLflow prints where a run can be seen
          return JSON.parse(printed.trimEnd().split('\n').at(-1)!)
        }
      })
      after(() => stop())

      test('Python loads what logModel logged, by every address', async () => {
        await setExperiment('models of TypeScript')
        const booster = trainBooster({ nEstimators: 5, maxDepth: 3 }, DATA)
        const options = { inputExample: X, registeredModelName: 'typescript' }
        const { modelId, modelUri, runId } = await startRun({}, () => logModel(booster, options))
        await client.setRegisteredModelAlias({ name: 'typescript', alias: 'champion', version: '1' })
        const uris = [modelUri, `runs:/${runId}/model`, 'models:/typescript/1', 'models:/typescript@champion']
        const seen = (await program('ours.py', ...uris)) as Record<string, SeenByPython>
        for (const uri of uris) {
          const { probabilities, margins, missing, text, ...described } = seen[uri]!
          assert.deepEqual(Float32Array.from(margins), booster.predictMargin(X), uri)
          assertClose(probabilities, booster.predict(X))
          assert.deepEqual(described, {
            example: [COLUMNS, 5, 5],
            types: [
              ['amount', 'DataType.double', true],
              ['hour', 'Any', true],
              ['online', 'Any', true],
            ],
            model_id: modelId,
          })
          assert.match(missing, /Failed to enforce schema|Model is missing inputs/)
          assert.match(text, /Failed to enforce schema|Incompatible input types/)
        }
      })

      test('what Python logged is loaded and served, and autologging says the same of the same data', async () => {
        const { logged, autologged } = (await program('theirs.py')) as Logged
        for (const { name, uris, margins } of logged) {
          for (const uri of uris) {
            const { booster } = await loadModel(uri, async () => client)
            assert.deepEqual(booster.predictMargin(X), Float32Array.from(margins), uri)
          }
          const { files } = await loadModelFiles(client, `models:/${name}@champion`)
          const scorer = createScorer({ name, version: '1', files })
          const transactions = ROWS.map((row) =>
            Object.fromEntries(COLUMNS.map((column, c) => [column, row[c]!])),
          )
          const scores = scorer.scoreBatch(transactions).map((score) => score.probability)
          assertClose(
            scores,
            Float32Array.from(margins, (margin) => 1 / (1 + Math.exp(-margin))),
          )
        }
        await sameAutologging(client, autologged)
      })
    })
  }
}

interface SeenByPython {
  readonly probabilities: readonly number[]
  readonly margins: readonly number[]
  readonly missing: string
  readonly text: string
}

interface Logged {
  readonly logged: readonly {
    readonly name: string
    readonly uris: readonly string[]
    readonly margins: number[]
  }[]
  readonly autologged: string
}

/** Names, data sets and, by iteration, values; the picture is SVG here, and we log more parameters. */
async function sameAutologging(client: MlflowClient, theirs: string): Promise<void> {
  autolog()
  const ours = await startRun({}, async (run) => {
    const params = { nEstimators: 20, maxDepth: 3, evalMetric: 'logloss', earlyStoppingRounds: 3 } as const
    trainBooster(params, { ...DATA, evalSets: [{ name: 'train', x: X, y: LABELS }] })
    return run.info.runId
  })
  autolog({ disable: true })
  const [a, b] = [await client.getRun(ours), await client.getRun(theirs)]
  assert.deepEqual(Object.keys(a.data.metrics).toSorted(), Object.keys(b.data.metrics).toSorted())
  for (const key of Object.keys(b.data.params)) assert.equal(a.data.params[key], b.data.params[key], key)
  const inputs = (run: typeof a) =>
    run.inputs.map(({ dataset, tags }) => [dataset.name, dataset.digest, tags])
  assert.deepEqual(inputs(a).toSorted(), inputs(b).toSorted())
  const histories = await Promise.all(
    [ours, theirs].map((id) => client.getMetricHistory(id, 'train-logloss')),
  )
  const steps = histories.map((history) => history.map(({ step }) => step))
  assert.deepEqual(steps[0], steps[1])
  histories[0]!.forEach(({ value }, i) => {
    assert.ok(Math.abs(value - histories[1]![i]!.value) < 1e-6, `iteration ${i}`)
  })
  const files = await Promise.all([ours, theirs].map((id) => client.listArtifacts(id)))
  const names = files.map((list) => list.map(({ path }) => path.replace(/\.(svg|png)$/, '')).toSorted())
  assert.deepEqual(names[0], names[1])
}

/** XGBoost's exponential and ours may differ in the last digits of a float32. */
function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(found.length, expected.length)
  for (let row = 0; row < expected.length; row++) {
    assert.ok(
      Math.abs(found[row]! - expected[row]!) <= expected[row]! * 2 ** -21,
      `row ${row}: ${found[row]}`,
    )
  }
}

/** Amounts with fractions, whole hours, and a column that is sometimes missing. */
function rowsOf(count: number): (number | null)[][] {
  const random = createRandom(11)
  return Array.from({ length: count }, () => [
    Math.round(random.next() * 10_000) / 100,
    random.int(24),
    random.next() < 0.1 ? null : random.int(2),
  ])
}
