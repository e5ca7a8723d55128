import assert from 'node:assert/strict'
import test from 'node:test'
import {
  categoricalDistribution,
  type Distribution,
  floatDistribution,
  intDistribution,
  type ParamValue,
} from '../index.ts'
import { UnitCube } from './unit-cube.ts'

const cubeOf = (distribution: Distribution) => new UnitCube([['p', distribution]])
const pointOf = (distribution: Distribution, value: ParamValue) =>
  cubeOf(distribution).pointsOf([{ p: value }])[0]!

test('ranges become [0, 1]: plainly, in the logarithm, and half a step wider', () => {
  assert.equal(pointOf(floatDistribution({ name: 'p', low: -5, high: 5 }), 0), 0.5)
  assert.ok(
    Math.abs(pointOf(floatDistribution({ name: 'p', low: 1e-4, high: 1, log: true }), 0.01) - 0.5) < 1e-15,
  )
  assert.equal(pointOf(intDistribution({ name: 'p', low: 1, high: 4 }), 1), 0.125)
  const log = intDistribution({ name: 'p', low: 1, high: 4, log: true })
  assert.ok(Math.abs(pointOf(log, 2) - Math.log(4) / Math.log(9)) < 1e-15)
  assert.equal(pointOf(categoricalDistribution({ name: 'p', choices: ['a', null, 'c'] }), 'c'), 2)
})

test('every value comes back from its point', () => {
  const all: [Distribution, ParamValue[]][] = [
    [floatDistribution({ name: 'p', low: 0.1, high: 0.9, step: 0.1 }), [0.1, 0.2, 0.5, 0.9]],
    [intDistribution({ name: 'p', low: 50, high: 2000, log: true }), [50, 51, 777, 2000]],
    [intDistribution({ name: 'p', low: -7, high: 90, step: 3 }), [-7, -4, 89]],
    [categoricalDistribution({ name: 'p', choices: [true, false] }), [true, false]],
  ]
  for (const [distribution, values] of all) {
    const cube = cubeOf(distribution)
    for (const value of values) {
      const { p } = cube.paramsOf(cube.pointsOf([{ p: value }]))
      assert.ok(p === value || Math.abs(Number(p) - Number(value)) < 1e-12, `${p}, expected ${value}`)
    }
  }
})

test('few values are listed, many have neighbours, reals have neither', () => {
  const axisOf = (distribution: Distribution) => cubeOf(distribution).axes[0]!
  assert.equal(axisOf(intDistribution({ name: 'p', low: 4, high: 12 })).values?.length, 9)
  const real = axisOf(floatDistribution({ name: 'p', low: 4, high: 12 }))
  assert.deepEqual([real.values, real.neighbours, real.low, real.high], [null, null, 0, 1])
  const many = intDistribution({ name: 'p', low: 0, high: 99 })
  const { values, neighbours, low, high } = axisOf(many)
  assert.equal(values, null)
  assert.deepEqual(
    neighbours!(0.4321).map((at) => cubeOf(many).paramsOf(Float64Array.of(at))['p']),
    [42, 43],
  )
  assert.deepEqual([...neighbours!(0), ...neighbours!(1)], [low, low, high, high])
})
