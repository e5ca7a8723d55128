// The sampler that remembers, sorts by insertion and leaves out what cannot count, against its plain twin.
import assert from 'node:assert/strict'
import test from 'node:test'
import { NopPruner } from '../pruners/pruner.ts'
import type { ParamValue } from '../study/distribution.ts'
import { createStudy } from '../study/study.ts'
import type { Trial } from '../study/trial.ts'
import type { Sampler } from './sampler.ts'
import { PlainTPESampler } from './tpe-sampler.fixture.ts'
import { TPESampler } from './tpe-sampler.ts'

/** Asks both and gives the first one's values. */
class Both implements Sampler {
  readonly #fast: Sampler
  readonly #plain: Sampler
  compared = 0

  constructor(fast: Sampler, plain: Sampler) {
    this.#fast = fast
    this.#plain = plain
  }

  sampleRelative(input: Parameters<Sampler['sampleRelative']>[0]) {
    const [fast, plain] = [this.#fast.sampleRelative(input), this.#plain.sampleRelative(input)]
    assert.deepEqual(Object.keys(fast), Object.keys(plain))
    for (const [name, value] of Object.entries(fast)) this.#compare(value, plain[name]!)
    return fast
  }

  sampleIndependent(input: Parameters<Sampler['sampleIndependent']>[0]) {
    const [fast, plain] = [this.#fast.sampleIndependent(input), this.#plain.sampleIndependent(input)]
    this.#compare(fast, plain)
    return fast
  }

  #compare(fast: ParamValue, plain: ParamValue): void {
    this.compared += 1
    if (typeof fast !== 'number' || typeof plain !== 'number') assert.equal(fast, plain)
    else assert.ok(Math.abs(fast - plain) <= 1e-12 * Math.max(1, Math.abs(plain)), `${fast} against ${plain}`)
  }
}

/** Every kind of parameter, and some that come and go or change their range. */
function objective(trial: Trial): number {
  const x = trial.suggestFloat('x', -5, 5)
  const y = trial.suggestFloat('y', 1e-3, 10, { log: true })
  const z = trial.suggestFloat('z', -1, 1)
  const grid = trial.suggestFloat('grid', 0, 1, { step: 0.05 })
  const depth = trial.suggestInt('depth', 3, 12)
  const trees = trial.suggestInt('trees', 50, 2000, { log: true })
  const kind = trial.suggestCategorical('kind', ['a', 'b', 'c'])
  if (kind === 'c') trial.suggestInt('only', 0, 40 + (trial.number % 2))
  return x * x + Math.abs(Math.log(y)) + z * z + grid + Math.abs(depth - 7) + Math.abs(Math.log(trees / 500))
}

/** A study that starts with random trials and goes on with both samplers, four trials at a time. */
function compareAfter(start: number, rounds: number): number {
  const sampler = new Both(new TPESampler({ seed: 3 }), new PlainTPESampler(3))
  const random = createStudy({
    sampler: new TPESampler({ seed: 5, nStartupTrials: start }),
    pruner: new NopPruner(),
  })
  const study = createStudy({ sampler, pruner: new NopPruner(), direction: 'maximize' })
  for (let i = 0; i < start; i++) {
    const trial = random.ask()
    const { params, distributions, value } = random.tell(trial, -objective(trial))
    const isPruned = i % 5 === 4
    const result = isPruned ? { intermediateValues: { [i % 3]: i % 7 } } : { value }
    study.addTrial({ state: isPruned ? 'PRUNED' : 'COMPLETE', params, distributions, ...result })
  }
  for (let round = 0; round < rounds; round++) {
    const batch = Array.from({ length: 4 }, () => study.ask())
    const values = batch.map(objective)
    for (const i of [2, 0, 3, 1]) study.tell(batch[i]!, round === 1 && i === 0 ? Number.NaN : -values[i]!)
  }
  return sampler.compared
}

for (const [start, rounds] of [
  [12, 12],
  [245, 8],
  [600, 3],
] as const) {
  test(`equals its plain twin from ${start} trials on`, () => {
    assert.ok(compareAfter(start, rounds) >= 28 * rounds)
  })
}
