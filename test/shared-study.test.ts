// A study in the tracking store: killed and resumed, and shared by several processes.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { createLogger } from '../src/log.ts'
import { createRandom } from '../src/math/random.ts'
import { openTracking } from '../src/pipeline/open-tracking.ts'
import { TrackingStorage } from '../src/pipeline/tracking-storage.ts'
import { loadStudy } from '../src/tuning/index.ts'
import { kill, type Meeting, startWorker, untilAcknowledged, type Worker } from './shared-study.fixture.ts'

function meet(t: test.TestContext, studyName: string, trials: number): Meeting {
  const home = mkdtempSync(join(tmpdir(), 'fds-study-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  return { home, studyName, trials }
}

/** Every acknowledged trial is in the study as it was told, and every trial has one run with its state. */
async function checkStudy({ home, studyName, trials }: Meeting, workers: readonly Worker[]): Promise<void> {
  const settings = { home, artifactRoot: join(home, 'artifacts'), now: Date.now }
  const session = await openTracking({ ...settings, random: createRandom(9), logger: createLogger('error') })
  const { client } = session
  try {
    const storage = new TrackingStorage({ client, metric: 'loss' })
    const study = await loadStudy({ storage, studyName })
    for (const [number, value] of workers.flatMap((worker) => worker.acknowledged)) {
      assert.deepEqual([study.trials[number]?.state, study.trials[number]?.value], ['COMPLETE', value])
    }
    const complete = study.trials.filter((trial) => trial.state === 'COMPLETE')
    assert.equal(complete.length, trials)
    assert.ok(study.trials.every((trial) => trial.state === 'COMPLETE' || trial.state === 'FAIL'))
    const runId = await storage.runIdOf(study)
    const { experimentId } = (await client.getRun(runId)).info
    const filter = `tags.mlflow.parentRunId = '${runId}'`
    const { items } = await client.searchRuns({ experimentIds: [experimentId], filter, maxResults: 1000 })
    const states = items.map(
      (run) => `${run.data.tags['fds.trial.number']} ${run.data.tags['fds.trial.state']}`,
    )
    assert.deepEqual(states.sort(), study.trials.map((trial) => `${trial.number} ${trial.state}`).sort())
    assert.equal((await client.getRun(runId)).data.metrics['best_loss'], study.bestValue)
  } finally {
    await session.close()
  }
}

test('a study killed with SIGKILL goes on with nothing lost', async (t) => {
  const meeting = meet(t, 'killed', 30)
  const workers: Worker[] = []
  for (const count of [4, 6]) {
    const worker = startWorker(meeting)
    workers.push(worker)
    await untilAcknowledged(worker, count)
    await kill(worker)
  }
  const patient = startWorker(meeting, 150)
  workers.push(patient)
  assert.equal(await patient.ended, 0)
  await checkStudy(meeting, workers)
})

test('three processes share one study while one of them is killed', async (t) => {
  const meeting = meet(t, 'shared', 60)
  const workers = [startWorker(meeting, 60), startWorker(meeting, 60), startWorker(meeting, 60)]
  await untilAcknowledged(workers[0]!, 3)
  await kill(workers[0]!)
  assert.deepEqual(await Promise.all(workers.slice(1).map((worker) => worker.ended)), [0, 0])
  assert.ok(workers.every((worker) => worker.acknowledged.length > 0))
  await checkStudy(meeting, workers)
})
