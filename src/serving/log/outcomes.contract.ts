import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Outcome } from '../../monitoring/experiments/outcome.ts'
import type { Label } from './decision.ts'
import type { DecisionLog } from './decision-log.ts'
import { decisionOf, labelOf, shadowOf } from './log.fixture.ts'
import type { OutcomesQuery } from './outcomes.ts'

const HORIZON = 100

/** What every log must give as the outcomes of an experiment. */
export function outcomesContract(name: string, open: () => Promise<DecisionLog>): void {
  describe(`${name} gives the outcomes of an experiment`, () => {
    const given = { log: undefined as unknown as DecisionLog }
    before(async () => {
      given.log = await open()
    })
    after(() => given.log.close())
    pageContract(given)
    maturityContract(given)
  })
}

interface Given {
  readonly log: DecisionLog
}

async function read(log: DecisionLog, query: OutcomesQuery) {
  const outcomes = log.outcomes(query)
  const rows: Outcome[] = []
  for await (const page of outcomes) rows.push(...page)
  return { rows, counts: outcomes.counts }
}

function pageContract(given: Given): void {
  test('each decision of the experiment, in the order of storing, over pages, and no other', async () => {
    const decisions = Array.from({ length: 4500 }, (_, i) =>
      decisionOf(`page-${i}`, { experiment: i % 3 === 0 ? 'pages' : i % 3 === 1 ? 'others' : null }),
    )
    await given.log.record(decisions)
    const { rows, counts } = await read(given.log, { experiment: 'pages', asOf: 2e9, horizonSeconds: null })
    assert.deepEqual(
      rows.map(({ transactionId }) => transactionId),
      Array.from({ length: 1500 }, (_, i) => `page-${3 * i}`),
    )
    assert.deepEqual(counts, { decisions: 1500, immature: 0, unlabelled: 1500 })
  })

  test('an outcome holds what was stored with the decision, its shadow and its label', async () => {
    const decision = decisionOf('whole', { experiment: 'whole', arm: 'challenger', eventTime: null })
    await given.log.record([decision])
    await given.log.addShadows([shadowOf('whole', { arm: 'champion' })])
    await given.log.addLabels([labelOf('whole')])
    const { rows } = await read(given.log, { experiment: 'whole', asOf: 2e9, horizonSeconds: null })
    assert.deepEqual(rows, [
      {
        transactionId: 'whole',
        entity: 'customer-1',
        arm: 'challenger',
        isFailed: false,
        score: decision.probability,
        shadowScore: 0.75,
        riskLevel: 'approve',
        latencyMs: 1.5,
        isFraud: true,
        time: decision.createdAt,
      },
    ])
  })

  test('a decision that another model made stays in the arm that failed', async () => {
    const decision = decisionOf('stood-in', {
      experiment: 'failed',
      arm: 'champion',
      failedArm: 'challenger',
    })
    await given.log.record([decision])
    const { rows } = await read(given.log, { experiment: 'failed', asOf: 2e9, horizonSeconds: null })
    assert.deepEqual(
      rows.map(({ arm, isFailed }) => [arm, isFailed]),
      [['challenger', true]],
    )
  })
}

function maturityContract(given: Given): void {
  test('young decisions are immature, whatever their labels say', async () => {
    const { log } = given
    const times = { old: 1000, edge: 1900, young: 1900.5 }
    for (const [id, eventTime] of Object.entries(times)) {
      await log.record([decisionOf(id, { experiment: 'ages', eventTime, createdAt: eventTime })])
      await log.addLabels([labelOf(id, { labelTime: eventTime + 1 })])
    }
    await log.record([decisionOf('none', { experiment: 'ages', eventTime: 5, createdAt: 5 })])
    await log.record([decisionOf('later', { experiment: 'ages', eventTime: 5, createdAt: 2001 })])
    const { rows, counts } = await read(log, { experiment: 'ages', asOf: 2000, horizonSeconds: HORIZON })
    assert.deepEqual(
      rows.map(({ transactionId, isFraud }) => [transactionId, isFraud]),
      [
        ['old', true],
        ['edge', true],
        ['young', null],
        ['none', null],
      ],
    )
    assert.deepEqual(counts, { decisions: 4, immature: 1, unlabelled: 1 })
  })

  test('a label after the horizon changes nothing, and neither does the order in which labels arrive', async () => {
    let runs = 0
    const ledger = fc.uniqueArray(
      fc.record({ delay: fc.integer({ min: -50, max: 250 }), isFraud: fc.boolean() }),
      { selector: ({ delay }) => delay, maxLength: 8 },
    )
    const arrivals = fc.array(fc.nat(), { minLength: 8, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(ledger, arrivals, async (entries, keys) => {
        const experiment = `property-${runs++}`
        const outcomeOf = async (id: string, labels: readonly Label[]) => {
          await given.log.record([decisionOf(id, { experiment, eventTime: 1000, createdAt: 1001 })])
          for (const label of labels) await given.log.addLabels([label])
        }
        const labelsOf = (id: string, some: typeof entries) =>
          some.map(({ delay, isFraud }) => labelOf(id, { isFraud, labelTime: 1000 + delay }))
        const shuffled = entries.toSorted((a, b) => keys[entries.indexOf(a)]! - keys[entries.indexOf(b)]!)
        const inTime = entries.filter(({ delay }) => delay <= HORIZON)
        await outcomeOf(`${experiment}-all`, labelsOf(`${experiment}-all`, entries))
        await outcomeOf(`${experiment}-shuffled`, labelsOf(`${experiment}-shuffled`, shuffled))
        await outcomeOf(`${experiment}-in-time`, labelsOf(`${experiment}-in-time`, inTime))
        const { rows } = await read(given.log, { experiment, asOf: 5000, horizonSeconds: HORIZON })
        const last = inTime.toSorted((a, b) => a.delay - b.delay).at(-1)?.isFraud ?? null
        assert.deepEqual(
          rows.map(({ isFraud }) => isFraud),
          [last, last, last],
        )
      }),
      { numRuns: 40 },
    )
  })
}
