import assert from 'node:assert/strict'
import test from 'node:test'
import { checkScores } from './check-scores.ts'

const refused = (given: Parameters<typeof checkScores>[0], message: RegExp) =>
  assert.throws(() => checkScores(given), { code: 'SCORES_INVALID', message })

test('plain arrays and every typed array pass alike', () => {
  const expected = { labels: Uint8Array.of(0, 1), scores: Float64Array.of(0.5, 2), weight: undefined }
  assert.deepEqual(checkScores({ yTrue: [0, 1], scores: [0.5, 2] }), expected)
  assert.deepEqual(checkScores({ yTrue: Uint8Array.of(0, 1), scores: Float32Array.of(0.5, 2) }), expected)
  const weighted = checkScores({ yTrue: Int32Array.of(0, 1), scores: [0.5, 2], weight: Uint8Array.of(0, 3) })
  assert.deepEqual(weighted, { ...expected, weight: Float64Array.of(0, 3) })
})

test('what comes out is a copy', () => {
  const scores = Float64Array.of(0.5)
  checkScores({ yTrue: [1], scores }).scores[0] = 9
  assert.equal(scores[0], 0.5)
})

test('labels other than 0 and 1 are refused with their row', () => {
  refused({ yTrue: [0, 2], scores: [0, 0] }, /label 1 must be 0 or 1, got 2/)
  refused({ yTrue: [Number.NaN], scores: [0] }, /got NaN/)
  refused({ yTrue: [true] as unknown as number[], scores: [0] }, /got true/)
  refused({ yTrue: ['1'] as unknown as number[], scores: [0] }, /label 0/)
})

test('scores and weights that are no finite numbers are refused with their row', () => {
  refused({ yTrue: [0, 1], scores: [0.1, Number.NaN] }, /score 1 must be a finite number, got NaN/)
  refused({ yTrue: [0], scores: [Infinity] }, /score 0/)
  refused({ yTrue: [0], scores: ['0.1'] as unknown as number[] }, /score 0/)
  refused({ yTrue: [0], scores: [1], weight: [-1] }, /weight 0 must be a finite number of at least 0, got -1/)
  refused({ yTrue: [0], scores: [1], weight: [Number.NaN] }, /weight 0/)
})

test('lengths that differ are refused with both', () => {
  refused({ yTrue: [0, 1], scores: [0.1] }, /one score a label, got 1 for 2 labels/)
  refused({ yTrue: [0], scores: [0.1], weight: [] }, /one weight a label, got 0 for 1 labels/)
})

test('no rows pass', () => {
  assert.equal(checkScores({ yTrue: [], scores: [] }).labels.length, 0)
})
