// `fds runs`, by the real command line, on runs of known content.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openTracking } from '../src/pipeline/open-tracking.ts'
import { temporarySettings } from './champion.ts'
import { fdsJson, runFds } from './fds.ts'

describe('fds runs', () => {
  const settings = temporarySettings()
  const { home } = settings
  const fds = <T>(args: readonly string[], status = 0) => fdsJson<T>(['runs', ...args], home, status)
  const ids: string[] = []
  let tracking: Awaited<ReturnType<typeof openTracking>>

  before(async () => {
    tracking = await openTracking(settings)
    const { client } = tracking
    const experimentId = await client.createExperiment('depths')
    for (const [index, auc] of [0.9, 0.95, Number.NaN].entries()) {
      const { info } = await client.createRun({
        experimentId,
        runName: `run "${index}"`,
        startTime: 1000 + index,
      })
      ids.push(info.runId)
      await client.logBatch(info.runId, {
        metrics: [{ key: 'auc', value: auc }],
        params: [
          { key: 'depth', value: index },
          { key: 'same', value: 'a,b' },
        ],
      })
      await client.setTerminated(info.runId, { endTime: 3500 + index })
    }
  })
  after(() => tracking.close())

  test('lists by filter and order, with chosen columns', async () => {
    const found = await fds<{ run_id: string; metrics: object }[]>(['list', '--experiment', 'depths'])
    assert.deepEqual(
      found.map(({ run_id }) => run_id),
      ids.toReversed(),
    )
    assert.deepEqual(found[0]!.metrics, { auc: 'NaN' })
    const best = ['list', '--filter', 'metrics.auc > 0.5', '--order-by', 'metrics.auc DESC', '--max', '1']
    assert.deepEqual(await fds([...best, '--columns', 'params.depth,metrics.auc,seconds,tags.none']), [
      { 'params.depth': '1', 'metrics.auc': 0.95, seconds: 2.5, 'tags.none': null },
    ])
    const { stdout } = await runFds([
      'runs',
      ...best,
      '--columns',
      'params.depth,metrics.auc',
      '--home',
      home,
    ])
    assert.equal(stdout, 'params.depth  metrics.auc\n1             0.95\n')
  })

  test('shows one run, and compares several with a star where they differ', async () => {
    const shown = await fds<{ run_name: string; params: object }>(['show', ids[0]!])
    assert.partialDeepStrictEqual(shown, { run_name: 'run "0"', params: { depth: '0', same: 'a,b' } })
    const { params, metrics } = await fds<Record<string, object>>(['compare', ids[0]!, ids[2]!])
    assert.deepEqual(params, [
      { key: 'depth', values: ['0', '2'], differs: true },
      { key: 'same', values: ['a,b', 'a,b'], differs: false },
    ])
    assert.deepEqual(metrics, [{ key: 'auc', values: [0.9, 'NaN'], differs: true }])
    const { stdout } = await runFds(['runs', 'compare', ids[0]!, ids[2]!, '--differences', '--home', home])
    assert.match(stdout, /^\* {2}params\.depth +0 +2$/m)
    assert.doesNotMatch(stdout, /params\.same/)
  })

  test('exports everything as CSV and as JSON', async () => {
    const csv = join(home, 'runs.csv')
    assert.deepEqual(await fds(['export', '--experiment', 'depths', '--out', csv]), { runs: 3, out: csv })
    const [header, last] = (await readFile(csv, 'utf8')).split('\n')
    assert.match(
      header!,
      /^run_id,experiment_id,run_name,status,.*,metrics\.auc,params\.depth,params\.same,tags/,
    )
    assert.match(last!, /,"run ""2""",FINISHED,.*,NaN,2,"a,b",/)
    const out = join(home, 'runs.json')
    await fds(['export', '--filter', "params.depth = '1'", '--out', out])
    const [run] = JSON.parse(await readFile(out, 'utf8')) as { metrics: object }[]
    assert.deepEqual(run?.metrics, { auc: 0.95 })
  })

  test('deletes and restores', async () => {
    await fds(['delete', ids[0]!, ids[1]!])
    const left = await fds<object[]>(['list', '--experiment', 'depths'])
    const gone = await fds<object[]>(['list', '--experiment', 'depths', '--deleted'])
    assert.deepEqual([left.length, gone.length], [1, 2])
    await fds(['restore', ids[0]!, ids[1]!])
    assert.equal((await fds<object[]>(['list'])).length, 3)
  })

  test('names the experiments, also to who asks for one that is none', async () => {
    const experiments = await fds<{ name: string }[]>(['experiments'])
    assert.deepEqual(experiments.map(({ name }) => name).sort(), ['Default', 'depths'])
    for (const [args, message] of [
      [['list', '--experiment', 'nope'], /No experiment "nope"; the experiments are .*depths/],
      [['list', '--columns', 'auc'], /A column must be one of run_id, .* got auc/],
      [['list', '--filter', 'metrics.auc >'], /error: .*INVALID_PARAMETER_VALUE/],
      [['compare', 'one'], /needs two runs or more/],
      [['export', '--out', 'runs.xlsx'], /--out must end in \.csv or \.json, got runs\.xlsx/],
      [['show', 'nope'], /RESOURCE_DOES_NOT_EXIST/],
    ] as const) {
      const { status, stdout, stderr } = await runFds(['runs', ...args, '--home', home])
      assert.deepEqual([status, stdout, stderr.split('\n').length], [2, '', 2], stderr)
      assert.match(stderr, message)
    }
  })
})
