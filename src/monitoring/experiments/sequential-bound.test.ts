// The bounds that are kept from look to look equal those computed from the first look on.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { groupSequentialBounds, type Spending } from '../index.ts'
import { sequentialBounds, sequentialPValue } from './sequential-bound.ts'

const SPENDINGS: readonly Spending[] = [
  { family: 'obrien_fleming' },
  { family: 'pocock' },
  { family: 'power', exponent: 2 },
]

/** Looks at uneven fractions that start alike, so that designs share what is kept and then part. */
function looksOf(seed: number): number[] {
  const random = createRandom(seed)
  const information = [0.1]
  while (information.at(-1)! < 0.9)
    information.push(Math.min(1, information.at(-1)! + 0.01 + 0.2 * random.next()))
  return information
}

test('equal the bounds from the first look on, whatever was asked before', () => {
  for (let seed = 0; seed < 12; seed++) {
    const spending = SPENDINGS[seed % 3]!
    const information = looksOf(seed)
    const expected = groupSequentialBounds({ information, alpha: 0.05, spending }).bounds
    // look by look, as an experiment asks
    information.forEach((_, k) => {
      const bounds = sequentialBounds({ information: information.slice(0, k + 1), alpha: 0.05, spending })
      assert.ok(Math.abs(bounds[k]! - expected[k]!) < 1e-5, `${bounds[k]} beside ${expected[k]}`)
    })
  }
})

test('p is uniform on equal models or larger, over all looks', () => {
  const random = createRandom(9)
  const information = [0.2, 0.4, 0.6, 0.8, 1]
  const spending: Spending = { family: 'obrien_fleming' }
  const values = Array.from({ length: 3000 }, () => {
    let score = 0
    const z = information.map((t) => {
      score += random.normal() * Math.sqrt(0.2)
      return score / Math.sqrt(t)
    })
    return sequentialPValue({ information, z, alpha: 0.05, spending })
  })
  for (const level of [0.01, 0.05, 0.1, 0.3]) {
    const share = values.filter((p) => p <= level).length / values.length
    const noise = 3 * Math.sqrt((level * (1 - level)) / values.length)
    assert.ok(share <= level + noise && share > level - noise - 0.01, `${level}: ${share}`)
  }
})
