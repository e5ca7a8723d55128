// Golden values: NumPy 2.4.6, made by test/fixtures/tuning/make_numpy.py; equal to the last bit.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { RandomState } from './random-state.ts'

const { streams }: { streams: Record<string, number & number[]>[] } = JSON.parse(
  readFileSync('test/fixtures/tuning/numpy.json', 'utf8'),
)

test('gives NumPy’s values for the same seed and the same calls', () => {
  for (const golden of streams) {
    const state = new RandomState(golden['seed'])
    const shuffled = [...golden['shuffled'].keys()]
    state.shuffle(shuffled)
    assert.deepEqual(shuffled, golden['shuffled'])
    assert.deepEqual(
      golden['samples'].map(() => state.randomSample()),
      golden['samples'],
    )
    assert.deepEqual(
      golden['uniform'].map(() => state.uniform(-5, 3)),
      golden['uniform'],
    )
    assert.deepEqual(
      golden['bounds'].map((bound) => state.randint(bound)),
      golden['integers'],
    )
    assert.deepEqual([...state.choice(Float64Array.from(golden['weights']), 12)], golden['choice'])
    for (let i = 0; i < 699; i++) state.randomSample()
    assert.equal(state.randomSample(), golden['late'])
  }
})

test('choices take the weights as shares, whatever their sum', () => {
  const drawn = new RandomState(3).choice(Float64Array.of(1, 0, 3), 40_000)
  const shares = [0, 1, 2].map((k) => drawn.filter((one) => one === k).length / drawn.length)
  assert.equal(shares[1], 0)
  // five standard errors of a share of 1/4
  assert.ok(Math.abs(shares[0] - 0.25) < 5 * Math.sqrt(0.1875 / 40_000), `${shares}`)
})
