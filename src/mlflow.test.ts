import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { readConfig } from './config.ts'
import { MlflowClient } from './mlflow.ts'
import { environmentOptions } from './tracking/client/environment-options.ts'
import { openHttpServer, openSocketServer } from './tracking/client/http-server.fixture.ts'

const run = promisify(execFile)

test('the variables of the Python client become options', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fds-pem-'))
  const [ca, own] = [join(folder, 'ca.pem'), join(folder, 'own.pem')]
  writeFileSync(ca, 'CA')
  writeFileSync(own, 'OWN')
  const config = readConfig({
    MLFLOW_TRACKING_USERNAME: 'ann',
    MLFLOW_TRACKING_PASSWORD: 'secret',
    MLFLOW_TRACKING_TOKEN: 'token',
    MLFLOW_TRACKING_INSECURE_TLS: 'TRUE',
    MLFLOW_TRACKING_SERVER_CERT_PATH: ca,
    MLFLOW_TRACKING_CLIENT_CERT_PATH: own,
    MLFLOW_REGISTRY_URI: 'http://registry:5000',
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '3',
    MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '0.5',
    MLFLOW_HTTP_REQUEST_BACKOFF_JITTER: '0',
    MLFLOW_HTTP_REQUEST_TIMEOUT: '7',
  })
  assert.deepEqual(environmentOptions(config.mlflow), {
    tls: { insecure: true, ca: 'CA', clientCertificate: 'OWN' },
    registryUri: 'http://registry:5000',
    basic: { username: 'ann', password: 'secret' },
    token: 'token',
    maxRetries: 3,
    backoffFactor: 0.5,
    backoffJitter: 0,
    silenceMs: 7000,
  })
  assert.deepEqual(environmentOptions(readConfig({ MLFLOW_TRACKING_USERNAME: 'ann' }).mlflow), {
    tls: { insecure: false },
  })
  await rm(folder, { recursive: true })
})

test('what cannot be read is refused by the name of its variable alone', () => {
  const read = (name: string, value: string) => () => environmentOptions(readConfig({ [name]: value }).mlflow)
  assert.throws(
    read('MLFLOW_ENABLE_ASYNC_LOGGING', 'maybe'),
    /MLFLOW_ENABLE_ASYNC_LOGGING must be true or false/,
  )
  assert.throws(read('MLFLOW_HTTP_REQUEST_TIMEOUT', '-1'), /MLFLOW_HTTP_REQUEST_TIMEOUT must be a number/)
  assert.throws(read('MLFLOW_REGISTRY_URI', 'sqlite:///s'), /MLFLOW_REGISTRY_URI must be an http/)
  assert.throws(read('MLFLOW_TRACKING_SERVER_CERT_PATH', '/none.pem'), /SERVER_CERT_PATH must be a file/)
  assert.throws(() => new MlflowClient({}, readConfig({})), /MLFLOW_TRACKING_URI must be the http/)
})

test('a program needs no more than the environment: server, experiment, credentials, background logging', async (t) => {
  const served = await openSocketServer()
  t.after(served.close)
  const headers: unknown[] = []
  served.app.server.on('request', (request) => headers.push(request.headers.authorization))
  const program = `
    import { endRun, logMetric, logParam, startRun } from './src/index.ts'
    await startRun()
    await logParam('depth', 6)
    for (let step = 0; step < 500; step++) await logMetric('loss', 1 / (step + 1), { step })
    await endRun()`
  const env = {
    PATH: '',
    MLFLOW_TRACKING_URI: served.uri,
    MLFLOW_TRACKING_TOKEN: 'a-token',
    MLFLOW_EXPERIMENT_NAME: 'from the environment',
    MLFLOW_ENABLE_ASYNC_LOGGING: 'true',
  }
  await run(process.execPath, ['--input-type=module-typescript', '-e', program], { env })
  assert.ok(headers.length < 12, String(headers.length))
  assert.deepEqual(new Set(headers), new Set(['Bearer a-token']))
  const experiment = await served.client.getExperimentByName('from the environment')
  const [found] = (await served.client.searchRuns({ experimentIds: [experiment!.experimentId] })).items
  assert.deepEqual([found?.info.status, found?.data.params], ['FINISHED', { depth: '6' }])
  assert.equal((await served.client.getMetricHistory(found!.info.runId, 'loss')).length, 500)
})

test('a run that nobody ended ends with the process', async (t) => {
  const served = await openSocketServer()
  t.after(served.close)
  const program = `
    import { logMetric, startRun } from './src/index.ts'
    await startRun({ runName: 'left' })
    await logMetric('m', 1, { synchronous: false })`
  const env = { PATH: '', MLFLOW_TRACKING_URI: served.uri }
  await run(process.execPath, ['--input-type=module-typescript', '-e', program], { env })
  const [found] = (await served.client.searchRuns({ experimentIds: ['0'] })).items
  assert.deepEqual([found?.info.status, found?.data.metrics], ['FINISHED', { m: 1 }])
})

test('the registry may be another server', async (t) => {
  const asked: string[] = []
  const { uri, close } = await openHttpServer((request, response) => {
    asked.push(request.url!)
    response.end('{"registered_models":[]}')
  })
  t.after(close)
  const client = new MlflowClient('http://127.0.0.1:1', readConfig({ MLFLOW_REGISTRY_URI: uri }))
  assert.deepEqual((await client.searchRegisteredModels()).items, [])
  assert.match(asked[0]!, /^\/api\/2\.0\/mlflow\/registered-models\/search/)
})
