import assert from 'node:assert/strict'
import test from 'node:test'
import { confusionMatrix, createRandom, isNoAnswer, nextAbove } from '../math/index.ts'
import { recallAtFpr } from './recall-at-fpr.ts'

test('no threshold does better within the limit', () => {
  const random = createRandom(1)
  for (let round = 0; round < 200; round++) {
    const yTrue = Array.from({ length: 30 }, (_, i) => Number(i < 8))
    const scores = yTrue.map((label) => Math.floor((random.next() + label * 0.3) * 15))
    const maximumFpr = random.int(5) / 10
    const rates = [...new Set(scores), nextAbove(Math.max(...scores))].map((threshold) => {
      const { tp, fp } = confusionMatrix(yTrue, scores, threshold)
      return { recall: tp / 8, fpr: fp / 22, threshold }
    })
    const allowed = rates.filter((rate) => rate.fpr <= maximumFpr)
    const recall = Math.max(...allowed.map((rate) => rate.recall))
    const [best] = allowed
      .filter((rate) => rate.recall === recall)
      .toSorted((a, b) => b.threshold - a.threshold)
    const reached = recallAtFpr(yTrue, scores, { maximumFpr })
    assert.ok(!isNoAnswer(reached))
    if (recall > 0) assert.deepEqual(reached, best)
    else assert.equal(reached.recall, 0)
  }
})

test('flags no row when even the highest score breaks the limit', () => {
  const reached = recallAtFpr([0, 1], [0.9, 0.5], { maximumFpr: 0.1 })
  assert.deepEqual(reached, { recall: 0, fpr: 0, threshold: nextAbove(0.9) })
})

test('rows of one class have no answer, a limit outside [0, 1] is refused', () => {
  const none = (reason: string) => ({ status: 'undefined', reason })
  assert.deepEqual(recallAtFpr([], [], { maximumFpr: 0.1 }), none('NO_ROWS'))
  assert.deepEqual(recallAtFpr([1], [1], { maximumFpr: 0.1 }), none('ONE_CLASS_ONLY'))
  assert.throws(() => recallAtFpr([0, 1], [0, 1], { maximumFpr: 5 }), { code: 'PARAM_INVALID' })
})
