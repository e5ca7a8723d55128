import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '../protocol/limits.ts'
import { type ContractFixtures, refused } from './contract.fixture.ts'

/** How every store reads histories, data sets and models of runs back. */
export function metricHistoryContract(given: ContractFixtures): void {
  const point = (value: number, step: number, timestamp: number) => ({ key: 'm', value, step, timestamp })
  const log = async (runId: string, points: readonly ReturnType<typeof point>[]) => {
    for (let start = 0; start < points.length; start += 1000) {
      const metrics = points.slice(start, start + 1000)
      await given.store.logBatch({ runId, metrics, params: [], tags: [] })
    }
  }
  const newRun = async (points: readonly ReturnType<typeof point>[]) => {
    const { runId } = (await given.newRun()).info
    await log(runId, points)
    return runId
  }

  test('a history comes in the order of time, a repeated point once, page by page', async () => {
    const points = [point(1, 0, 5), point(2, 0, 3), point(2, 0, 3), point(3, 1, 3), point(Number.NaN, 0, 4)]
    const runId = await newRun(points)
    await given.store.logMetric({ runId, ...point(1, 0, 5) })
    const whole = await given.store.getMetricHistory({ runId, metricKey: 'm' })
    assert.deepEqual(
      [whole.metrics.map(({ value }) => value), whole.nextPageToken],
      [[2, 3, Number.NaN, 1], undefined],
    )
    const first = await given.store.getMetricHistory({ runId, metricKey: 'm', maxResults: 3 })
    const rest = { runId, metricKey: 'm', maxResults: 3, pageToken: first.nextPageToken }
    const second = await given.store.getMetricHistory(rest)
    assert.deepEqual([...first.metrics, ...second.metrics], whole.metrics)
    assert.equal(second.nextPageToken, undefined)
    const none = await given.store.getMetricHistory({ runId, metricKey: 'other' })
    assert.deepEqual(none.metrics, [])
  })

  test('a page has its bound, whatever is asked for', async () => {
    const points = Array.from({ length: LIMITS.historyPage + 5 }, (_, step) => point(step, step, step))
    const runId = await newRun(points)
    for (const maxResults of [undefined, 1_000_000]) {
      const first = await given.store.getMetricHistory({ runId, metricKey: 'm', maxResults })
      assert.equal(first.metrics.length, LIMITS.historyPage)
      const rest = { runId, metricKey: 'm', pageToken: first.nextPageToken }
      const { metrics, nextPageToken } = await given.store.getMetricHistory(rest)
      assert.deepEqual(
        [metrics.map(({ step }) => step), nextPageToken],
        [[0, 1, 2, 3, 4].map((step) => step + LIMITS.historyPage), undefined],
      )
    }
  })

  test('sizes and page tokens that are none are refused', async () => {
    const runId = await newRun([point(1, 1, 1)])
    const token = (after: unknown) => Buffer.from(JSON.stringify({ after })).toString('base64')
    const tokens = [
      'x',
      token(1),
      token([1, 2, 3]),
      token([1.5, 1, 1, 0]),
      token([1, 2 ** 60, 1, 0]),
      token(['1', 1, 1, 0]),
    ]
    for (const pageToken of tokens) {
      await refused(
        'INVALID_PARAMETER_VALUE',
        given.store.getMetricHistory({ runId, metricKey: 'm', pageToken }),
      )
    }
    for (const maxResults of [0, -1]) {
      const request = { runId, metricKey: 'm', maxResults }
      await refused('INVALID_PARAMETER_VALUE', given.store.getMetricHistory(request))
    }
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.getMetricHistory({ runId: 'none', metricKey: 'm' }))
  })

  test('histories of several runs come run by run, and unknown runs have none', async () => {
    const runs = [await newRun([point(1, 0, 2), point(2, 0, 1)]), await newRun([point(3, 0, 1)])]
    const runId = [...runs, 'unknown'].reverse()
    const read = async (maxResults?: number) => {
      const { metrics } = await given.store.getMetricHistoryBulk({ runId, metricKey: 'm', maxResults })
      return metrics.map(({ value, runId: id }) => [value, runs.indexOf(id)])
    }
    const inOrder = [
      [2, 0],
      [1, 0],
      [3, 1],
    ].sort(([, a], [, b]) => (runs[a!]! < runs[b!]! ? -1 : runs[a!] === runs[b!] ? 0 : 1))
    assert.deepEqual(await read(), inOrder)
    assert.deepEqual(await read(2), inOrder.slice(0, 2))
    const many = Array.from({ length: 101 }, (_, index) => `run-${index}`)
    for (const ids of [[], many]) {
      await refused(
        'INVALID_PARAMETER_VALUE',
        given.store.getMetricHistoryBulk({ runId: ids, metricKey: 'm' }),
      )
    }
  })

  const sample = async (request: {
    runIds: string[]
    maxResults?: number
    startStep?: number
    endStep?: number
  }) => {
    const { metrics } = await given.store.getMetricHistoryBulkInterval({ metricKey: 'm', ...request })
    return metrics
  }

  test('a sample spreads over the history in the order of steps, with its first and its last point', async () => {
    const points = Array.from({ length: 1003 }, (_, step) => point(step / 2, step, 5000 - step))
    const run = await newRun(points)
    const steps = async (maxResults: number) =>
      (await sample({ runIds: [run], maxResults })).map(({ step }) => step)
    assert.deepEqual(await steps(1), [1002])
    assert.deepEqual(await steps(2), [0, 1002])
    assert.deepEqual(await steps(4), [0, 251, 502, 1002])
    const all = await sample({ runIds: [run] })
    assert.deepEqual(all[1], { key: 'm', value: 0.5, timestamp: 4999, step: 1, runId: run })
    assert.equal(all.length, 1003)
  })

  test('points that share a step are sampled like others, and NaN is NaN', async () => {
    const points = Array.from({ length: 500 }, (_, time) => point(time === 499 ? Number.NaN : 1, 0, time))
    const metrics = await sample({ runIds: [await newRun(points)], maxResults: 5 })
    assert.deepEqual(
      metrics.map(({ timestamp }) => timestamp),
      [0, 100, 200, 300, 499],
    )
    assert.ok(Number.isNaN(metrics.at(-1)?.value))
  })

  test('a sample keeps to its steps and to each of its runs', async () => {
    const points = Array.from({ length: 20 }, (_, step) => point(step, step - 5, step))
    const [one, two] = [await newRun(points), await newRun(points.slice(0, 3))]
    const metrics = await sample({ runIds: [two, one], startStep: -3, endStep: 6, maxResults: 3 })
    assert.deepEqual(
      metrics.map(({ step, runId }) => [step, runId === one ? 'one' : 'two']),
      [
        [-3, 'two'],
        [-3, 'one'],
        [1, 'one'],
        [6, 'one'],
      ],
    )
  })

  test('a sample has limits', async () => {
    const run = await newRun([point(1, 1, 1)])
    const bad = [
      { runIds: [] },
      { runIds: Array<string>(101).fill(run) },
      { runIds: [run], maxResults: 0 },
      { runIds: [run], maxResults: 2501 },
      { runIds: [run], startStep: 1 },
      { runIds: [run], endStep: 1 },
      { runIds: [run], startStep: 2, endStep: 1 },
    ]
    for (const request of bad) await refused('INVALID_PARAMETER_VALUE', sample(request))
    assert.equal((await sample({ runIds: ['unknown', run] })).length, 1)
    assert.equal((await sample({ runIds: Array<string>(100).fill(run), maxResults: 2500 })).length, 100)
  })

  test('data sets of experiments are told once for each purpose', async () => {
    const experimentId = await given.newExperiment()
    const dataset = { name: 'payments', digest: 'abc', sourceType: 'local', source: 'a.csv' }
    const inputs = (context?: string) => ({
      datasets: [{ dataset, tags: context ? [{ key: 'mlflow.data.context', value: context }] : [] }],
      models: [],
    })
    for (const context of ['training', 'test', 'test', undefined]) {
      const { runId } = (await given.newRun({ experimentId })).info
      await given.store.logInputs({ runId, ...inputs(context) })
    }
    const { datasetSummaries } = await given.store.searchDatasets({ experimentIds: [experimentId] })
    assert.deepEqual(
      new Set(datasetSummaries.map(({ context }) => context)),
      new Set(['training', 'test', undefined]),
    )
    assert.equal(datasetSummaries.length, 3)
    const { context: _, ...summary } = datasetSummaries[0]!
    assert.deepEqual(summary, { experimentId, name: 'payments', digest: 'abc' })
    const other = await given.store.searchDatasets({ experimentIds: [await given.newExperiment()] })
    assert.deepEqual(other.datasetSummaries, [])
    for (const experimentIds of [[], Array<string>(21).fill('0'), ['x']]) {
      await refused('INVALID_PARAMETER_VALUE', given.store.searchDatasets({ experimentIds }))
    }
  })

  const model = {
    run_id: 'r',
    artifact_path: 'model',
    utc_time_created: 'now',
    flavors: { keras: { config: 1, a: 2 }, b: 3 },
  }

  test('models of older clients are kept in a tag, without what their flavours configure', async () => {
    const { runId } = (await given.newRun()).info
    await given.store.logModel({ runId, modelJson: JSON.stringify({ ...model, signature: 'long' }) })
    await given.store.logModel({ runId, modelJson: JSON.stringify({ ...model, model_uuid: 'u' }) })
    const tag = (await given.readRun(runId)).data.tags.find(({ key }) => key === 'mlflow.log-model.history')
    const kept = { ...model, flavors: { keras: { a: 2 }, b: 3 } }
    assert.deepEqual(JSON.parse(tag?.value ?? ''), [kept, { ...kept, model_uuid: 'u' }])
  })

  test('what is no model, too long or too deep is no entry', async () => {
    const { runId } = (await given.newRun()).info
    const deep = `{"run_id":${'['.repeat(40_000)}${']'.repeat(40_000)},${JSON.stringify({ artifact_path: '', utc_time_created: '', flavors: {} }).slice(1)}`
    const long = JSON.stringify({ ...model, flavors: { a: 'x'.repeat(100_000) } })
    const { flavors: _, ...rest } = model
    for (const modelJson of ['{', '1', '[]', 'null', JSON.stringify(rest), '{"flavors":3}', deep, long]) {
      await refused('INVALID_PARAMETER_VALUE', given.store.logModel({ runId, modelJson }))
    }
    await given.store.deleteRun({ runId })
    await refused(
      'INVALID_PARAMETER_VALUE',
      given.store.logModel({ runId, modelJson: JSON.stringify(model) }),
    )
  })
}
