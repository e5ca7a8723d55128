// A study in the tracking store: killed and resumed, and shared by several processes.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import {
  checkStudy,
  kill,
  type Meeting,
  startWorker,
  untilAcknowledged,
  type Worker,
} from './shared-study.fixture.ts'

function meet(t: test.TestContext, studyName: string, trials: number): Meeting {
  const home = mkdtempSync(join(tmpdir(), 'fds-study-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  return { home, studyName, trials }
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
