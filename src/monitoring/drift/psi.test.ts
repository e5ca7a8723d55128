// Golden values: NumPy 2.4.6 and SciPy 1.17.1 from the formula, made by test/fixtures/monitoring/make.py.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { populationStabilityIndex, psiAction, psiBand, psiTest } from '../index.ts'
import { binCuts, countInBins } from '../profile/bins.ts'

const golden: {
  name: string
  reference: (number | null)[]
  current: (number | null)[]
  bins: number
  psi: number
  used: number
  p_value: number
}[] = JSON.parse(readFileSync('test/fixtures/monitoring/psi.json', 'utf8'))
const numbers = (values: (number | null)[]) => Float64Array.from(values, (value) => value ?? Number.NaN)

test('the index, its bins and its p-value equal NumPy and SciPy', () => {
  for (const { name, reference, current, bins, psi, used, p_value } of golden) {
    const [expected, actual] = [numbers(reference), numbers(current)]
    const found = populationStabilityIndex(expected, actual, { bins })
    assert.ok(Math.abs((found as number) - psi) < 1e-12, `${name}: ${found} beside ${psi}`)
    const cuts = binCuts(expected, bins)
    const result = psiTest({ reference: countInBins(expected, cuts), current: countInBins(actual, cuts) })
    assert.equal(result.bins, used, name)
    assert.ok(Math.abs(result.pValue - p_value) < 1e-9, `${name}: ${result.pValue} beside ${p_value}`)
  }
})

test('sees a heavy-tailed amount that moved by half a standard deviation of its logarithm', () => {
  const random = createRandom(4)
  const amounts = (shift: number) =>
    Float64Array.from({ length: 20_000 }, () => Math.exp(2 * random.normal() + shift))
  const psi = populationStabilityIndex(amounts(3), amounts(4)) as number
  assert.ok(Math.abs(psi - 0.231) < 0.03, `${psi}`)
})

test('the test holds its level at a true index of 0.1', () => {
  // shares whose index is 0.1: half a row a bin does not matter at 1,000 rows
  const before = [0.5, 0.5]
  let shift = 0
  while (shift * Math.log((0.5 + shift) / (0.5 - shift)) < 0.1) shift += 1e-6
  const random = createRandom(11)
  const draw = (share: number) => {
    let first = 0
    for (let i = 0; i < 1000; i++) if (random.next() < share) first++
    return [first, 1000 - first]
  }
  let alarms = 0
  for (let run = 0; run < 1000; run++) {
    if (psiTest({ reference: draw(before[0]!), current: draw(0.5 + shift) }).pValue < 0.05) alarms++
  }
  assert.ok(alarms > 20 && alarms < 75, `${alarms} alarms in 1000`)
})

test('a missing value is a bin of its own', () => {
  const known = Array.from({ length: 100 }, (_, i) => i)
  const half = known.map((value) => (value % 2 === 0 ? Number.NaN : value))
  assert.ok((populationStabilityIndex(known, half) as number) > 0.25)
  assert.equal(populationStabilityIndex([Number.NaN, Number.NaN], [Number.NaN]), 0)
})

test('infinities fall into the outer bins', () => {
  const known = Array.from({ length: 100 }, (_, i) => i)
  const psi = populationStabilityIndex(known, [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) as number
  assert.ok(Number.isFinite(psi) && psi > 0.25)
})

test('no rows give no answer, and fewer than two bins are refused', () => {
  assert.deepEqual(populationStabilityIndex([], [1]), { status: 'undefined', reason: 'NO_ROWS' })
  assert.deepEqual(populationStabilityIndex([1], []), { status: 'undefined', reason: 'NO_ROWS' })
  assert.throws(() => populationStabilityIndex([1], [1], { bins: 1 }), { code: 'PARAM_INVALID' })
})

test('one row on a side is compared and never significant', () => {
  const result = psiTest({ reference: [100, 100, 100], current: [0, 0, 1] })
  assert.ok(Number.isFinite(result.psi) && result.pValue > 0.05)
})

test('the bands are those of credit scoring, the upper limit in the middle one', () => {
  assert.deepEqual([0, 0.0999, 0.1, 0.25, 0.2501].map(psiBand), [
    'stable',
    'stable',
    'watch',
    'watch',
    'retrain',
  ])
  assert.equal(psiAction('retrain'), 'consider retraining')
})
