import assert from 'node:assert/strict'
import test from 'node:test'
import { createStudy, MedianPruner, type Study } from '../index.ts'

const studyWith = (pruner: MedianPruner, direction: 'minimize' | 'maximize' = 'minimize'): Study =>
  createStudy({ pruner, direction })

/** Completes one trial a value, each reporting it at steps 0 to 3. */
function complete(study: Study, values: readonly number[]): void {
  for (const value of values) {
    const trial = study.ask()
    for (let step = 0; step < 4; step++) trial.report(value, step)
    study.tell(trial, value)
  }
}

const judged = (study: Study, reports: readonly (readonly [value: number, step: number])[]): boolean => {
  const trial = study.ask()
  for (const [value, step] of reports) trial.report(value, step)
  const verdict = trial.shouldPrune()
  study.tell(trial, null, { state: 'PRUNED' })
  return verdict
}

test('prunes what is worse than the median of the completed trials at the same step', () => {
  const study = studyWith(new MedianPruner())
  complete(study, [1, 2, 3, 4, 5])
  assert.ok(judged(study, [[3.1, 0]]))
  assert.ok(!judged(study, [[3, 0]]))
})

test('compares downwards where the study maximizes', () => {
  const study = studyWith(new MedianPruner(), 'maximize')
  complete(study, [1, 2, 3, 4])
  complete(study, [5])
  assert.ok(judged(study, [[2.9, 0]]))
  assert.ok(!judged(study, [[3.1, 0]]))
})

test('judges by the best report so far, not by the last', () => {
  const study = studyWith(new MedianPruner())
  complete(study, [1, 2, 3, 4, 5])
  assert.ok(
    !judged(study, [
      [1, 0],
      [9, 1],
    ]),
  )
})

test('waits for the start-up trials, the warm-up steps and the interval', () => {
  const study = studyWith(new MedianPruner({ nStartupTrials: 2, nWarmupSteps: 1, intervalSteps: 2 }))
  complete(study, [1])
  assert.ok(!judged(study, [[9, 1]]))
  complete(study, [1])
  assert.ok(!judged(study, [[9, 0]]))
  assert.ok(judged(study, [[9, 1]]))
  assert.ok(
    !judged(study, [
      [9, 1],
      [9, 2],
    ]),
  )
  assert.ok(
    judged(study, [
      [9, 1],
      [9, 3],
    ]),
  )
})

test('keeps a trial at a step nobody has reached and one without a report', () => {
  const study = studyWith(new MedianPruner())
  complete(study, [1, 2, 3, 4, 5])
  assert.ok(!judged(study, [[9, 8]]))
  assert.ok(!judged(study, []))
})

test('prunes a trial that has reported nothing but NaN', () => {
  const study = studyWith(new MedianPruner())
  complete(study, [1, 2, 3, 4, 5])
  assert.ok(judged(study, [[Number.NaN, 0]]))
  assert.ok(
    !judged(study, [
      [Number.NaN, 0],
      [1, 1],
    ]),
  )
})

test('refuses counts that cannot be', () => {
  assert.throws(() => new MedianPruner({ intervalSteps: 0 }), { code: 'PARAM_INVALID' })
  assert.throws(() => new MedianPruner({ nStartupTrials: -1 }), { code: 'PARAM_INVALID' })
})
