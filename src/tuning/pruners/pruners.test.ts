import assert from 'node:assert/strict'
import test from 'node:test'
import {
  createStudy,
  MedianPruner,
  PatientPruner,
  PercentilePruner,
  type Pruner,
  RandomSampler,
  SuccessiveHalvingPruner,
  WilcoxonPruner,
} from '../index.ts'

const refused = { code: 'PARAM_INVALID' }

test('counts, shares and thresholds that cannot be are refused', () => {
  assert.throws(() => new PercentilePruner(101), refused)
  assert.throws(() => new PercentilePruner(Number.NaN), refused)
  assert.throws(() => new MedianPruner({ nMinTrials: 0 }), refused)
  assert.throws(() => new SuccessiveHalvingPruner({ minResource: 0 }), refused)
  assert.throws(() => new SuccessiveHalvingPruner({ reductionFactor: 1 }), refused)
  assert.throws(() => new SuccessiveHalvingPruner({ bootstrapCount: 1 }), refused)
  assert.throws(() => new WilcoxonPruner({ pThreshold: 1.1 }), refused)
  assert.throws(() => new WilcoxonPruner({ nStartupSteps: -1 }), refused)
  assert.throws(() => new PatientPruner(null, -1), refused)
  assert.throws(() => new PatientPruner(null, 0, Number.NaN), refused)
})

/** Steps that 40 trials need to tell that x near 0 is best; the objective is |x| and noise that shrinks. */
async function stepsTaken(pruner: Pruner): Promise<{ steps: number; best: number }> {
  let steps = 0
  const study = createStudy({ pruner, sampler: new RandomSampler({ seed: 5 }) })
  await study.optimize(
    (trial) => {
      const x = trial.suggestFloat('x', -1, 1)
      for (let step = 1; step <= 64; step++) {
        steps += 1
        trial.report(Math.abs(x) + Math.sin(step * 7) / step, step)
        if (trial.shouldPrune()) return Math.abs(x) + 1 / step
      }
      return Math.abs(x)
    },
    { nTrials: 40 },
  )
  return { steps, best: study.bestValue }
}

test('pruning saves most of the work and keeps the best trial', async () => {
  const whole = await stepsTaken(new PatientPruner(new MedianPruner(), 64))
  for (const pruner of [new SuccessiveHalvingPruner({ minResource: 1 }), new WilcoxonPruner()]) {
    const { steps, best } = await stepsTaken(pruner)
    assert.ok(steps < whole.steps / 2)
    assert.equal(best, whole.best)
  }
})

test('successive halving lets a trial on that runs beside others which have not ended', () => {
  const study = createStudy({ pruner: new SuccessiveHalvingPruner({ minResource: 1, reductionFactor: 2 }) })
  const [slow, fast, third] = [study.ask(), study.ask(), study.ask()]
  slow.report(3, 1)
  fast.report(1, 1)
  third.report(2, 1)
  assert.deepEqual([slow.shouldPrune(), fast.shouldPrune(), third.shouldPrune()], [true, false, true])
})

test('Wilcoxon keeps a trial whose mean so far equals the best one, however sure the test is', () => {
  const verdicts = [-4, -3.9].map((extra) => {
    const study = createStudy({ pruner: new WilcoxonPruner() })
    const best = study.ask()
    for (let step = 0; step < 5; step++) best.report(1, step)
    study.tell(best, 1)
    const trial = study.ask()
    for (let step = 0; step < 5; step++) trial.report(2, step)
    trial.report(extra, 9)
    return trial.shouldPrune()
  })
  assert.deepEqual(verdicts, [false, true])
})
