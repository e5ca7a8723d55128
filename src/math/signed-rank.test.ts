import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { signedRankPValue } from './signed-rank.ts'

interface Case {
  readonly differences: readonly number[]
  readonly less: number
  readonly greater: number
}

const golden: readonly Case[] = JSON.parse(readFileSync('test/fixtures/tuning/signed-rank.json', 'utf8'))

test('gives what SciPy gives, exact and approximate, with ties and zeros', () => {
  for (const { differences, less, greater } of golden) {
    assert.ok(Math.abs(signedRankPValue(differences, 'less') - less) < 1e-12)
    assert.ok(Math.abs(signedRankPValue(differences, 'greater') - greater) < 1e-12)
  }
})

test('counts every pattern of signs, as a slow twin does', () => {
  // ranks of sizes 1 2 2 3 3 with a zero: the zero has rank 1
  const ranks = [2, 3.5, 3.5, 5.5, 5.5]
  const observed = 2 + 3.5 + 5.5
  let atLeast = 0
  for (let pattern = 0; pattern < 32; pattern++) {
    const sum = ranks.reduce((total, rank, i) => total + ((pattern >> i) & 1 ? rank : 0), 0)
    if (sum >= observed) atLeast += 1
  }
  assert.equal(signedRankPValue([0, 1, 2, -2, 3, -3], 'greater'), atLeast / 32)
})

test('has no answer without differences or for one that is not a number', () => {
  assert.ok(Number.isNaN(signedRankPValue([], 'less')))
  assert.ok(Number.isNaN(signedRankPValue([1, Number.NaN], 'less')))
})
