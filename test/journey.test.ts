// The command line's whole journey on real files: each command with --json, by its contract.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { columnOf, readTable, selectRows, simulateTransactions, writeTable } from '../src/data/index.ts'
import { loadXgboostModel } from '../src/model/index.ts'
import { temporarySettings } from './champion.ts'
import { fdsJson, ROLE_ARGS, runFds } from './fds.ts'

describe('the command line', () => {
  const { home } = temporarySettings()
  const data = join(home, 'payments.csv')
  const drifted = join(home, 'drifted.csv')
  const scores = join(home, 'scores.csv')
  const champion = 'models:/fraud_detector@champion'
  const params = ['--param', 'n_estimators=40', '--param', 'max_depth=4']
  const fds = <T>(args: readonly string[], status = 0) => fdsJson<T>(args, home, status)

  before(async () => {
    await fds(['data', 'generate', '--rows', '12000', '--seed', '5', '--out', data])
    const { table } = simulateTransactions({ rows: 12_000, seed: 5, drift: 'sudden' })
    await writeTable(
      drifted,
      selectRows(
        table,
        Int32Array.from({ length: 6000 }, (_, row) => 6000 + row),
      ),
    )
  })

  test('trains, registers, and answers with the keys of the contract', async () => {
    const args = [
      'train',
      '--data',
      data,
      ...ROLE_ARGS,
      ...params,
      '--register',
      'fraud_detector',
      '--alias',
      'champion',
    ]
    const result = await fds<Record<string, Record<string, unknown>>>(args)
    assert.deepEqual(Object.keys(result), ['run_id', 'model_uri', 'version', 'params', 'metrics', 'seconds'])
    assert.equal(result['model_uri'], 'models:/fraud_detector/1')
    assert.equal(result['params']!['max_depth'], 4)
    for (const key of ['auc_roc', 'auprc', 'recall', 'precision', 'threshold', 'cost', 'f1_score', 'fpr']) {
      assert.ok(key in result['metrics']!, key)
    }
    assert.deepEqual(Object.keys(result['seconds']!).sort(), ['features', 'read', 'total', 'train'])
    const gone = await runFds([...args, '--gap-days', '10000', '--home', home])
    assert.equal(gone.status, 2)
    assert.match(gone.stderr, /must have at least \d+ rows/)
    const again = await fds<{ version: string }>(args)
    assert.equal(again.version, '2')
  })

  test('scores every row in order, by the ids of the file', async () => {
    assert.deepEqual(await fds(['score', '--model', champion, '--data', data, '--out', scores]), {
      rows: 12_000,
      out: scores,
    })
    const [scored, table] = [await readTable(scores), await readTable(data)]
    assert.deepEqual(
      scored.columns.map((column) => column.name),
      ['transaction_id', 'fraud_probability', 'risk_level'],
    )
    const ids = [columnOf(scored, 'transaction_id'), columnOf(table, 'transaction_id')]
    assert.deepEqual(ids[0], ids[1])
  })

  test('never writes scores over the file they are made from', async () => {
    const same = await runFds(['score', '--model', champion, '--data', data, '--out', data, '--home', home])
    assert.equal(same.status, 2)
    assert.match(same.stderr, /--out must be another file than --data/)
    assert.equal((await readTable(data)).rowCount, 12_000)
  })

  test('refuses a wrong name before the training, and a run without a model', async () => {
    const args = ['train', '--data', data, ...ROLE_ARGS, ...params, '--register', 'fresh', '--alias', 'a b']
    assert.equal((await runFds([...args, '--home', home])).status, 2)
    const unknown = await runFds(['models', 'register', 'fresh', '--run', 'nope', '--home', home])
    assert.equal(unknown.status, 2)
    const list = await fds<{ name: string }[]>(['models', 'list'])
    assert.deepEqual(
      list.map(({ name }) => name),
      ['fraud_detector'],
    )
  })

  test('evaluates with intervals around the measured values', async () => {
    const metrics = await fds<{ auc_roc: number; intervals: { auc_roc: [number, number] } }>([
      'evaluate',
      '--model',
      champion,
      '--data',
      data,
    ])
    const [low, high] = metrics.intervals.auc_roc
    assert.ok(low < metrics.auc_roc && metrics.auc_roc < high)
  })

  test('names each gate, and exits with 1 when one fails', async () => {
    const gates = ['validate', '--model', champion, '--data', data, '--against', 'models:/fraud_detector/1']
    const passed = await fds<{ passed: boolean; gates: { name: string }[] }>(gates)
    assert.deepEqual(
      passed.gates.map((gate) => gate.name),
      ['min_auc', 'max_cost_increase'],
    )
    assert.equal(passed.passed, true)
    const failed = await fds<{ passed: boolean }>([...gates, '--min-auc', '0.9999'], 1)
    assert.equal(failed.passed, false)
  })

  test('finds the cheapest threshold of labelled scores', async () => {
    const file = join(home, 'labelled.csv')
    await writeFile(file, 'label,score\n0,0.1\n0,0.4\n1,0.35\n1,0.8\n')
    const result = await fds<{ threshold: number; cost: number; curve: unknown[] }>([
      'threshold',
      '--data',
      file,
    ])
    assert.equal(result.threshold, 0.35)
    assert.equal(result.cost, 1)
    assert.equal(result.curve.length, 5)
  })

  test('moves aliases, remembers the previous champion and rolls back', async () => {
    const shown = () => fds<{ aliases: Record<string, string> }>(['models', 'show', 'fraud_detector'])
    assert.deepEqual((await shown()).aliases, { champion: '2', previous_champion: '1' })
    await fds(['models', 'rollback', 'fraud_detector'])
    assert.equal((await shown()).aliases['champion'], '1')
    await fds(['models', 'alias', 'fraud_detector', 'champion', '2'])
    await fds(['models', 'alias', 'fraud_detector', 'challenger', '1'])
    await fds(['models', 'unalias', 'fraud_detector', 'challenger'])
    await fds(['models', 'tag', 'fraud_detector', '2', 'validation_status', 'passed'])
    await fds(['models', 'describe', 'fraud_detector', '2', 'trained in the journey'])
    const model = await fds<{ aliases: object; versions: { tags: object; description: string }[] }>([
      'models',
      'show',
      'fraud_detector',
    ])
    assert.deepEqual(model.aliases, { champion: '2', previous_champion: '1' })
    assert.deepEqual(model.versions[0]!.tags, { validation_status: 'passed' })
    assert.equal(model.versions[0]!.description, 'trained in the journey')
    const list = await fds<{ name: string; versions: number }[]>(['models', 'list'])
    assert.deepEqual(
      list.map(({ name, versions }) => ({ name, versions })),
      [{ name: 'fraud_detector', versions: 2 }],
    )
  })

  test("exports XGBoost's file, and an imported file scores like the model it came from", async () => {
    const numeric = join(home, 'numeric.csv')
    const { columns, rowCount } = await readTable(data)
    await writeTable(numeric, { rowCount, columns: columns.filter((column) => column.kind === 'number') })
    await fds(['train', '--data', numeric, ...params, '--register', 'numeric', '--alias', 'champion'])
    const exported = join(home, 'model.json')
    await fds(['models', 'export', 'models:/numeric@champion', '--out', exported])
    await fds(['models', 'import', 'imported', '--from', exported, '--alias', 'champion'])
    const binary = join(home, 'model.ubj')
    await fds(['models', 'export', 'models:/numeric@champion', '--out', binary])
    // the first bytes count, not the name
    const misnamed = join(home, 'binary.json')
    await fds(['models', 'export', 'models:/numeric@champion', '--out', misnamed, '--format', 'ubj'])
    assert.deepEqual(await readFile(misnamed), await readFile(binary))
    await fds(['models', 'import', 'binary', '--from', binary, '--alias', 'champion'])
    await fds(['models', 'import', "o'brien", '--from', exported])
    await fds(['models', 'import', `it's "q"`, '--from', exported])
    assert.equal((await fds<unknown[]>(['models', 'list'])).length, 6)
    const nowhere = await runFds([
      'models',
      'export',
      'models:/numeric@champion',
      '--out',
      join(home, 'no/m.json'),
      '--home',
      home,
    ])
    assert.equal(nowhere.status, 2)
    const outputs = await Promise.all(
      [
        'models:/numeric@champion',
        exported,
        'models:/imported@champion',
        binary,
        misnamed,
        'models:/binary@champion',
      ].map(async (model, index) => {
        const out = join(home, `numeric-${index}.csv`)
        await fds(['score', '--model', model, '--data', numeric, '--out', out])
        return columnOf(await readTable(out), 'fraud_probability')
      }),
    )
    for (const output of outputs) assert.deepEqual(output, outputs[0])
    assert.equal(loadXgboostModel(new Uint8Array(await readFile(exported))).trees.length, 40)
  })

  test('reports drift, and exits with 1 when there is some', async () => {
    const page = join(home, 'report.html')
    const result = await fds<{
      passed: boolean
      columns: { name: string; band: string }[]
      report_path: string
    }>(['drift', '--reference', data, '--current', drifted, '--columns', 'amount,channel', '--out', page], 1)
    assert.equal(result.passed, false)
    assert.equal(result.report_path, page)
    assert.deepEqual(
      result.columns.map((column) => column.name),
      ['amount', 'channel'],
    )
    const same = await fds<{ passed: boolean }>([
      'drift',
      '--reference',
      data,
      '--current',
      data,
      '--out',
      page,
    ])
    assert.equal(same.passed, true)
  })

  test('tunes on a file of few frauds', async () => {
    const small = join(home, 'small.csv')
    await fds(['data', 'generate', '--rows', '6000', '--seed', '6', '--out', small])
    const args = ['tune', '--data', small, ...ROLE_ARGS, '--trials', '2', '--no-register']
    const result = await fds<{ best_params: object; trials: { state: string }[] }>(args)
    assert.ok('n_estimators' in result.best_params)
    assert.deepEqual(
      result.trials.map((trial) => trial.state),
      ['COMPLETE', 'COMPLETE'],
    )
  })

  test('every command has a help page with an example', async () => {
    for (const command of [
      'train',
      'score',
      'evaluate',
      'validate',
      'threshold',
      'drift',
      'retrain',
      'tune',
      'tracking',
      'serve',
      'simulate',
      'demo',
    ]) {
      const { status, stdout } = await runFds([command, '--help'])
      assert.equal(status, 0)
      assert.match(stdout, new RegExp(`Example:\\n +fds ${command}`), command)
    }
  })
})
