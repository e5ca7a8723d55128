import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { FdsError } from '../../errors.ts'
import { createLogger } from '../../log.ts'
import type { Decision, ShadowScore } from '../log/decision.ts'
import { fixtureModel } from '../models/model.fixture.ts'
import type { ServedModel } from '../models/model-source.ts'
import { servedModel } from './served-models.fixture.ts'
import { createShadowQueue, type ShadowOutcome, type ShadowQueueInput } from './shadow-queue.ts'

const NOW = Date.UTC(2026, 0, 1)
const SHADOW = servedModel('challenger', '2', fixtureModel().files)

test('scores what was decided and stores it beside the decision', async () => {
  const { queue, batches, counts } = fixture()
  const transaction = { amount: 120.5, category: 'travel' }
  queue.add({ decision: decision('tx-1'), transaction, shadow: SHADOW })
  await queue.close()
  assert.deepEqual(batches.flat(), [
    {
      transactionId: 'tx-1',
      arm: 'challenger',
      modelVersion: '2',
      policyVersion: SHADOW.scorer.policy.version,
      ...SHADOW.scorer.score(transaction),
      createdAt: NOW / 1000,
    },
  ])
  assert.deepEqual(counts, { scored: 1, dropped: 0, failed: 0 })
})

test('does nothing in the turn of the request, and a slice in each turn after it', async () => {
  const { queue, batches, counts } = fixture()
  let calls = 0
  const score: typeof SHADOW.scorer.score = (transaction) => {
    calls++
    return SHADOW.scorer.score(transaction)
  }
  const shadow = { ...SHADOW, scorer: { ...SHADOW.scorer, score } }
  for (let i = 0; i < 500; i++) queue.add({ decision: decision(`tx-${i}`), transaction: {}, shadow })
  assert.equal(calls, 0)
  await nextTurn()
  assert.equal(calls, 32)
  await queue.close()
  assert.equal(counts.scored, 500)
  assert.deepEqual(
    batches.flat().map(({ transactionId }) => transactionId),
    Array.from({ length: 500 }, (_, i) => `tx-${i}`),
  )
  assert.ok(batches.length < 10, `${batches.length} writes`)
})

test('a slice ends when a millisecond has gone', async () => {
  let milliseconds = 0
  const { queue, counts } = fixture({ now: () => milliseconds++ })
  for (let i = 0; i < 5; i++) queue.add({ decision: decision(`tx-${i}`), transaction: {}, shadow: SHADOW })
  await nextTurn()
  assert.equal(counts.scored, 0)
  await queue.close()
  assert.equal(counts.scored, 5)
})

test('a full queue drops and counts, and takes jobs again when it has room', async () => {
  const { queue, counts } = fixture({ capacity: 10 })
  const job = (i: number) => ({ decision: decision(`tx-${i}`), transaction: {}, shadow: SHADOW })
  for (let i = 0; i < 15; i++) queue.add(job(i))
  await queue.close()
  assert.deepEqual(counts, { scored: 10, dropped: 5, failed: 0 })
  queue.add(job(15))
  await queue.close()
  assert.equal(counts.scored, 11)
})

test('a transaction that the model cannot score, and a log that refuses, are counted', async () => {
  const foreign = fixture()
  foreign.queue.add({ decision: decision('tx-1'), transaction: { unknown: 1 }, shadow: SHADOW })
  foreign.queue.add({ decision: decision('tx-2'), transaction: {}, shadow: SHADOW })
  await foreign.queue.close()
  assert.deepEqual(foreign.counts, { scored: 1, dropped: 0, failed: 1 })

  const full = fixture({
    log: {
      addShadows: async () => {
        throw new FdsError('STORAGE_FAILED', { what: 'the decision log', reason: 'disk full' })
      },
    },
  })
  full.queue.add({ decision: decision('tx-1'), transaction: {}, shadow: SHADOW })
  await full.queue.close()
  assert.deepEqual(full.counts, { scored: 0, dropped: 0, failed: 1 })
})

test('tells where the two models gave different risk levels, by both', async () => {
  const { queue, disagreements } = fixture()
  const shadow: ServedModel = {
    ...SHADOW,
    scorer: { ...SHADOW.scorer, score: () => ({ probability: 0.5, riskLevel: 'hold' }) },
  }
  const ofChampion: ServedModel = { ...shadow, arm: 'champion' }
  queue.add({ decision: decision('tx-1'), transaction: {}, shadow })
  queue.add({ decision: { ...decision('tx-2'), riskLevel: 'hold' }, transaction: {}, shadow })
  queue.add({ decision: { ...decision('tx-3'), arm: 'challenger' }, transaction: {}, shadow: ofChampion })
  assert.equal(queue.depth, 3)
  await queue.close()
  assert.equal(queue.depth, 0)
  assert.deepEqual(disagreements, ['approve, hold', 'hold, approve'])
})

function fixture(changes: Partial<ShadowQueueInput> = {}) {
  const batches: (readonly ShadowScore[])[] = []
  const counts: Record<ShadowOutcome, number> = { scored: 0, dropped: 0, failed: 0 }
  const disagreements: string[] = []
  const queue = createShadowQueue({
    log: {
      addShadows: async (scores) => {
        await nextTurn()
        batches.push(scores)
      },
    },
    now: () => NOW,
    logger: createLogger('silent'),
    count: (outcome, jobs) => {
      counts[outcome] += jobs
    },
    disagreed: (champion, challenger) => disagreements.push(`${champion}, ${challenger}`),
    ...changes,
  })
  return { queue, batches, counts, disagreements }
}

function decision(transactionId: string): Decision {
  return {
    transactionId,
    transactionJson: '{}',
    entity: null,
    eventTime: null,
    experiment: null,
    arm: 'champion',
    failedArm: null,
    modelName: 'fraud_detector',
    modelVersion: '1',
    policyVersion: 'p',
    probability: 0.1,
    riskLevel: 'approve',
    latencyMs: 1,
    createdAt: NOW / 1000,
  }
}
