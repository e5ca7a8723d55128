import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { DECISION_LAYOUT, LABEL_LAYOUT, numberAt, pack } from './columns.ts'
import type { Decision } from './decision.ts'
import { decisionOf, labelOf } from './log.fixture.ts'

/** The slow way back: each row by itself. */
function unpack(columns: ReturnType<typeof pack>): Decision[] {
  const { texts, numbers, words } = DECISION_LAYOUT
  return Array.from({ length: columns.rows }, (_, row) =>
    Object.fromEntries([
      ...texts.map((field, i) => [field, columns.texts[i]![row]]),
      ...numbers.map((field, i) => [field, numberAt(columns.numbers[i]!, row)]),
      ...words.map((field, i) => [field, columns.words[columns.wordsOf[row]!]![i]]),
    ]),
  ) as unknown as Decision[]
}

const changes = fc.record(
  {
    entity: fc.option(fc.string()),
    eventTime: fc.option(fc.double({ noNaN: true })),
    experiment: fc.option(fc.constantFrom('e-1', 'e-2')),
    arm: fc.constantFrom('champion' as const, 'challenger' as const),
    modelVersion: fc.constantFrom('1', '2', '10'),
    riskLevel: fc.constantFrom('approve' as const, 'verify' as const, 'hold' as const, 'block' as const),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: [] },
)

test('rows come back from columns as they were', () => {
  fc.assert(
    fc.property(fc.array(changes), (rows) => {
      const decisions = rows.map((change, i) => decisionOf(`tx-${i}`, change))
      assert.deepEqual(unpack(pack(decisions, DECISION_LAYOUT)), decisions)
    }),
  )
})

test('repeated words are kept once, also when rows of two kinds alternate', () => {
  const decisions = Array.from({ length: 100 }, (_, i) =>
    decisionOf(`tx-${i}`, { arm: i % 2 === 0 ? 'champion' : 'challenger' }),
  )
  assert.equal(pack(decisions, DECISION_LAYOUT).words.length, 2)
})

test('truth values are 1 and 0, and one that is absent is NaN', () => {
  const { numbers } = pack(
    [labelOf('a', { isTimeAssumed: true }), labelOf('b', { isFraud: false })],
    LABEL_LAYOUT,
  )
  assert.deepEqual(
    [[...numbers[0]!], [...numbers[2]!]],
    [
      [1, 0],
      [1, Number.NaN],
    ],
  )
})
