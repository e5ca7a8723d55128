// Golden values: SciPy 1.17.1's erfcx, made by test/fixtures/tuning/make_gp.py.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { erfcx } from './erfcx.ts'

test('equals SciPy to 1e-14 relative, on both sides of every change of formula', () => {
  const { x, value } = JSON.parse(readFileSync('test/fixtures/tuning/gp.json', 'utf8')).erfcx
  assert.ok(x.length > 10)
  for (const [i, at] of x.entries()) {
    assert.ok(Math.abs(erfcx(at) / value[i] - 1) < 1e-14, `${at}: ${erfcx(at)}, expected ${value[i]}`)
  }
})

test('its limits', () => {
  assert.equal(erfcx(Number.POSITIVE_INFINITY), 0)
  assert.equal(erfcx(-30), Number.POSITIVE_INFINITY)
  assert.ok(Number.isNaN(erfcx(Number.NaN)))
})
