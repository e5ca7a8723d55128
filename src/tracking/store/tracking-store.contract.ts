import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { searchRunsContract } from '../search/search-runs.contract.ts'
import { type ContractFixtures, createContractFixtures, refused } from './contract.fixture.ts'
import { limitsContract } from './limits.contract.ts'
import { metricHistoryContract } from './metric-history.contract.ts'
import { promotionContract } from './promotion.contract.ts'
import { registryContract } from './registry.contract.ts'
import { runDataContract } from './run-data.contract.ts'
import { studyContract } from './study.contract.ts'
import type { TrackingStore } from './tracking-store.ts'

/** What every `TrackingStore` must do. `open` gives a store on new, empty ground. */
export function trackingStoreContract(name: string, open: () => Promise<TrackingStore>): void {
  describe(`${name} keeps the contract of the tracking store`, () => {
    let store: TrackingStore
    before(async () => {
      store = await open()
    })
    after(() => store.close())
    const given = createContractFixtures(() => store)
    experimentContract(given)
    runContract(given)
    metricHistoryContract(given)
    runDataContract(given)
    registryContract(given)
    promotionContract(given)
    studyContract(given)
    searchRunsContract(given)
    limitsContract(given)
  })
}

function experimentContract(given: ContractFixtures): void {
  test('there is an experiment 0 from the start', async () => {
    const { experiment } = await given.store.getExperiment({ experimentId: '0' })
    assert.deepEqual([experiment.name, experiment.lifecycleStage], ['Default', 'active'])
  })

  test('an experiment is found by id and by name', async () => {
    const request = { name: given.unique('found'), tags: [{ key: 'a', value: '1' }] }
    const { experimentId } = await given.store.createExperiment(request)
    const { experiment } = await given.store.getExperiment({ experimentId })
    assert.deepEqual(
      [experiment.name, experiment.tags, experiment.artifactLocation],
      [request.name, request.tags, `mlflow-artifacts:/${experimentId}`],
    )
    assert.deepEqual(await given.store.getExperimentByName({ experimentName: request.name }), { experiment })
  })

  test('a name is taken for ever, also by a deleted experiment', async () => {
    const name = given.unique('taken')
    const { experimentId } = await given.store.createExperiment({ name, tags: [] })
    await refused('RESOURCE_ALREADY_EXISTS', given.store.createExperiment({ name, tags: [] }))
    await given.store.deleteExperiment({ experimentId })
    await refused('RESOURCE_ALREADY_EXISTS', given.store.createExperiment({ name, tags: [] }))
    const other = await given.newExperiment()
    await refused(
      'RESOURCE_ALREADY_EXISTS',
      given.store.updateExperiment({ experimentId: other, newName: name }),
    )
    await given.store.updateExperiment({
      experimentId: other,
      newName: (await given.store.getExperiment({ experimentId: other })).experiment.name,
    })
  })

  test('deleting takes the runs along, and restoring brings them all back', async () => {
    const experimentId = await given.newExperiment()
    const first = await given.newRun({ experimentId })
    const second = await given.newRun({ experimentId })
    await given.store.deleteRun({ runId: first.info.runId })
    await given.store.deleteExperiment({ experimentId })
    assert.equal((await given.readRun(second.info.runId)).info.lifecycleStage, 'deleted')
    await refused('INVALID_PARAMETER_VALUE', given.store.createRun({ experimentId, tags: [] }))
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.deleteExperiment({ experimentId }))
    await given.store.restoreExperiment({ experimentId })
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.restoreExperiment({ experimentId }))
    assert.equal((await given.readRun(first.info.runId)).info.lifecycleStage, 'active')
  })

  test('unknown and odd ids are refused', async () => {
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.getExperiment({ experimentId: '999999' }))
    await refused('INVALID_PARAMETER_VALUE', given.store.getExperiment({ experimentId: 'x' }))
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.getExperimentByName({ experimentName: 'no such' }))
  })

  test('tags are set, changed and removed; a long value is refused', async () => {
    const experimentId = await given.newExperiment()
    const request = { experimentId, key: 'k' }
    await given.store.setExperimentTag({ ...request, value: 'a' })
    await given.store.setExperimentTag({ ...request, value: 'b' })
    assert.deepEqual((await given.store.getExperiment({ experimentId })).experiment.tags, [
      { key: 'k', value: 'b' },
    ])
    await refused(
      'INVALID_PARAMETER_VALUE',
      given.store.setExperimentTag({ ...request, value: 'x'.repeat(20_001) }),
    )
    await given.store.deleteExperimentTag(request)
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.deleteExperimentTag(request))
  })

  test('a search sees active experiments, newest first, page by page', async () => {
    const tags = [{ key: 'group', value: given.unique('group') }]
    const filter = `tags.group = '${tags[0]!.value}'`
    for (const name of ['p', 'q', 'r']) await given.store.createExperiment({ name: given.unique(name), tags })
    const search = (request: object) =>
      given.store.searchExperiments({ filter, orderBy: [], maxResults: 2, ...request })
    const first = await search({})
    const second = await search({ pageToken: first.nextPageToken })
    const found = [...first.experiments, ...second.experiments].map((experiment) => experiment.name[0])
    assert.deepEqual([found, second.nextPageToken], [['r', 'q', 'p'], undefined])
    const byName = await search({ orderBy: ['name ASC'], maxResults: 3 })
    assert.deepEqual(
      byName.experiments.map((experiment) => experiment.name[0]),
      ['p', 'q', 'r'],
    )
  })
}

function runContract(given: ContractFixtures): void {
  test('a run starts running, with a name, and its artifacts below its experiment', async () => {
    const { info, data } = await given.newRun()
    assert.deepEqual([info.status, info.lifecycleStage, info.endTime], ['RUNNING', 'active', undefined])
    assert.match(info.runName ?? '', /^[a-z]+-[a-z]+-\d+$/)
    assert.equal(info.artifactUri, `mlflow-artifacts:/${info.experimentId}/${info.runId}/artifacts`)
    assert.deepEqual(data.tags, [{ key: 'mlflow.runName', value: info.runName }])
  })

  test("a run's name and its tag mlflow.runName are one", async () => {
    const { runId } = (await given.newRun({ runName: 'first' })).info
    const named = async () => {
      const { info, data } = await given.readRun(runId)
      return [info.runName, data.tags.find((tag) => tag.key === 'mlflow.runName')?.value]
    }
    assert.deepEqual(await named(), ['first', 'first'])
    await given.store.updateRun({ runId, runName: 'second' })
    assert.deepEqual(await named(), ['second', 'second'])
    await given.store.setTag({ runId, key: 'mlflow.runName', value: 'third' })
    assert.deepEqual(await named(), ['third', 'third'])
    await given.store.logBatch({
      runId,
      metrics: [],
      params: [],
      tags: [{ key: 'mlflow.runName', value: 'fourth' }],
    })
    assert.deepEqual(await named(), ['fourth', 'fourth'])
    const tags = [{ key: 'mlflow.runName', value: 'b' }]
    assert.equal((await given.newRun({ tags })).info.runName, 'b')
    await refused('INVALID_PARAMETER_VALUE', given.newRun({ runName: 'a', tags }))
  })

  test('a run ends with a status and a time, and keeps what an update leaves out', async () => {
    const { runId } = (await given.newRun()).info
    const { runInfo } = await given.store.updateRun({ runId, status: 'FINISHED', endTime: 5 })
    assert.deepEqual([runInfo.status, runInfo.endTime], ['FINISHED', 5])
    assert.equal((await given.store.updateRun({ runId, runName: 'x' })).runInfo.endTime, 5)
  })

  test('a deleted run is read but not written; deleting and restoring may be repeated', async () => {
    const { runId } = (await given.newRun()).info
    await given.store.deleteRun({ runId })
    await given.store.deleteRun({ runId })
    assert.equal((await given.readRun(runId)).info.lifecycleStage, 'deleted')
    const metric = { runId, key: 'm', value: 1, timestamp: 1 }
    const writes = [
      given.store.logMetric(metric),
      given.store.logParam({ runId, key: 'p', value: '1' }),
      given.store.setTag({ runId, key: 't', value: '1' }),
      given.store.logBatch({ runId, metrics: [], params: [], tags: [] }),
      given.store.updateRun({ runId, status: 'FINISHED' }),
      given.store.logInputs({ runId, datasets: [], models: [] }),
    ]
    await Promise.all(writes.map((write) => refused('INVALID_PARAMETER_VALUE', write)))
    await given.store.restoreRun({ runId })
    await given.store.restoreRun({ runId })
    await given.store.logMetric(metric)
  })

  test('unknown runs and experiments are refused', async () => {
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.getRun({ runId: 'no' }))
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.createRun({ experimentId: '999999', tags: [] }))
    await refused('INVALID_PARAMETER_VALUE', given.store.createRun({ experimentId: '', tags: [] }))
  })
}
