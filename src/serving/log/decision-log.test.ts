import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test, { after } from 'node:test'
import { createLogger } from '../../log.ts'
import { decisionLogContract } from './decision-log.contract.ts'
import { createDecisionLog, openDecisionLog } from './decision-log.ts'
import { decisionOf, folderFor } from './log.fixture.ts'
import { outcomesContract } from './outcomes.contract.ts'
import { openServingFile, servingFile } from './serving-database.ts'

const logger = createLogger('silent')
const now = () => 1_735_689_600_000

const shared = mkdtempSync(join(tmpdir(), 'fds-log-'))
after(() => rmSync(shared, { recursive: true, force: true }))

decisionLogContract(
  'SQLite',
  async () => (durability) => openDecisionLog({ home: shared, durability, now, logger }),
)

outcomesContract('SQLite', async () =>
  createDecisionLog(openServingFile(join(shared, 'outcomes')), { now, logger }),
)

test('is on disk, for another program too, when the promise resolves', async (t) => {
  const home = folderFor(t)
  const log = createDecisionLog(openServingFile(home), { now, logger })
  t.after(() => log.close())
  await Promise.all(Array.from({ length: 100 }, (_, i) => log.record([decisionOf(`tx-${i}`)])))
  const reader = new DatabaseSync(servingFile(home), { readOnly: true })
  t.after(() => reader.close())
  assert.equal(reader.prepare('SELECT count(*) AS n FROM decisions').get()!['n'], 100)
})
