import assert from 'node:assert/strict'
import test from 'node:test'
import { createStudy, RandomSampler, type Trial } from '../index.ts'

const newTrial = (): Trial => createStudy({ sampler: new RandomSampler({ seed: 1 }) }).ask()

test('suggests values of each kind inside their range and on their grid', () => {
  const study = createStudy({ sampler: new RandomSampler({ seed: 1 }) })
  for (let i = 0; i < 200; i++) {
    const trial = study.ask()
    const rate = trial.suggestFloat('rate', 0.01, 0.3, { log: true })
    const share = trial.suggestFloat('share', 0.5, 1, { step: 0.25 })
    const depth = trial.suggestInt('depth', 4, 12, { step: 4 })
    assert.ok(rate >= 0.01 && rate <= 0.3)
    assert.ok([0.5, 0.75, 1].includes(share))
    assert.ok([4, 8, 12].includes(depth))
    assert.ok(['hist', 'exact'].includes(trial.suggestCategorical('tree', ['hist', 'exact'])))
  }
})

test('the same name again gives the same value', () => {
  const trial = newTrial()
  assert.equal(trial.suggestFloat('x', 0, 1), trial.suggestFloat('x', 0, 1))
  assert.deepEqual(Object.keys(trial.params), ['x'])
})

test('a range of one value needs no draw', () => {
  const trial = newTrial()
  assert.equal(trial.suggestInt('n', 7, 7), 7)
  assert.equal(trial.suggestFloat('x', 0.5, 0.5), 0.5)
  assert.equal(trial.suggestCategorical('c', [null]), null)
})

test('a name keeps its kind through the study', () => {
  const study = createStudy({ sampler: new RandomSampler({ seed: 1 }) })
  study.ask().suggestFloat('x', 1, 2)
  const later = study.ask()
  assert.throws(() => later.suggestInt('x', 1, 2), {
    code: 'DISTRIBUTION_CHANGED',
    message: 'Parameter "x" must stay the same kind through a study: its kind was float, now int',
  })
  assert.throws(() => later.suggestFloat('x', 1, 2, { log: true }), { code: 'DISTRIBUTION_CHANGED' })
  assert.ok(later.suggestFloat('x', 5, 6) >= 5)
})

test('the choices of a name stay as they were', () => {
  const study = createStudy({ sampler: new RandomSampler({ seed: 1 }) })
  study.ask().suggestCategorical('c', ['a', 'b'])
  assert.throws(() => study.ask().suggestCategorical('c', ['a', 'b', 'd']), { code: 'DISTRIBUTION_CHANGED' })
})

test('a step counts once and must be a whole number from 0', () => {
  const study = createStudy({ sampler: new RandomSampler({ seed: 1 }) })
  const trial = study.ask()
  trial.report(1, 0)
  trial.report(2, 0)
  assert.deepEqual(study.trials[0]!.intermediateValues, { 0: 1 })
  assert.throws(() => trial.report(1, -1), { code: 'PARAM_INVALID' })
  assert.throws(() => trial.report(1, 0.5), { code: 'PARAM_INVALID' })
})

test('keeps attributes of the caller, and names that objects have by birth', () => {
  const study = createStudy({ sampler: new RandomSampler({ seed: 1 }) })
  const trial = study.ask()
  trial.setUserAttr('run_id', 'r1')
  assert.deepEqual(trial.userAttrs, { run_id: 'r1' })
  assert.ok(trial.suggestFloat('toString', 0, 1) < 1)
  study.tell(trial, 0)
  assert.deepEqual(study.trials[0]!.userAttrs, { run_id: 'r1' })
})
