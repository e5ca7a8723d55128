// Vectors: the standard tables of Lan–DeMets designs, as the reference on serving and A/B tests prints them (§3.4c); to 1e-4.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { crossingProbability, groupSequentialBounds, type Spending, spentAlpha } from '../index.ts'

const fifths = [0.2, 0.4, 0.6, 0.8, 1]
const quarters = [0.25, 0.5, 0.75, 1]
const OBF: Spending = { family: 'obrien_fleming' }

const TABLE: {
  name: string
  spending: Spending
  information: number[]
  bounds: number[]
  alpha?: number
  sides?: 1 | 2
}[] = [
  { name: 'OBF K=2', spending: OBF, information: [0.5, 1], bounds: [2.9626, 1.9686] },
  { name: 'OBF K=3', spending: OBF, information: [1 / 3, 2 / 3, 1], bounds: [3.7103, 2.5114, 1.993] },
  { name: 'OBF K=4', spending: OBF, information: quarters, bounds: [4.3326, 2.9631, 2.359, 2.0141] },
  { name: 'OBF K=5', spending: OBF, information: fifths, bounds: [4.8769, 3.357, 2.6803, 2.2898, 2.031] },
  { name: 'OBF uneven 3', spending: OBF, information: [0.5, 0.8, 1], bounds: [2.9626, 2.2662, 2.0278] },
  {
    name: 'OBF uneven 4',
    spending: OBF,
    information: [0.1, 0.35, 0.6, 1],
    bounds: [6.9914, 3.6128, 2.6732, 1.9811],
  },
  {
    name: 'OBF 0.01',
    spending: OBF,
    information: fifths,
    alpha: 0.01,
    bounds: [6.168, 4.2867, 3.4436, 2.947, 2.6153],
  },
  {
    name: 'Pocock',
    spending: { family: 'pocock' },
    information: fifths,
    bounds: [2.438, 2.4268, 2.4102, 2.3966, 2.386],
  },
  {
    name: 'power 2',
    spending: { family: 'power', exponent: 2 },
    information: quarters,
    bounds: [2.9552, 2.5593, 2.3008, 2.0919],
  },
  {
    name: 'power 3',
    spending: { family: 'power', exponent: 3 },
    information: fifths,
    bounds: [3.5401, 2.9743, 2.6045, 2.3063, 2.0455],
  },
  {
    name: 'HSD −4 one-sided',
    spending: { family: 'hwang_shih_decani', gamma: -4 },
    information: fifths,
    alpha: 0.025,
    sides: 1,
    bounds: [3.2527, 2.986, 2.6916, 2.3737, 2.0253],
  },
]

for (const { name, bounds, ...input } of TABLE) {
  test(`the published bounds: ${name}`, () => {
    groupSequentialBounds(input).bounds.forEach((bound, k) => {
      assert.ok(Math.abs(bound - bounds[k]!) < 1.01e-4, `look ${k}: ${bound} beside ${bounds[k]}`)
    })
  })
}

test('the SAS values', () => {
  const { bounds } = groupSequentialBounds({ information: quarters })
  for (const [k, expected] of [4.33263, 2.96333, 2.35902, 2.01409].entries()) {
    assert.ok(Math.abs(bounds[k]! - expected) < 3e-4, `${bounds[k]} beside ${expected}`)
  }
})

test('a look that is added changes none before it', () => {
  const all = groupSequentialBounds({ information: [0.1, 0.25, 0.26, 0.7, 1] }).bounds
  const some = groupSequentialBounds({ information: [0.1, 0.25, 0.26] }).bounds
  some.forEach((bound, k) => {
    assert.ok(Math.abs(bound - all[k]!) < 1e-7)
  })
})

test('eighty looks spend exactly the error, by the grid and by simulation', () => {
  const information = Array.from({ length: 80 }, (_, k) => (k + 1) / 80)
  const { bounds } = groupSequentialBounds({ information })
  assert.ok(Math.abs(crossingProbability({ information, bounds }).at(-1)! - 0.05) < 1e-6)
  const random = createRandom(5)
  let crossed = 0
  for (let run = 0; run < 4000; run++) {
    let score = 0
    const isCrossed = information.some((t, k) => {
      score += random.normal() / Math.sqrt(80)
      return Math.abs(score) >= bounds[k]! * Math.sqrt(t)
    })
    if (isCrossed) crossed++
  }
  assert.ok(Math.abs(crossed / 4000 - 0.05) < 0.0135, `${crossed} of 4000`)
})

test('bounds are finite at a tiny fraction, and fall where the looks are even', () => {
  for (const spending of [OBF, { family: 'pocock' }, { family: 'power', exponent: 3 }] as const) {
    const tiny = groupSequentialBounds({ information: [1e-9, 1e-6, 1e-3, 0.5], spending }).bounds
    assert.ok(
      tiny.every((bound) => Number.isFinite(bound) && bound > 0),
      String(tiny),
    )
    const { bounds } = groupSequentialBounds({ information: fifths, spending })
    bounds.slice(1).forEach((bound, k) => {
      assert.ok(bound < bounds[k]!)
    })
  }
})

test('a test at 1.96 at every look errs ever more often; one look errs as promised', () => {
  const naive = (looks: number) => {
    const information = Array.from({ length: looks }, (_, k) => (k + 1) / looks)
    return crossingProbability({ information, bounds: information.map(() => 1.959964) }).at(-1)!
  }
  // Armitage, McPherson and Rowe 1969
  for (const [looks, expected] of [
    [1, 0.05],
    [2, 0.083],
    [5, 0.142],
    [10, 0.193],
    [20, 0.248],
    [50, 0.32],
  ] as const) {
    assert.ok(Math.abs(naive(looks) - expected) < 6e-4, `${looks}: ${naive(looks)}`)
  }
})

test('all of the error is spent at the end, in each family', () => {
  for (const spending of [
    OBF,
    { family: 'pocock' },
    { family: 'power', exponent: 0.5 },
    { family: 'hwang_shih_decani', gamma: 0 },
    { family: 'hwang_shih_decani', gamma: 3 },
  ] as const) {
    assert.ok(Math.abs(spentAlpha({ t: 1, alpha: 0.05, spending }) - 0.05) < 1e-12)
    assert.equal(spentAlpha({ t: 0, alpha: 0.05, spending }), 0)
  }
})

test('fractions that do not rise are refused', () => {
  for (const information of [[], [0], [0.5, 0.5], [0.5, 0.4], [1.1], [Number.NaN]]) {
    assert.throws(() => groupSequentialBounds({ information }), { code: 'PARAM_INVALID' })
  }
  assert.throws(() => groupSequentialBounds({ information: [1], alpha: 0 }), { code: 'PARAM_INVALID' })
  assert.throws(
    () => groupSequentialBounds({ information: [1], spending: { family: 'power', exponent: 0 } }),
    { code: 'PARAM_INVALID' },
  )
})
