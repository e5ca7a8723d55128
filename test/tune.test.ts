// `fds tune` on a real file: each way to search, what it leaves in the tracking server, and what it refuses.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { before, describe, test } from 'node:test'
import { SIMULATED_ROLES, simulateTransactions, writeTable } from '../src/data/index.ts'
import { openTracking } from '../src/pipeline/open-tracking.ts'
import { temporarySettings } from './champion.ts'
import { fdsJson, MAIN, runFds } from './fds.ts'

interface TuneJson {
  readonly study: string
  readonly metric: string
  readonly best_params: Readonly<Record<string, number>>
  readonly best_value: number
  readonly trials: readonly {
    readonly number: number
    readonly params: Readonly<Record<string, number>>
    readonly value: number | null
    readonly state: string
  }[]
  readonly run_id: string
  readonly model_uri: string
  readonly version?: string
  readonly params: Readonly<Record<string, number>>
  readonly metrics: Readonly<Record<string, number>>
}

describe('fds tune', () => {
  const settings = temporarySettings()
  const { home } = settings
  const data = join(home, 'payments.csv')
  const { time, id, entity, amount } = SIMULATED_ROLES
  const on = ['tune', '--data', data, '--time', time, '--id', id, '--entity', entity, '--amount', amount]
  const short = [...on, '--param', 'n_estimators=60', '--early-stopping', '10']
  const tune = (...args: readonly string[]) => fdsJson<TuneJson>([...short, ...args], home)
  const client = async () => {
    const tracking = await openTracking(settings)
    return Object.assign(tracking.client, { [Symbol.asyncDispose]: () => tracking.close() })
  }

  before(async () => {
    await writeTable(data, simulateTransactions({ rows: 8000, seed: 5 }).table)
  })

  test('tunes, trains the best parameters, and registers the model with its study', async () => {
    const plots = join(home, 'plots')
    const result = await tune('--trials', '4', '--jobs', '2', '--plots', plots)
    assert.deepEqual(Object.keys(result).slice(0, 3), ['study', 'metric', 'best_params'])
    assert.equal(result.trials.length, 4)
    assert.equal(result.best_value, Math.max(...result.trials.map(({ value }) => value!)))
    assert.equal(result.model_uri, 'models:/fraud_detector/1')
    await using tracking = await client()
    const study = await tracking.getRun(result.study)
    assert.equal(study.info.status, 'FINISHED')
    assert.equal(study.data.metrics['best_auprc'], result.best_value)
    assert.equal(study.data.params['best_n_estimators'], String(result.best_params['n_estimators']))
    const { tags } = study.data
    assert.deepEqual(
      [tags['fds.model'], tags['fds.model_version'], tags['fds.model_run']],
      ['fraud_detector', '1', result.run_id],
    )
    const version = await tracking.getModelVersion({ name: 'fraud_detector', version: '1' })
    assert.equal(version.tags['fds.study'], result.study)
    assert.deepEqual(version.aliases, [])
    const nested = await tracking.searchRuns({
      experimentIds: [study.info.experimentId],
      filter: `tags.mlflow.parentRunId = '${result.study}'`,
    })
    assert.equal(nested.items.length, 4)
    const pictures = (await tracking.listArtifacts(result.study, 'plots')).map(({ path }) => basename(path))
    assert.deepEqual(pictures.sort(), (await readdir(plots)).sort())
    assert.ok(pictures.includes('optimization-history.svg'), String(pictures))
  })

  test('fds train with the parameters that it prints gives the same model', async () => {
    const { params, metrics } = await tune('--trials', '3', '--no-register', '--jobs', '1')
    const given = Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`])
    const trained = await fdsJson<{ metrics: object }>(['train', ...on.slice(1), ...given], home)
    assert.deepEqual(trained.metrics, metrics)
  })

  test('searches the ranges it is given, n_estimators too', async () => {
    const search = ['n_estimators=20:60', 'max_depth=2:4', 'learning_rate=0.05:0.3:log']
    const { trials, best_params } = await fdsJson<TuneJson>(
      [...on, '--trials', '3', '--no-register', ...search.flatMap((range) => ['--search', range])],
      home,
    )
    for (const { params } of trials) {
      assert.deepEqual(Object.keys(params).sort(), ['learning_rate', 'max_depth', 'n_estimators'])
      assert.ok(params['n_estimators']! >= 20 && params['n_estimators']! <= 60)
    }
    assert.ok(best_params['n_estimators']! <= 60)
  })

  test('folds, a pruner and the cost as the objective', async () => {
    const args = [
      '--folds',
      '3',
      '--pruner',
      'wilcoxon',
      '--metric',
      'cost',
      '--trials',
      '3',
      '--no-register',
    ]
    const { metric, trials, best_value } = await tune(...args)
    assert.equal(metric, 'cost')
    const values = trials.filter(({ state }) => state === 'COMPLETE').map(({ value }) => value!)
    assert.equal(best_value, Math.min(...values))
  })

  test('a study of a name goes on in the next call', async () => {
    const first = await tune('--study', 'mine', '--trials', '2', '--no-register')
    const later = await tune('--study', 'mine', '--trials', '4', '--no-register')
    assert.equal(later.study, first.study)
    assert.deepEqual(later.trials.slice(0, 2), first.trials)
    assert.equal(later.trials.length, 4)
  })

  test('Ctrl-C ends it in good order: one line, no model, the study’s run is KILLED', async () => {
    const args = [...on, '--trials', '5000', '--study', 'stopped', '--home', home, '--json']
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
    await using tracking = await client()
    const experiment = (await tracking.getExperimentByName('fds'))!
    const isRunning = async () => {
      const filter = "attributes.run_name = 'stopped' and attributes.status = 'RUNNING'"
      const found = await tracking.searchRuns({ experimentIds: [experiment.experimentId], filter })
      return found.items[0]?.info.runId
    }
    let study: string | undefined
    while (study === undefined) study = await isRunning()
    child.kill('SIGINT')
    const [status] = await once(child, 'exit')
    assert.equal(status, 130, await stderr)
    assert.equal(await stdout, '')
    assert.match(await stderr, /^Stopped after \d+ of 5000 trials, [^\n]+ no model was trained\n$/)
    assert.equal((await tracking.getRun(study)).info.status, 'KILLED')
  })

  const refused = {
    '--search depth=1:3': /No parameter "depth"/,
    '--search max_depth=9:3': /"max_depth": `low <= high` must hold/,
    '--search gamma=0:3:log': /"gamma": `low > 0` must hold/,
    '--search max_depth=3': /--search must be name=low:high or name=low:high:log, got max_depth=3/,
    '--search max_depth=3:6 --param max_depth=4': /"max_depth" must be either searched or the same/,
    '--jobs 0': /--jobs must be a whole number from 1/,
    '--trials 0': /--trials must be a whole number of at least 1/,
    '--folds 0': /--folds must be a whole number from 1/,
    '--metric accuracy': /Allowed choices are auprc, auc_roc, cost/,
    '--no-register --alias champion': /--alias needs a registered version/,
  }
  for (const [args, message] of Object.entries(refused)) {
    test(`refuses ${args} with one line`, async () => {
      const { status, stdout, stderr } = await runFds([...on, ...args.split(' '), '--home', home])
      assert.deepEqual([status, stdout, stderr.split('\n').length], [2, '', 2])
      assert.match(stderr, message)
    })
  }

  test('refuses folds without both classes', async () => {
    const { status, stderr } = await runFds([...on, '--folds', '50', '--holdout', '0.9', '--home', home])
    assert.equal(status, 2)
    assert.match(stderr, /^error: The label "isFraud" must hold both classes, .* rows of fold \d+ of 50\n$/)
  })
})
