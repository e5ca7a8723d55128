import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ContractFixtures, refused } from './contract.fixture.ts'

/** What every store does with logged models, registered models, versions and aliases. */
export function registryContract(given: ContractFixtures): void {
  test('a logged model waits for its files, becomes ready, and is gone when deleted', async () => {
    const { info } = await given.newRun()
    const request = { experimentId: info.experimentId, name: 'trees', sourceRunId: info.runId }
    const params = [{ key: 'depth', value: '6' }]
    const { model } = await given.store.createLoggedModel({ ...request, params, tags: [] })
    const { modelId } = model.info
    assert.match(modelId, /^m-[0-9a-f]{32}$/)
    assert.equal(model.info.status, 'LOGGED_MODEL_PENDING')
    assert.equal(model.info.artifactUri, `mlflow-artifacts:/${info.experimentId}/models/${modelId}/artifacts`)
    await given.store.finalizeLoggedModel({ modelId, status: 'LOGGED_MODEL_READY' })
    await given.store.setLoggedModelTags({ modelId, tags: [{ key: 'a', value: '1' }] })
    await given.store.logLoggedModelParams({ modelId, params: [{ key: 'rate', value: '0.1' }] })
    const read = (await given.store.getLoggedModel({ modelId })).model
    assert.deepEqual(
      [read.info.status, read.info.tags, read.data.params.map(({ key }) => key)],
      ['LOGGED_MODEL_READY', [{ key: 'a', value: '1' }], ['depth', 'rate']],
    )
    await given.store.deleteLoggedModelTag({ modelId, tagKey: 'a' })
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.deleteLoggedModelTag({ modelId, tagKey: 'a' }))
    await given.store.deleteLoggedModel({ modelId })
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.getLoggedModel({ modelId }))
    const { model: gone } = await given.store.getLoggedModel({ modelId, allowDeleted: true })
    assert.equal(gone.info.name, 'trees')
  })

  test('a parameter of a logged model never changes, but may be logged again', async () => {
    const experimentId = await given.newExperiment()
    const params = [{ key: 'depth', value: '6' }]
    const { model } = await given.store.createLoggedModel({ experimentId, params, tags: [] })
    const { modelId } = model.info
    await given.store.logLoggedModelParams({ modelId, params })
    const other = [
      { key: 'rate', value: '1' },
      { key: 'depth', value: '7' },
    ]
    await refused('INVALID_PARAMETER_VALUE', given.store.logLoggedModelParams({ modelId, params: other }))
    assert.deepEqual((await given.store.getLoggedModel({ modelId })).model.data.params, params)
  })

  test('metrics that name a logged model are its own too, and found by it', async () => {
    const { info } = await given.newRun()
    const { experimentId, runId } = info
    const ids: string[] = []
    for (const value of [0.7, 0.9]) {
      const { model } = await given.store.createLoggedModel({ experimentId, params: [], tags: [] })
      const { modelId } = model.info
      ids.push(modelId)
      const metric = { key: 'auc', value, timestamp: 1, modelId, datasetName: 'd', datasetDigest: 'x' }
      await given.store.logBatch({ runId, metrics: [metric], params: [], tags: [] })
      await given.store.logMetric({ runId, ...metric })
    }
    const search = (request: object) =>
      given.store.searchLoggedModels({ experimentIds: [experimentId], datasets: [], orderBy: [], ...request })
    const found = async (request: object) =>
      (await search(request)).models.map(({ info }) => ids.indexOf(info.modelId))
    assert.deepEqual(await found({ filter: 'metrics.auc > 0.8' }), [1])
    assert.deepEqual(await found({ orderBy: [{ fieldName: 'metrics.auc', ascending: true }] }), [0, 1])
    assert.deepEqual(await found({ orderBy: [{ fieldName: 'metrics.auc', ascending: false }] }), [1, 0])
    assert.deepEqual(await found({ datasets: [{ datasetName: 'd', datasetDigest: 'y' }] }), [])
    assert.deepEqual((await search({})).models[0]?.data.metrics.length, 1)
    const first = await search({ maxResults: 1 })
    const { models } = await search({ maxResults: 1, pageToken: first.nextPageToken })
    assert.notEqual(models[0]?.info.modelId, first.models[0]?.info.modelId)
    const other = search({ maxResults: 1, pageToken: first.nextPageToken, filter: 'metrics.auc > 0' })
    await refused('INVALID_PARAMETER_VALUE', other)
    const unknown = { runId, key: 'auc', value: 1, timestamp: 1, modelId: 'm-none' }
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.logMetric(unknown))
  })

  test('names with odd characters are refused', async () => {
    for (const name of ['a/b', 'a:b', 'a.b', 'a%b', 'a"b', "a'b"]) {
      const request = { experimentId: '0', name, params: [], tags: [] }
      await refused('INVALID_PARAMETER_VALUE', given.store.createLoggedModel(request))
    }
  })

  test('a registered model is described, tagged, renamed and removed', async () => {
    const name = given.unique('registered')
    const tags = [{ key: 'a', value: '1' }]
    await given.store.createRegisteredModel({ name, tags, description: 'd' })
    await refused('RESOURCE_ALREADY_EXISTS', given.store.createRegisteredModel({ name, tags: [] }))
    await given.newVersion(name)
    await given.store.setRegisteredModelAlias({ name, alias: 'champion', version: '1' })
    const newName = `${name}-new`
    await given.store.renameRegisteredModel({ name, newName })
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.getRegisteredModel({ name }))
    const { registeredModel } = await given.store.getRegisteredModel({ name: newName })
    assert.deepEqual(
      [registeredModel.description, registeredModel.tags, registeredModel.aliases],
      ['d', tags, [{ alias: 'champion', version: '1' }]],
    )
    assert.equal(registeredModel.latestVersions[0]?.name, newName)
    await given.store.updateRegisteredModel({ name: newName, description: 'e' })
    await given.store.deleteRegisteredModelTag({ name: newName, key: 'a' })
    await given.store.deleteRegisteredModelTag({ name: newName, key: 'a' })
    await given.store.deleteRegisteredModel({ name: newName })
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.deleteRegisteredModel({ name: newName }))
  })

  test('version numbers are never given twice', async () => {
    const name = await given.newModel()
    assert.deepEqual([await given.newVersion(name), await given.newVersion(name)], ['1', '2'])
    await given.store.deleteModelVersion({ name, version: '2' })
    assert.equal(await given.newVersion(name), '3')
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.getModelVersion({ name, version: '2' }))
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.deleteModelVersion({ name, version: '2' }))
    await refused('INVALID_PARAMETER_VALUE', given.store.getModelVersion({ name, version: 'x' }))
  })

  test('an alias moves, and goes with its version', async () => {
    const name = await given.newModel()
    for (let count = 0; count < 3; count++) await given.newVersion(name)
    const at = async (alias: string) =>
      (await given.store.getModelVersionByAlias({ name, alias })).modelVersion
    await given.store.setRegisteredModelAlias({ name, alias: 'champion', version: '1' })
    await given.store.setRegisteredModelAlias({ name, alias: 'also', version: '1' })
    assert.deepEqual((await at('champion')).aliases, ['also', 'champion'])
    await given.store.setRegisteredModelAlias({ name, alias: 'champion', version: '2' })
    assert.equal((await at('champion')).version, '2')
    assert.equal((await at('latest')).version, '3')
    await given.store.deleteModelVersion({ name, version: '2' })
    await refused('INVALID_PARAMETER_VALUE', at('champion'))
    await given.store.deleteRegisteredModelAlias({ name, alias: 'champion' })
    await refused('RESOURCE_DOES_NOT_EXIST', given.store.getModelVersionByAlias({ name: 'no', alias: 'a' }))
    const missing = given.store.setRegisteredModelAlias({ name, alias: 'a', version: '9' })
    await refused('RESOURCE_DOES_NOT_EXIST', missing)
  })

  test('aliases have rules', async () => {
    const name = await given.newModel()
    await given.newVersion(name)
    for (const alias of ['latest', 'LATEST', 'v1', 'V22', 'a b', 'a/b', 'a@b', 'x'.repeat(256)]) {
      const request = given.store.setRegisteredModelAlias({ name, alias, version: '1' })
      await refused('INVALID_PARAMETER_VALUE', request)
    }
    for (const alias of ['v1a', '-', 'ünï', 'x'.repeat(255)]) {
      await given.store.setRegisteredModelAlias({ name, alias, version: '1' })
    }
  })

  test('names of registered models have rules', async () => {
    for (const name of ['', '  ', 'a/b', 'a:b', '.', '..']) {
      await refused('INVALID_PARAMETER_VALUE', given.store.createRegisteredModel({ name, tags: [] }))
    }
  })

  test('a source leads to where the files lie', async () => {
    const name = await given.newModel()
    const { info } = await given.newRun()
    const { model } = await given.store.createLoggedModel({
      experimentId: '0',
      sourceRunId: info.runId,
      params: [],
      tags: [],
    })
    const create = async (source: string) => {
      const { modelVersion } = await given.store.createModelVersion({ name, source, tags: [] })
      const { artifactUri } = await given.store.getModelVersionDownloadUri({
        name,
        version: modelVersion.version,
      })
      return [artifactUri, modelVersion.runId, modelVersion.modelId]
    }
    assert.deepEqual(await create(`runs:/${info.runId}/model`), [
      `${info.artifactUri}/model`,
      info.runId,
      undefined,
    ])
    const logged = [model.info.artifactUri, info.runId, model.info.modelId]
    assert.deepEqual(await create(`models:/${model.info.modelId}`), logged)
    assert.deepEqual((await create(`models:/${name}/1`))[0], `${info.artifactUri}/model`)
    assert.deepEqual((await create('mlflow-artifacts:/a/b'))[0], 'mlflow-artifacts:/a/b')
    const foreign = [
      '/etc',
      'file:///etc',
      's3://b/a',
      'http://h/a',
      'mlflow-artifacts:/../a',
      'mlflow-artifacts://h/a',
    ]
    const odd = [
      `runs:/${info.runId}/../../x`,
      `runs:/${info.runId}/%2e%2e/x`,
      'runs:/a',
      'models:/x@champion',
      'a',
    ]
    for (const source of [...foreign, ...odd]) {
      await refused('INVALID_PARAMETER_VALUE', given.store.createModelVersion({ name, source, tags: [] }))
    }
    assert.deepEqual(await create('runs:/unknown/model'), ['runs:/unknown/model', 'unknown', undefined])
    for (const source of ['models:/none/1', `models:/m-${'0'.repeat(32)}`]) {
      await refused('RESOURCE_DOES_NOT_EXIST', given.store.createModelVersion({ name, source, tags: [] }))
    }
  })

  test('versions are searched by name, number, run, source and tag', async () => {
    const name = await given.newModel()
    const { runId } = (await given.newRun()).info
    await given.newVersion(name)
    await given.store.createModelVersion({
      name,
      source: `runs:/${runId}/m`,
      tags: [{ key: 't', value: 'a' }],
    })
    const found = async (filter: string, orderBy: string[] = []) =>
      (await given.store.searchModelVersions({ filter, orderBy })).modelVersions.map(({ version }) => version)
    assert.deepEqual(await found(`name = '${name}'`), ['2', '1'])
    assert.deepEqual(await found(`name = '${name}'`, ['version_number ASC']), ['1', '2'])
    assert.deepEqual(await found(`name = '${name}' AND version_number < 2`), ['1'])
    assert.deepEqual(await found(`run_id = '${runId}'`), ['2'])
    assert.deepEqual(await found(`run_id IN ('${runId}', 'x')`), ['2'])
    assert.deepEqual(await found(`source_path LIKE 'runs:/${runId}%'`), ['2'])
    assert.deepEqual(await found(`name = '${name}' AND tags.t = 'a'`), ['2'])
    assert.deepEqual(await found(`name = '${name}' AND tags.t != 'a'`), [])
    assert.deepEqual(
      (await given.store.getLatestVersions({ name, stages: [] })).modelVersions[0]?.version,
      '2',
    )
    assert.deepEqual(
      (await given.store.getLatestVersions({ name, stages: ['Production'] })).modelVersions,
      [],
    )
  })

  test('registered models are searched by name and tag, and what has no prompt tag is no prompt', async () => {
    const word = given.unique('search')
    const tags = (value: string) => [{ key: 'mlflow.prompt.is_prompt', value }]
    await given.store.createRegisteredModel({ name: `${word}-a`, tags: [] })
    await given.store.createRegisteredModel({ name: `${word}-b`, tags: tags('true') })
    await given.store.createRegisteredModel({ name: `${word}-c`, tags: tags('false') })
    const found = async (filter: string, orderBy: string[] = []) => {
      const { registeredModels } = await given.store.searchRegisteredModels({ filter, orderBy })
      return registeredModels.map((model) => model.name.slice(-1)).join('')
    }
    const prefix = `name LIKE '${word}%'`
    assert.equal(await found(prefix), 'abc')
    assert.equal(await found(prefix, ['name DESC']), 'cba')
    assert.equal(await found(`${prefix} AND tag.\`mlflow.prompt.is_prompt\` != 'true'`), 'ac')
    assert.equal(await found(`${prefix} AND tag.\`mlflow.prompt.is_prompt\` = 'true'`), 'b')
    assert.equal(await found(`name ILIKE '${word.toUpperCase()}-A'`), 'a')
  })
}
