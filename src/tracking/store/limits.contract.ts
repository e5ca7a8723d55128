import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '../protocol/limits.ts'
import { type ContractFixtures, refused } from './contract.fixture.ts'

/** The longest names and values are kept, in characters of four bytes that no index packs; longer ones are refused. */
export function limitsContract(given: ContractFixtures): void {
  test('names as long as they may be are kept, longer ones are refused', async () => {
    const { store } = given
    await store.createRegisteredModel({ name: long(LIMITS.modelName), tags: [] })
    await refused('INVALID_PARAMETER_VALUE', store.createRegisteredModel({ name: long(501), tags: [] }))
    const found = await store.getRegisteredModel({ name: long(LIMITS.modelName) })
    assert.equal(found.registeredModel.name, long(LIMITS.modelName))
    await store.createExperiment({ name: long(LIMITS.experimentName), tags: [] })
    const model = await given.newModel()
    const version = await given.newVersion(model)
    await store.setRegisteredModelAlias({ name: model, alias: long(LIMITS.alias), version })
    const source = 'mlflow-artifacts:/1/r/artifacts/model'
    await store.createModelVersion({ name: model, source, runId: long(LIMITS.id), tags: [] })
    const tooLong = store.createModelVersion({ name: model, source, runId: long(257), tags: [] })
    await refused('INVALID_PARAMETER_VALUE', tooLong)
  })

  test('keys, values and data sets as long as they may be are kept with a run and a logged model', async () => {
    const { store } = given
    const { runId } = (await given.newRun()).info
    const experimentId = (await given.readRun(runId)).info.experimentId
    const key = long(LIMITS.key)
    const created = await store.createLoggedModel({ experimentId, name: long(500), params: [], tags: [] })
    const { modelId } = created.model.info
    const [datasetName, datasetDigest] = [long(LIMITS.datasetName), long(LIMITS.datasetDigest)]
    const metric = { key, value: 1, timestamp: 1, modelId, datasetName, datasetDigest }
    const tags = [{ key, value: long(LIMITS.runTagValue) }]
    const params = [{ key, value: long(LIMITS.paramValue) }]
    await store.logBatch({ runId, metrics: [metric], params, tags })
    const dataset = { name: datasetName, digest: datasetDigest, sourceType: 'code', source: 's' }
    const inputTags = [{ key: long(LIMITS.inputTagKey), value: long(LIMITS.inputTagValue) }]
    await store.logInputs({
      runId,
      datasets: [{ dataset, tags: inputTags }],
      models: [{ modelId: long(LIMITS.id) }],
    })
    const run = await given.readRun(runId)
    assert.deepEqual(run.data.params, params)
    assert.deepEqual(run.inputs?.datasetInputs[0]?.tags, inputTags)
    const { model } = await store.getLoggedModel({ modelId })
    assert.deepEqual([model.data.metrics[0]?.datasetName, model.data.metrics.length], [datasetName, 1])
    await refused('INVALID_PARAMETER_VALUE', store.logOutputs({ runId, models: [{ modelId: long(257) }] }))
    const longer = { ...metric, datasetName: long(501) }
    await refused('INVALID_PARAMETER_VALUE', store.logMetric({ runId, ...longer }))
  })
}

/** So many letters beyond the basic plane, of which no two neighbours are alike. */
function long(length: number): string {
  return Array.from({ length }, (_, index) => String.fromCodePoint(0x20000 + ((index * 7919) % 40_000))).join(
    '',
  )
}
