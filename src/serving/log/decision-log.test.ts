import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test, { type TestContext } from 'node:test'
import { FdsError } from '../../errors.ts'
import type { Decision, Label } from './decision.ts'
import { openDecisionLog } from './decision-log.ts'

function decisionOf(transactionId: string, changes: Partial<Decision> = {}): Decision {
  return {
    transactionId,
    transactionJson: '{"amount":12.5,"merchant":"café","online":true,"distance":null}',
    entity: 'customer-1',
    eventTime: 1_735_689_600.25,
    experiment: null,
    arm: 'champion',
    modelName: 'fraud_detector',
    modelVersion: '1',
    policyVersion: 'p-12345678',
    probability: 0.1234567890123,
    riskLevel: 'approve',
    latencyMs: 1.5,
    createdAt: 1_735_689_601,
    ...changes,
  }
}

function labelOf(transactionId: string, changes: Partial<Label> = {}): Label {
  const times = { labelTime: 1_736_000_000, receivedAt: 1_736_000_001 }
  return { transactionId, isFraud: true, source: 'chargeback', ...times, ...changes }
}

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fds-log-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function openLog(t: TestContext, file = join(folderFor(t), 'decisions.db')) {
  const log = openDecisionLog({ file, now: () => 1_735_689_600_000 })
  t.after(() => log.close())
  return { log, file }
}

const codeIs = (code: string) => (error: unknown) => error instanceof FdsError && error.code === code

test('gives back a decision as it was stored, to the last bit', async (t) => {
  const { log } = openLog(t)
  const decision = decisionOf('tx-1')
  assert.deepEqual(await log.record([decision]), [decision])
  assert.deepEqual(await log.find('tx-1'), decision)
  assert.deepEqual(await log.getDecision('tx-1'), { ...decision, shadow: null, labels: [] })
})

test('keeps the first decision of a transaction id, within a call, between calls and after a restart', async (t) => {
  const { log, file } = openLog(t)
  const first = decisionOf('tx-1', { probability: 0.1 })
  const second = decisionOf('tx-1', { probability: 0.9, modelVersion: '2' })
  const within = await log.record([first, second])
  const between = await Promise.all([log.record([second]), log.record([decisionOf('tx-1')])])
  assert.deepEqual([...within, ...between.flat()], [first, first, first, first])
  await log.close()
  const reopened = openLog(t, file).log
  assert.deepEqual(await reopened.record([second]), [first])
})

test('is on disk, for another program too, when the promise resolves', async (t) => {
  const { log, file } = openLog(t)
  await Promise.all(Array.from({ length: 100 }, (_, i) => log.record([decisionOf(`tx-${i}`)])))
  const reader = new DatabaseSync(file, { readOnly: true })
  t.after(() => reader.close())
  assert.equal(reader.prepare('SELECT count(*) AS n FROM decisions').get()!['n'], 100)
})

test('stores all decisions of a call or none', async (t) => {
  const { log } = openLog(t)
  const broken = { ...decisionOf('tx-2'), probability: Number.NaN }
  await assert.rejects(log.record([decisionOf('tx-1'), broken]), codeIs('STORAGE_FAILED'))
  assert.equal(await log.find('tx-1'), undefined)
  await log.record([decisionOf('tx-1')])
  assert.equal((await log.find('tx-1'))?.transactionId, 'tx-1')
})

test('adds labels in order, corrections included, and a repeated one once', async (t) => {
  const { log } = openLog(t)
  await log.record([decisionOf('tx-1')])
  const first = labelOf('tx-1')
  const correction = labelOf('tx-1', { isFraud: false, source: 'review', labelTime: 1_735_000_000 })
  const receipts = [await log.addLabels([first, correction]), await log.addLabels([first])]
  assert.deepEqual(receipts, [
    { added: [first, correction], repeated: 0, unknown: 0 },
    { added: [], repeated: 1, unknown: 0 },
  ])
  assert.deepEqual((await log.getDecision('tx-1')).labels, [first, correction])
})

test('keeps and counts a label that comes before its decision', async (t) => {
  const { log } = openLog(t)
  const label = labelOf('tx-1')
  assert.deepEqual(await log.addLabels([label]), { added: [label], repeated: 0, unknown: 1 })
  await assert.rejects(log.getDecision('tx-1'), codeIs('DECISION_NOT_FOUND'))
  await log.record([decisionOf('tx-1')])
  assert.deepEqual((await log.getDecision('tx-1')).labels, [label])
})

test('commits what waits when it closes, and refuses what comes later', async (t) => {
  const { log, file } = openLog(t)
  const waiting = log.record([decisionOf('tx-1')])
  await log.close()
  await waiting
  await assert.rejects(log.record([decisionOf('tx-2')]), codeIs('STORAGE_FAILED'))
  assert.equal((await openLog(t, file).log.find('tx-1'))?.transactionId, 'tx-1')
})

test('refuses a file that is no database, and one of a later layout', (t) => {
  const folder = folderFor(t)
  const noise = join(folder, 'noise.db')
  writeFileSync(noise, 'this is no database, whatever its name may say, and it is long enough to tell')
  assert.throws(() => openLog(t, noise), codeIs('STORAGE_FAILED'))
  const later = join(folder, 'later.db')
  const database = new DatabaseSync(later)
  database.exec('PRAGMA user_version = 7')
  database.close()
  assert.throws(() => openLog(t, later), /layout 7 is newer/)
})

test('proves that the disk can be written', async (t) => {
  const { log } = openLog(t)
  await log.checkWritable()
  await log.close()
  await assert.rejects(log.checkWritable(), codeIs('STORAGE_FAILED'))
})
