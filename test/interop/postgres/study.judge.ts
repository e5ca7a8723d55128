// A study shared by several processes through PostgreSQL: `node --test test/interop/postgres/study.judge.ts`.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { checkStudy, kill, startWorker, untilAcknowledged } from '../../shared-study.fixture.ts'
import { startPostgres } from '../postgres.ts'

test('three processes share one study on PostgreSQL while one of them is killed', async (t) => {
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  const home = mkdtempSync(join(tmpdir(), 'fds-study-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const databaseUrl = await postgres.createDatabase('studies')
  const meeting = { home, studyName: 'shared', trials: 60, databaseUrl }
  const workers = [startWorker(meeting, 60), startWorker(meeting, 60), startWorker(meeting, 60)]
  await untilAcknowledged(workers[0]!, 3)
  await kill(workers[0]!)
  assert.deepEqual(await Promise.all(workers.slice(1).map((worker) => worker.ended)), [0, 0])
  await checkStudy(meeting, workers)
})
