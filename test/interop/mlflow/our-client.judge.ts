// Our client drives MLflow's own server, of both versions, and ours: what it sees must be the same.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { MlflowClient } from '../../../src/tracking/index.ts'
import { progress, pythonOf } from '../python.ts'
import { assertSame } from './assert-same.ts'
import { MLFLOW_VERSIONS, mlflowEnvironment } from './environments.ts'
import { fluent } from './our-client/fluent.ts'
import { createRecord } from './our-client/record.ts'
import { loggedModels, registry } from './our-client/registry.ts'
import { artifacts, experiments, inputs, runs, search } from './our-client/tracking.ts'
import { type RunningServer, startMlflow, startOurs } from './servers.ts'
import type { Transcript } from './transcript.ts'

const SCENARIOS = { experiments, runs, search, inputs, artifacts, registry, loggedModels, fluent }

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fds-interop-'))
})
after(() => rm(folder, { recursive: true, force: true }))

describe("our client sees of MLflow's server what it sees of ours", () => {
  for (const version of MLFLOW_VERSIONS) {
    test(`MLflow ${version}`, async (context) => {
      const python = await pythonOf(mlflowEnvironment(version))
      const place = (name: string) => ({ folder: join(folder, `${name}-${version}`) })
      const ours = await transcript(await startOurs(place('ours')))
      const theirs = await transcript(await startMlflow(python, { ...place('mlflow'), workers: 1 }))
      for (const scenario of Object.keys(SCENARIOS)) {
        const seen = { ours: ours[scenario]!, theirs: theirs[scenario]! }
        await context.test(scenario, () => assertSame(version, `our ${scenario}`, seen))
      }
    })
  }
})

async function transcript(server: RunningServer): Promise<Transcript> {
  progress(`our client asks ${server.address}`)
  const client = new MlflowClient({ uri: server.address, now: Date.now, maxRetries: 1 })
  const seen: Record<string, Transcript[string]> = {}
  try {
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      const record = createRecord()
      await record.take('ends', () => scenario(record.take, client))
      seen[name] = record.seen
    }
  } finally {
    await server.stop()
  }
  return seen
}
