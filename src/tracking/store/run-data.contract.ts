import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunMessage } from '../protocol/messages.ts'
import { type ContractFixtures, refused } from './contract.fixture.ts'

/** What every store does with metrics, parameters, tags and inputs of runs. */
export function runDataContract(given: ContractFixtures): void {
  const point = (value: number, step: number, timestamp: number) => ({ key: 'm', value, step, timestamp })
  const latest = (run: RunMessage) => run.data.metrics.map(({ value }) => value)

  test('the latest value is the one with the largest step, then time, then value', async () => {
    const { runId } = (await given.newRun()).info
    await given.store.logMetric({ runId, ...point(1, 2, 10) })
    await given.store.logMetric({ runId, ...point(2, 1, 99) })
    assert.deepEqual(latest(await given.readRun(runId)), [1])
    await given.store.logBatch({
      runId,
      metrics: [point(3, 2, 9), point(4, 2, 11), point(3.5, 2, 11)],
      params: [],
      tags: [],
    })
    assert.deepEqual(latest(await given.readRun(runId)), [4])
    await given.store.logMetric({ runId, ...point(-1, -5, 100) })
    assert.deepEqual(latest(await given.readRun(runId)), [4])
  })

  test('NaN is NaN again, an infinity the largest double', async () => {
    const { runId } = (await given.newRun()).info
    const values = [Number.NaN, Infinity, -Infinity, -0, 1e-320]
    const points = values.map((value, index) => ({ key: `k${index}`, value, timestamp: 1 }))
    await given.store.logBatch({ runId, metrics: points, params: [], tags: [] })
    const stored = (await given.readRun(runId)).data.metrics.map(({ value }) => value)
    const { MAX_VALUE } = Number
    assert.deepEqual(
      stored.map((value) => value + 0),
      [Number.NaN, MAX_VALUE, -MAX_VALUE, 0, 1e-320],
    )
  })

  test('names and times that MLflow refuses are refused', async () => {
    const { runId } = (await given.newRun()).info
    const bad = [
      'a/../b',
      '/a',
      '../a',
      'a//b',
      'a/',
      './a',
      '.',
      '..',
      'a*b',
      "a'b",
      'a\nb',
      'x'.repeat(251),
    ]
    for (const key of bad) {
      await refused('INVALID_PARAMETER_VALUE', given.store.logMetric({ runId, key, value: 1, timestamp: 1 }))
    }
    await refused('INVALID_PARAMETER_VALUE', given.store.logMetric({ runId, ...point(1, 1, -1) }))
    await given.store.logMetric({ runId, key: 'val/한글 a.b-c_d:e', value: 1, timestamp: 0 })
  })

  test('a batch is whole or nothing, and has limits', async () => {
    const { runId } = (await given.newRun()).info
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }))
    const points = many(1001).map(({ key }) => ({ key, value: 1, timestamp: 1 }))
    const batch = { runId, metrics: [point(1, 1, 1)], params: [{ key: 'p', value: '1' }], tags: [] }
    const bad = [
      { ...batch, tags: [{ key: 'bad//key', value: '' }] },
      { ...batch, metrics: [point(1, 1, 1), point(1, 1, -1)] },
      { ...batch, metrics: points },
      { ...batch, params: many(101) },
      { ...batch, tags: many(101) },
      { ...batch, metrics: points.slice(0, 1000) },
      {
        ...batch,
        params: [
          { key: 'p', value: '1' },
          { key: 'p', value: '1' },
        ],
      },
    ]
    for (const request of bad) await refused('INVALID_PARAMETER_VALUE', given.store.logBatch(request))
    assert.deepEqual((await given.readRun(runId)).data.metrics, [])
    await given.store.logBatch({ runId, metrics: points.slice(0, 800), params: many(100), tags: many(100) })
    const { data } = await given.readRun(runId)
    assert.deepEqual([data.metrics.length, data.params.length, data.tags.length], [800, 100, 101])
  })

  test('a parameter never changes, but may be logged again', async () => {
    const { runId } = (await given.newRun()).info
    await given.store.logParam({ runId, key: 'p', value: '1' })
    await given.store.logParam({ runId, key: 'p', value: '1' })
    await refused('INVALID_PARAMETER_VALUE', given.store.logParam({ runId, key: 'p', value: '2' }))
    const batch = {
      runId,
      metrics: [],
      params: [
        { key: 'q', value: '1' },
        { key: 'p', value: '2' },
      ],
      tags: [],
    }
    await refused('INVALID_PARAMETER_VALUE', given.store.logBatch(batch))
    await given.store.logParam({ runId, key: 'empty' })
    assert.deepEqual((await given.readRun(runId)).data.params, [
      { key: 'empty', value: '' },
      { key: 'p', value: '1' },
    ])
  })

  test('long values of runs are cut at a character, not refused', async () => {
    const { runId } = (await given.newRun()).info
    await given.store.logParam({ runId, key: 'p', value: '😀'.repeat(6001) })
    await given.store.setTag({ runId, key: 't', value: 'x'.repeat(9000) })
    const { params, tags } = (await given.readRun(runId)).data
    assert.equal(params[0]?.value, '😀'.repeat(6000))
    assert.equal(tags.find((tag) => tag.key === 't')?.value?.length, 8000)
  })

  test('a tag is changed and removed once', async () => {
    const { runId } = (await given.newRun()).info
    await given.store.setTag({ runId, key: 't', value: 'a' })
    await given.store.setTag({ runId, key: 't' })
    assert.deepEqual((await given.readRun(runId)).data.tags.at(-1), { key: 't', value: '' })
    await given.store.deleteTag({ runId, key: 't' })
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.deleteTag({ runId, key: 't' }))
  })

  const dataset = { name: 'payments', digest: 'abc', sourceType: 'local', source: 'a.csv', profile: '{}' }
  const tags = [{ key: 'mlflow.data.context', value: 'training' }]

  test('a data set is an input of a run once, and shared within the experiment', async () => {
    const experimentId = await given.newExperiment()
    const first = (await given.newRun({ experimentId })).info.runId
    const second = (await given.newRun({ experimentId })).info.runId
    const request = { datasets: [{ dataset, tags }], models: [{ modelId: 'm-1' }] }
    for (const runId of [first, first, second]) await given.store.logInputs({ runId, ...request })
    await given.store.logOutputs({ runId: first, models: [{ modelId: 'm-2', step: 3 }] })
    const { inputs: read, outputs } = await given.readRun(first)
    assert.deepEqual(read?.datasetInputs, [{ dataset: { ...dataset, schema: undefined }, tags }])
    assert.deepEqual(
      [read?.modelInputs, outputs?.modelOutputs],
      [[{ modelId: 'm-1' }], [{ modelId: 'm-2', step: 3 }]],
    )
    const filters = [
      "dataset.name = 'payments'",
      "dataset.context IN ('training')",
      "dataset.digest LIKE 'ab%'",
    ]
    for (const filter of filters) {
      const found = await given.store.searchRuns({ experimentIds: [experimentId], filter, orderBy: [] })
      assert.equal(found.runs.length, 2, filter)
    }
  })

  test('long names, digests and tags of data sets are refused', async () => {
    const { runId } = (await given.newRun()).info
    const bad = [
      { dataset: { ...dataset, name: 'x'.repeat(501) }, tags },
      { dataset: { ...dataset, digest: 'x'.repeat(37) }, tags },
      { dataset, tags: [{ key: 'k', value: 'x'.repeat(501) }] },
    ]
    for (const input of bad) {
      await refused(
        'INVALID_PARAMETER_VALUE',
        given.store.logInputs({ runId, datasets: [input], models: [] }),
      )
    }
  })
}
