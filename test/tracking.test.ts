// `fds tracking` in a process of its own, as a supervisor and MLflow's clients meet it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import test from 'node:test'
import { MlflowClient } from '../src/tracking/index.ts'
import { runFds, startFds, temporaryFolder } from './fds.ts'

const served = (home: string) => ['tracking', '--port', '0', '--home', home]

test('serves by itself, with artifacts where it is told, and stops with 0', async (context) => {
  const folder = await temporaryFolder(context)
  const artifacts = join(folder, 'elsewhere')
  const server = await startFds([...served(join(folder, 'home')), '--artifact-root', artifacts])
  const client = new MlflowClient({ uri: server.address, now: Date.now })
  const { info } = await client.createRun({ experimentId: '0' })
  await client.logArtifact(info.runId, { path: 'a/b.txt', data: 'hello' })
  assert.equal(await (await fetch(`${server.address}/health`)).text(), 'OK')
  assert.match(await (await fetch(`${server.address}/metrics`)).text(), /mlflow_http_request_total/)
  const file = join(artifacts, '0', info.runId, 'artifacts/a/b.txt')
  assert.equal(await readFile(file, 'utf8'), 'hello')
  assert.equal(await server.stop(), 0)
  await assert.rejects(fetch(`${server.address}/health`))
})

test('a request under way is finished after SIGTERM', async (context) => {
  const server = await startFds(served(await temporaryFolder(context)))
  const upload = request(`${server.address}/api/2.0/mlflow/experiments/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
  })
  const answered = once(upload, 'response')
  upload.write('{"name": "slow')
  // an answer to a later request says that the first one was taken up
  await fetch(`${server.address}/health`)
  const stopped = server.stop()
  await untilRefused(server.address)
  upload.end(' one"}')
  const [response] = await answered
  assert.deepEqual([response.statusCode, await json(response)], [200, { experiment_id: '1' }])
  assert.equal(await stopped, 0)
})

async function untilRefused(address: string): Promise<void> {
  for (;;) {
    const refused = await fetch(`${address}/health`, { headers: { connection: 'close' } }).then(
      () => false,
      () => true,
    )
    if (refused) return
  }
}

test('an address that others reach needs a credential, or a word that says otherwise', async (context) => {
  const home = await temporaryFolder(context)
  const open = [...served(home), '--host', '0.0.0.0']
  const { status, stdout, stderr } = await runFds(open)
  assert.deepEqual([status, stdout, stderr.split('\n').length], [2, '', 2])
  assert.match(stderr, /^error: Whoever reaches 0\.0\.0\.0 could .* FDS_API_KEY .* --allow-anonymous\n$/)
  const anonymous = await startFds([...open, '--allow-anonymous'])
  assert.equal(await anonymous.stop(), 0)
  const guarded = await startFds(open, { FDS_API_KEY: 'secret' })
  const address = `http://127.0.0.1:${new URL(guarded.address).port}`
  const create = (client: MlflowClient) => client.createRegisteredModel('m')
  await assert.rejects(create(new MlflowClient({ uri: address, now: Date.now })), /UNAUTHENTICATED/)
  await create(new MlflowClient({ uri: address, now: Date.now, apiKey: 'secret' }))
  assert.equal(await guarded.stop(), 0)
})

test('who moves an alias is the holder of the credential, whatever the request says', async (context) => {
  const server = await startFds(served(await temporaryFolder(context)), { FDS_API_KEY: 'secret' })
  const client = new MlflowClient({ uri: server.address, now: Date.now, apiKey: 'secret' })
  await client.createRegisteredModel('m')
  await client.createModelVersion({ name: 'm', source: 'mlflow-artifacts:/a' })
  await client.promoteModelVersion({ name: 'm', version: '1', actor: 'mallory' })
  const [move] = (await client.getAliasHistory({ name: 'm' })).items
  assert.equal(move?.actor, 'FDS_API_KEY')
  await server.stop()
})

test('a database address that is none is refused without repeating its password', async (context) => {
  const address = 'mysql://user:secret@host/database'
  const args = ['tracking', '--database-url', address, '--home', await temporaryFolder(context)]
  const { status, stdout, stderr } = await runFds(args)
  assert.deepEqual([status, stdout], [2, ''])
  assert.equal(stderr, 'error: --database-url must be a postgres:// address, got another text\n')
})
