import assert from 'node:assert/strict'
import test from 'node:test'
import { createStudy } from '../index.ts'
import type { Sampler } from './sampler.ts'

/** What every sampler owes, whatever the values and ranges it is shown. */
export function samplerContract(name: string, makeSampler: () => Sampler): void {
  test(`${name}: failed, pruned, infinite and equal values do not disturb it`, () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 1]
    const study = createStudy({ sampler: makeSampler() })
    for (let i = 0; i < 60; i++) {
      const trial = study.ask()
      const x = trial.suggestFloat('x', 0, 1)
      assert.ok(x >= 0 && x <= 1)
      if (i % 6 === 5) {
        trial.report(odd[i % 5]!, i)
        study.tell(trial, null, { state: 'PRUNED' })
      } else study.tell(trial, odd[i % 5]!)
    }
  })

  test(`${name}: a range that changes between trials is followed`, () => {
    const study = createStudy({ sampler: makeSampler() })
    for (let i = 0; i < 30; i++) {
      const trial = study.ask()
      const high = i < 20 ? 10 : 2
      const x = trial.suggestFloat('x', 1, high, { log: true })
      assert.ok(x >= 1 && x <= high)
      study.tell(trial, (x - 1.5) ** 2)
    }
  })

  test(`${name}: the same seed and the same results give the same values`, () => {
    const draw = (): readonly number[] => {
      const study = createStudy({ sampler: makeSampler() })
      return Array.from({ length: 14 }, () => {
        const trial = study.ask()
        const x = trial.suggestFloat('x', 0, 1) + trial.suggestInt('n', 1, 9)
        study.tell(trial, x)
        return x
      })
    }
    assert.deepEqual(draw(), draw())
  })
}
