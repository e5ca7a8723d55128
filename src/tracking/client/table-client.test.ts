import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { openSocketServer, type SocketServer } from './http-server.fixture.ts'

let served: SocketServer
let experimentId = ''
before(async () => {
  served = await openSocketServer()
  experimentId = await served.client.createExperiment('tables')
})
after(() => served.close())

test('a table is written as pandas splits it, appended to, and named in a tag', async () => {
  const { client } = served
  const { runId } = (await client.createRun({ experimentId })).info
  const artifactFile = 'eval/results.json'
  await client.logTable(runId, { data: { input: ['a', 'b'], score: [0.5, Number.NaN] }, artifactFile })
  await client.logTable(runId, { data: [{ input: 'c', note: new Date(0) }], artifactFile })
  assert.deepEqual(JSON.parse(Buffer.from(await client.downloadArtifact(runId, artifactFile)).toString()), {
    columns: ['input', 'score', 'note'],
    data: [
      ['a', 0.5, null],
      ['b', null, null],
      ['c', null, '1970-01-01T00:00:00.000Z'],
    ],
  })
  assert.equal(
    (await client.getRun(runId)).data.tags['mlflow.loggedArtifacts'],
    '[{"path":"eval/results.json","type":"table"}]',
  )
  await client.logParam(runId, { key: 'depth', value: 6 })
  const extraColumns = ['runId', 'params.depth', 'input']
  const table = await client.loadTable({ experimentId, artifactFile, runIds: [runId], extraColumns })
  assert.deepEqual(table.columns, ['input', 'score', 'note', 'runId', 'params.depth', 'input_'])
  assert.deepEqual(table.data[0], ['a', 0.5, null, runId, '6', null])
})

test('the rows of all runs are put together; what is no table, and none, is said', async () => {
  const { client } = served
  const artifactFile = 'all.json'
  for (const value of [1, 2]) {
    const { runId } = (await client.createRun({ experimentId })).info
    await client.logTable(runId, { data: { value }, artifactFile })
  }
  const { columns, data } = await client.loadTable({ experimentId, artifactFile })
  assert.deepEqual([columns, data.flat().sort()], [['value'], [1, 2]])
  await assert.rejects(
    client.loadTable({ experimentId, artifactFile: 'none.json' }),
    /has the table none\.json/,
  )
  const { runId } = (await client.createRun({ experimentId })).info
  await client.logText(runId, { text: '[1]', artifactFile: 'odd.json' })
  await assert.rejects(client.logTable(runId, { data: { a: 1 }, artifactFile: 'odd.json' }), /not a table/)
  await assert.rejects(client.logTable(runId, { data: { a: 1 }, artifactFile: 'a.csv' }), /extension \.json/)
  await assert.rejects(client.logTable(runId, { data: { a: [1], b: [1, 2] }, artifactFile }), /one length/)
})
