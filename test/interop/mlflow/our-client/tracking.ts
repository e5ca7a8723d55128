import type { MlflowClient } from '../../../../src/tracking/index.ts'
import { everyPage, type Take } from './record.ts'

export async function experiments(take: Take, client: MlflowClient): Promise<void> {
  const made = (await take('created', () =>
    client.createExperiment('ours', { tags: { a: '1', 'ä b': 'ü' } }),
  ))!
  await take('read', () => client.getExperiment(made))
  await take('by name', () => client.getExperimentByName('ours'))
  await take('nobody', () => client.getExperimentByName('nobody'))
  await take('again', () => client.createExperiment('ours'))
  await take('tagged', () => client.setExperimentTag(made, { key: 'b', value: '2' }))
  await take('untagged', () => client.deleteExperimentTag({ experimentId: made, key: 'a' }))
  await take('renamed', () => client.renameExperiment({ experimentId: made, newName: 'ours, renamed' }))
  for (const filter of [
    "name LIKE 'ours%'",
    "tags.b = '2'",
    "name ILIKE 'OURS%'",
    "name = 'nobody'",
    'name',
  ]) {
    await take(`search ${filter}`, async () =>
      (await client.searchExperiments({ filter, orderBy: ['name'] })).items.map(({ name }) => name),
    )
  }
  await take('deleted', () => client.deleteExperiment(made))
  await take('stage', async () => (await client.getExperiment(made)).lifecycleStage)
  await take('found deleted', async () =>
    (await client.searchExperiments({ viewType: 'DELETED_ONLY' })).items.map(({ name }) => name),
  )
  await take('run in it', () => client.createRun({ experimentId: made }))
  await take('restored', () => client.restoreExperiment(made))
  await take('read again', () => client.getExperiment(made))
}

export async function runs(take: Take, client: MlflowClient): Promise<void> {
  const experimentId = await client.createExperiment('our runs')
  const run = { experimentId, runName: 'one', startTime: 1000, tags: { k: 'v' }, userId: 'ann' }
  const made = (await take('created', () => client.createRun(run)))!
  const { runId } = made.info
  const child = await client.createRun({
    experimentId,
    runName: 'child',
    parentRunId: runId,
    startTime: 2000,
  })
  await take('parent', async () => (await client.getParentRun(child.info.runId))?.info.runName)
  await take('param', () => client.logParam(runId, { key: 'p', value: 0.5 }))
  await take('param again', () => client.logParam(runId, { key: 'p', value: 0.5 }))
  await take('param changed', () => client.logParam(runId, { key: 'p', value: 0.6 }))
  const values = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324]
  for (const [step, value] of values.entries()) {
    await take(`metric ${value}`, () =>
      client.logMetric(runId, { key: 'm', value, step, timestamp: 1000 + step }),
    )
  }
  await take('history', () => client.getMetricHistory(runId, 'm'))
  const metrics = Array.from({ length: 900 }, (_, i) => ({
    key: `k${i}`,
    value: i / 7,
    step: i,
    timestamp: i,
  }))
  const params = Array.from({ length: 100 }, (_, i) => ({ key: `p${i}`, value: i }))
  await take('full batch', () => client.logBatch(runId, { metrics, params }))
  await take('batch too full', () =>
    client.logBatch(runId, { metrics, params, tags: [{ key: 'a', value: 'b' }] }),
  )
  await take('tag', () => client.setTag(runId, { key: 't', value: 'x' }))
  await take('no tag', () => client.deleteTag({ runId, key: 'nothing' }))
  await take('untagged', () => client.deleteTag({ runId, key: 'k' }))
  await take('read', () => client.getRun(runId))
  await take('updated', () => client.updateRun(runId, { runName: 'two', status: 'SCHEDULED' }))
  await take('terminated', () => client.setTerminated(runId, { status: 'KILLED', endTime: 9000 }))
  await take('info', async () => (await client.getRun(runId)).info)
  await take('deleted', () => client.deleteRun(runId))
  await take('metric of a deleted run', () => client.logMetric(runId, { key: 'm', value: 1 }))
  await take('restored', () => client.restoreRun(runId))
  await take('nobody', () => client.getRun('0'.repeat(32)))
  for (let first = 0; first < 30_000; first += 1000) {
    const points = Array.from({ length: 1000 }, (_, i) => ({
      key: 'long',
      value: i,
      step: first + i,
      timestamp: first + i,
    }))
    await client.logBatch(runId, { metrics: points })
  }
  await take('long history', async () => {
    const points = await client.getMetricHistory(runId, 'long')
    return [points.length, points.every(({ step }, i) => step === i)]
  })
}

export async function search(take: Take, client: MlflowClient): Promise<void> {
  const experimentId = await client.createExperiment('our search')
  const rows = [
    { runName: 'a', metrics: { auc: 0.5, n: 1 }, params: { kind: 'tree' } },
    { runName: 'b', metrics: { auc: 0.9 }, params: { kind: 'Tree' } },
    { runName: 'c', metrics: { auc: Number.NaN }, params: { kind: 'line' } },
    { runName: 'd', metrics: {}, params: {} },
    { runName: 'e', metrics: { auc: Number.POSITIVE_INFINITY, n: 2 }, params: { kind: 'tree' } },
  ]
  for (const [i, { runName, metrics, params }] of rows.entries()) {
    const { runId } = (await client.createRun({ experimentId, runName, startTime: 1000 + i })).info
    await client.logBatch(runId, {
      metrics: Object.entries(metrics).map(([key, value]) => ({ key, value: Number(value) })),
      params: Object.entries(params).map(([key, value]) => ({ key, value: String(value) })),
      tags: [{ key: 'number', value: String(i) }],
    })
  }
  const namesOf = async (query: { filter?: string; orderBy?: readonly string[] }) =>
    (await client.searchRuns({ experimentIds: [experimentId], ...query })).items.map(
      ({ info }) => info.runName,
    )
  const filters = [
    'metrics.auc > 0.5',
    "params.kind = 'tree'",
    "params.kind ILIKE 'TREE'",
    "tags.number != '1'",
  ]
  for (const filter of [
    ...filters,
    "run_name LIKE '%'",
    "metrics.auc > 0.1 AND params.kind = 'tree'",
    'x y',
  ]) {
    await take(`filter ${filter}`, () => namesOf({ filter, orderBy: ['attributes.start_time'] }))
  }
  for (const orderBy of [
    ['metrics.auc'],
    ['metrics.auc DESC'],
    ['params.kind', 'run_name'],
    ['nothing'],
    [],
  ]) {
    await take(`order ${orderBy}`, () => namesOf({ orderBy }))
  }
  await take('pages', async () => {
    const experimentIds = [experimentId]
    const { sizes, items } = await everyPage((pageToken) =>
      client.searchRuns({
        experimentIds,
        maxResults: 2,
        orderBy: ['metrics.auc DESC'],
        ...(pageToken && { pageToken }),
      }),
    )
    return [sizes, items.map(({ info }) => info.runName)]
  })
}

export async function inputs(take: Take, client: MlflowClient): Promise<void> {
  const experimentId = await client.createExperiment('our inputs')
  const { runId } = (await client.createRun({ experimentId, runName: 'inputs' })).info
  const model = await client.createLoggedModel({ experimentId, name: 'model', sourceRunId: runId })
  await take('outputs', () => client.logOutputs(runId, [{ modelId: model.modelId, step: 2 }]))
  await take('read', async () => {
    const { inputs, outputs } = await client.getRun(runId)
    return { inputs, outputs }
  })
}

export async function artifacts(take: Take, client: MlflowClient): Promise<void> {
  const experimentId = await client.createExperiment('our artifacts')
  const { runId } = (await client.createRun({ experimentId, runName: 'files' })).info
  const names = ['a.txt', 'deep/er/b.txt', 'ünï cöde.txt', 'per%20cent.txt', "quo'te & more.txt"]
  for (const name of names)
    await take(`text ${name}`, () => client.logText(runId, { text: name, artifactFile: name }))
  await take('dict', () => client.logDict(runId, { dictionary: { a: [1, 2] }, artifactFile: 'data.json' }))
  const bytes = new Uint8Array(5_000_000).map((_, i) => i % 251)
  await take('bytes', () => client.logArtifact(runId, { path: 'large.bin', data: bytes }))
  await take('table', () =>
    client.logTable(runId, { data: { q: ['x'], n: [1] }, artifactFile: 'table.json' }),
  )
  await take('more of the table', () =>
    client.logTable(runId, { data: { q: ['y'], n: [2] }, artifactFile: 'table.json' }),
  )
  for (const path of ['', 'deep', 'deep/er', 'nothing']) {
    await take(`list ${path}`, () => client.listArtifacts(runId, path))
  }
  for (const name of [...names, 'data.json', 'table.json', 'nothing.txt']) {
    await take(`read ${name}`, () => client.downloadArtifact(runId, name))
  }
  await take('the same bytes', async () =>
    Buffer.from(await client.downloadArtifact(runId, 'large.bin')).equals(bytes),
  )
  await take('outside', () => client.downloadArtifact(runId, '../../x'))
}
