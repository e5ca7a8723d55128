// Golden values: Python's math.exp and math.log, made by test/fixtures/tuning/make_numpy.py.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { accurateExp, accurateLog } from './accurate-exp.ts'

const { exponentials, logarithms }: Record<string, [number, number][]> = JSON.parse(
  readFileSync('test/fixtures/tuning/numpy.json', 'utf8'),
)

test('equal the C library to the last bit, but for one value in a hundred', () => {
  for (const [ours, golden] of [
    [accurateExp, exponentials],
    [accurateLog, logarithms],
  ] as const) {
    const others = golden.filter(([x, expected]) => ours(x) !== expected)
    assert.ok(others.length <= golden.length / 100, `${others.length} of ${golden.length} differ`)
    for (const [x, expected] of others) {
      assert.ok(Math.abs(ours(x) / expected - 1) <= 2 * Number.EPSILON, `at ${x}`)
    }
  }
})
