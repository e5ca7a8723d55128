import type { MlflowClient } from '../../../../src/tracking/index.ts'
import { everyPage, type Take } from './record.ts'

export async function registry(take: Take, client: MlflowClient): Promise<void> {
  const experimentId = await client.createExperiment('our registry')
  const { runId, artifactUri } = (await client.createRun({ experimentId, runName: 'source' })).info
  await client.logText(runId, { text: 'x', artifactFile: 'model/MLmodel' })
  const source = `${artifactUri}/model`
  await take('created', () => client.createRegisteredModel('m', { tags: { a: '1' }, description: 'first' }))
  await take('again', () => client.createRegisteredModel('m'))
  await take('first', () =>
    client.createModelVersion({ name: 'm', source, runId, tags: { b: '2' }, description: 'd' }),
  )
  await take('second', () => client.createModelVersion({ name: 'm', source, runId, description: '' }))
  await take('read', () => client.getModelVersion({ name: 'm', version: '1' }))
  await take('nobody', () => client.getModelVersion({ name: 'm', version: '99' }))
  await take(
    'uri',
    async () => (await client.getModelVersionDownloadUri({ name: 'm', version: '1' })) === source,
  )
  await take('champion', () => client.setRegisteredModelAlias({ name: 'm', alias: 'champion', version: '1' }))
  await take('champion again', () =>
    client.setRegisteredModelAlias({ name: 'm', alias: 'champion', version: '2' }),
  )
  await take(
    'by alias',
    async () => (await client.getModelVersionByAlias({ name: 'm', alias: 'champion' })).version,
  )
  await take('latest', () => client.setRegisteredModelAlias({ name: 'm', alias: 'latest', version: '1' }))
  await take('no alias', () => client.getModelVersionByAlias({ name: 'm', alias: 'nothing' }))
  await take('unaliased', () => client.deleteRegisteredModelAlias({ name: 'm', alias: 'champion' }))
  await take('tag', () => client.setModelVersionTag({ name: 'm', version: '1', key: 'c', value: '3' }))
  await take('untagged', () => client.deleteModelVersionTag({ name: 'm', version: '1', key: 'b' }))
  await take('described', () => client.updateModelVersion({ name: 'm', version: '1', description: 'e' }))
  await take('model described', () => client.updateRegisteredModel({ name: 'm', description: 'f' }))
  await take('model tag', () => client.setRegisteredModelTag({ name: 'm', key: 'd', value: '4' }))
  await take('model untagged', () => client.deleteRegisteredModelTag({ name: 'm', key: 'a' }))
  await take('model', () => client.getRegisteredModel('m'))
  await take('latest versions', async () =>
    (await client.getLatestVersions('m')).map(({ version }) => version),
  )
  for (const filter of ["name = 'm'", "name LIKE 'm%'", "tags.d = '4'", 'name']) {
    await take(`models ${filter}`, async () =>
      (await client.searchRegisteredModels({ filter })).items.map(({ name }) => name),
    )
  }
  for (const filter of [
    "name = 'm'",
    `run_id = '${runId}'`,
    "tags.c = '3'",
    "name = 'm' AND version_number = 2",
  ]) {
    await take(`versions ${filter}`, async () =>
      (await client.searchModelVersions({ filter, orderBy: ['version_number'] })).items.map(
        ({ version }) => version,
      ),
    )
  }
  await take('pages', async () => {
    const { sizes } = await everyPage((pageToken) =>
      client.searchModelVersions({ filter: "name = 'm'", maxResults: 1, ...(pageToken && { pageToken }) }),
    )
    return sizes
  })
  await take('version deleted', () => client.deleteModelVersion({ name: 'm', version: '2' }))
  await take(
    'next number',
    async () => (await client.createModelVersion({ name: 'm', source, runId })).version,
  )
  await take('renamed', async () => (await client.renameRegisteredModel({ name: 'm', newName: 'n' })).name)
  await take('deleted', () => client.deleteRegisteredModel('n'))
  await take('gone', () => client.getRegisteredModel('n'))
}

export async function loggedModels(take: Take, client: MlflowClient): Promise<void> {
  const experimentId = await client.createExperiment('our logged models')
  const { runId } = (await client.createRun({ experimentId, runName: 'source' })).info
  const input = {
    experimentId,
    name: 'l',
    sourceRunId: runId,
    params: { p: '1' },
    tags: { a: '1' },
    modelType: 'tree',
  }
  const { modelId } = (await take('created', () => client.createLoggedModel(input)))!
  await take('tagged', () => client.setLoggedModelTags(modelId, { b: '2' }))
  await take('untagged', () => client.deleteLoggedModelTag({ modelId, key: 'a' }))
  await take('params', () => client.logModelParams(modelId, { q: '2' }))
  await take('file', () => client.logModelArtifact(modelId, { path: 'd/a.txt', data: 'text' }))
  await take('files', () => client.listLoggedModelArtifacts(modelId, 'd'))
  await take('ready', () => client.finalizeLoggedModel({ modelId, status: 'LOGGED_MODEL_READY' }))
  await take('read', () => client.getLoggedModel(modelId))
  await take('found', async () =>
    (await client.searchLoggedModels({ experimentIds: [experimentId] })).items.map(({ name }) => name),
  )
  await take('deleted', () => client.deleteLoggedModel(modelId))
  await take('gone', () => client.getLoggedModel(modelId))
}
