// From alarm to action: `fds retrain` on real files, tracked in the embedded server.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import {
  columnOf,
  readTable,
  selectRows,
  simulateTransactions,
  type Table,
  writeTable,
} from '../src/data/index.ts'
import type { RetrainResult } from '../src/pipeline/retrain.ts'
import { temporarySettings } from './champion.ts'
import { fdsJson, ROLE_ARGS, runFds } from './fds.ts'

const NAME = 'fraud_detector'

describe('fds retrain', () => {
  const { home } = temporarySettings()
  const file = (name: string) => join(home, `${name}.parquet`)
  const page = join(home, 'page.html')
  const fds = <T>(args: readonly string[], status = 0) => fdsJson<T>(args, home, status)
  const retrain = (data: string, args: readonly string[] = [], status = 0) =>
    fds<RetrainResult>(['retrain', '--data', file(data), '--out', page, '--min-auc', '0.6', ...args], status)
  const aliases = async () => {
    const models = await fds<{ name: string; aliases: Record<string, string> }[]>(['models', 'list'])
    return models.find(({ name }) => name === NAME)!.aliases
  }
  const ifDrifted = ['--if-drifted', '--reference', file('train')]

  before(async () => {
    const { table } = simulateTransactions({ rows: 24_000, seed: 5, drift: 'sudden' })
    const part = (from: number, to: number) =>
      selectRows(
        table,
        Int32Array.from({ length: to - from }, (_, i) => from + i),
      )
    await writeTable(file('train'), part(0, 6000))
    await writeTable(file('calm'), part(6000, 12_000))
    await writeTable(file('changed'), part(12_000, 24_000))
    await writeTable(file('broken'), without(part(12_000, 24_000), 'amount'))
    const champion = [
      '--register',
      NAME,
      '--alias',
      'champion',
      '--param',
      'n_estimators=30',
      '--param',
      'max_depth=3',
    ]
    await fds(['train', '--data', file('train'), ...ROLE_ARGS, ...champion])
  })

  test('without a champion there is nothing to challenge', async () => {
    const { status, stderr } = await runFds([
      'retrain',
      '--data',
      file('changed'),
      '--name',
      'other',
      '--home',
      home,
    ])
    assert.equal(status, 2)
    assert.match(stderr, /registered model "other" has no alias "champion"/)
  })

  test('without drift nothing is trained', async () => {
    const result = await retrain('train', ifDrifted)
    assert.deepEqual([result.retrained, result.challenger, result.champion], [false, null, '1'])
    assert.equal(result.reason, 'No retraining needed. Nothing that the model decides by has drifted')
    assert.equal(result.drift!.report_path, page)
    assert.deepEqual(await aliases(), { champion: '1' })
  })

  test('the profile saved with the champion stands for its training file', async () => {
    const calm = await retrain('train', ['--if-drifted'])
    assert.deepEqual([calm.retrained, calm.advice!.cause], [false, 'none'])
    const broken = await retrain('broken', ['--if-drifted'], 1)
    assert.deepEqual([broken.retrained, broken.advice!.broken], [false, ['amount']])
    const names = async (args: readonly string[]) => {
      const call = ['drift', '--current', file('changed'), '--target', 'isFraud', '--out', page, ...args]
      const { columns } = await fds<{ columns: { name: string }[] }>(call, 1)
      return columns.map(({ name }) => name).sort()
    }
    const model = ['--model', `models:/${NAME}@champion`]
    assert.deepEqual(await names(model), await names([...model, '--reference', file('train')]))
  })

  test('a champion without a profile needs a reference file', async () => {
    const trees = join(home, 'trees.json')
    await fds(['models', 'export', `models:/${NAME}@champion`, '--out', trees])
    const args = ['drift', '--model', trees, '--current', file('changed'), '--out', page]
    const { status, stderr } = await runFds([...args, '--home', home])
    assert.equal(status, 2)
    assert.match(stderr, /keeps no profile of its training data; name a reference file instead/)
  })

  test('broken data are never learned from', async () => {
    for (const args of [ifDrifted, ['--reference', file('train')]]) {
      const result = await retrain('broken', args, 1)
      assert.deepEqual([result.retrained, result.challenger], [false, null])
      assert.equal(result.reason, 'Not retrained. Repair the data first: "amount" is broken')
    }
    assert.deepEqual(await aliases(), { champion: '1' })
  })

  test('drift makes a challenger that says why, trained as the champion was; the champion stays', async () => {
    const { retrained, advice, challenger, champion } = await retrain('changed', ifDrifted)
    assert.deepEqual([retrained, advice!.cause, champion], [true, 'input_drift', '1'])
    assert.ok(advice!.weight >= 0.1 && advice!.columns.length > 0)
    const { version, alias, replaces, validation, metrics } = challenger!
    assert.deepEqual([version, alias, replaces, validation.passed], ['2', 'challenger', null, true])
    assert.deepEqual(
      validation.gates.map(({ name }) => name),
      ['min_auc', 'max_cost_increase'],
    )
    assert.ok('auc_roc' in metrics)
    assert.deepEqual(await aliases(), { challenger: '2', champion: '1' })

    const shown = await fds<{ tags: Record<string, string>; run_id: string }>(['models', 'show', NAME, '2'])
    assert.equal(shown.tags['fds.retrain.reason'], advice!.reason)
    assert.equal(shown.tags['fds.retrain.champion'], '1')
    assert.equal(shown.tags['fds.drift.report'], page)
    assert.equal(shown.tags['validation_status'], 'passed')
    assert.equal(shown.tags['fds.drift.columns']!.split(', ')[0], advice!.columns[0]!.name)
    const [first, second] = await Promise.all(['1', '2'].map((each) => paramsOf(each)))
    assert.deepEqual([second!['n_estimators'], second!['max_depth']], ['30', '3'])
    assert.deepEqual(second, first)
  })

  test('drift may show in data whose labels have not come yet', async () => {
    const { columns } = await readTable(file('changed'))
    const unlabelled = columns.filter(({ name }) => name !== 'isFraud')
    await writeTable(file('now'), { rowCount: 12_000, columns: unlabelled })
    const current = ['--if-drifted', '--current', file('now'), '--max-cost-increase', '9']
    const result = await retrain('calm', current)
    assert.deepEqual([result.retrained, result.advice!.cause], [true, 'input_drift'])
    assert.equal((await retrain('calm', ['--if-drifted'])).retrained, false)
  })

  test('a version that fails a gate is kept, and challenges nobody', async () => {
    const result = await retrain('changed', ['--min-auc', '0.999'], 1)
    const { version, alias, validation } = result.challenger!
    assert.deepEqual([version, alias, validation.passed, result.advice], ['4', null, false, null])
    assert.match(result.reason, /^Version 4 is no challenger: AUC 0\.\d+ <= 0\.999/)
    assert.deepEqual(await aliases(), { challenger: '3', champion: '1' })
    const { tags } = await fds<{ tags: Record<string, string> }>(['models', 'show', NAME, '4'])
    assert.deepEqual([tags['validation_status'], tags['fds.retrain.reason']], ['failed', 'asked for'])
  })

  test('a column that the champion does not know teaches nothing', async () => {
    const { table } = simulateTransactions({ rows: 12_000, seed: 8 })
    const answer = { ...columnOf(table, 'isFraud'), name: 'fraud_probability' }
    await writeTable(file('leaking'), { ...table, columns: [...table.columns, answer] })
    const result = await retrain('leaking', ['--max-cost-increase', '9', '--param', 'max_depth=4'])
    assert.deepEqual(result.ignored, ['fraud_probability'])
    assert.ok((result.challenger!.metrics as { auc_roc: number }).auc_roc < 0.999)
    assert.equal(result.challenger!.replaces, '3')
    assert.equal((await paramsOf(result.challenger!.version))['max_depth'], '4')
  })

  test('fds drift weighs the inputs of a model', async () => {
    const model = ['--model', `models:/${NAME}@champion`]
    const call = [
      'drift',
      '--reference',
      file('train'),
      '--current',
      file('changed'),
      '--out',
      page,
      ...model,
    ]
    const { columns } = await fds<{ columns: { name: string }[] }>(call, 1)
    const names = columns.map(({ name }) => name)
    assert.ok(names.includes('amount'))
    for (const name of ['transaction_id', 'customer_id', 'transaction_time', 'isFraud']) {
      assert.ok(!names.includes(name), name)
    }
  })

  test('data that the champion cannot read are one line, and leave no version behind', async () => {
    const versions = async () =>
      (await fds<{ versions: unknown[] }>(['models', 'show', NAME])).versions.length
    const before = await versions()
    const { status, stderr } = await runFds(['retrain', '--data', file('broken'), '--home', home])
    assert.equal(status, 2)
    assert.match(stderr, /^error: The model expects \d+ columns, got \d+; missing: amount\n$/)
    assert.equal(await versions(), before)
  })

  test('bad usage is one line', async () => {
    const call = (...args: string[]) =>
      runFds(['retrain', '--home', home, '--data', file('changed'), ...args])
    const unknown = await call('--param', 'depth=3')
    assert.equal(unknown.status, 2)
    assert.match(unknown.stderr, /No parameter "depth"/)
  })

  async function paramsOf(version: string): Promise<Record<string, string>> {
    const { run_id } = await fds<{ run_id: string }>(['models', 'show', NAME, version])
    const { params } = await fds<{ params: Record<string, string> }>(['runs', 'show', run_id])
    return params
  }
})

function without(table: Table, name: string): Table {
  return { ...table, columns: table.columns.filter((column) => column.name !== name) }
}
