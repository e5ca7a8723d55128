import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { MOST_POINTS, mergeSketches, type QuantileSketch, sketchOf } from './quantile-sketch.ts'
import type { Ranked } from './ranked.ts'
import { SketchBuilder } from './sketch-builder.ts'
import { sortFinite } from './sort-finite.ts'

const N = 100_000
const random = createRandom(3)
const shuffled = Float64Array.from({ length: N }, (_, i) => i)
for (let i = N - 1; i > 0; i--) {
  const j = random.int(i + 1)
  ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
}

/** Streams that are unkind to a sketch that halves by turns. */
const ORDERS: Readonly<Record<string, Float64Array>> = {
  ascending: Float64Array.from({ length: N }, (_, i) => i),
  descending: Float64Array.from({ length: N }, (_, i) => -i),
  shuffled,
  'large and small in turn': Float64Array.from({ length: N }, (_, i) => (i % 2 ? 1e6 + i : i)),
  'outwards from the middle': Float64Array.from({ length: N }, (_, i) => (i % 2 ? i : -i)),
  'inwards to the middle': Float64Array.from({ length: N }, (_, i) => (i % 2 ? N - i : i - N)),
  'each buffer a range of its own': Float64Array.from({ length: N }, (_, i) => (i % 4096) * 1000 + (i >> 12)),
  'half of it one value': Float64Array.from({ length: N }, (_, i) => (i % 2 ? 7 : i)),
  'heavy tail': Float64Array.from({ length: N }, () => Math.exp(4 * random.normal())),
}

test('ranks of a stream are within the stated error, in any order', () => {
  for (const [name, values] of Object.entries(ORDERS)) {
    const builder = new SketchBuilder()
    for (let start = 0; start < N; start += 3001) builder.add(values.subarray(start, start + 3001))
    const ranked = builder.ranked()
    assert.equal(ranked.rows, N)
    // log2(n / 4096) levels of n / 8192 rows each, and one halving of every level that has no counterpart
    assert.ok(builder.error <= 5 * (N / 8192) + 2 ** 6, `${name}: ${builder.error}`)
    assertWithin(name, values, ranked, builder.error)
    const sketch = sketchOf(ranked, builder.error)
    assert.ok(sketch.error <= 0.006 * N)
    assertWithin(name, values, weightedOf(sketch), sketch.error)
  }
})

test('a sketch of sorted values is within half a step of rank', () => {
  for (const [name, values] of Object.entries(ORDERS)) {
    const sorted = sortFinite(values)
    const sketch = sketchOf({ values: sorted, rows: N })
    assert.equal(sketch.error, 391)
    assert.ok(sketch.values.length <= MOST_POINTS)
    assertWithin(name, values, weightedOf(sketch), sketch.error)
  }
})

test('merged sketches are within their error, and neither grouping nor order adds to it beyond that', () => {
  for (const [name, values] of Object.entries(ORDERS)) {
    const parts = [0, 1, 2, 3, 4].map((part) => {
      const sorted = sortFinite(values.filter((_, i) => Math.min(4, Math.floor(i / 9000)) === part))
      return sketchOf({ values: sorted, rows: sorted.length })
    })
    const [a, b, c, d, e] = parts as [QuantileSketch, ...QuantileSketch[]] & { length: 5 }
    const atOnce = mergeSketches(parts)
    assert.deepEqual(mergeSketches(parts.toReversed()), atOnce)
    const left = mergeSketches([mergeSketches([a, b!]), mergeSketches([c!, d!]), e!])
    const right = mergeSketches([a, mergeSketches([b!, mergeSketches([c!, mergeSketches([d!, e!])])])])
    for (const sketch of [atOnce, left, right]) assertWithin(name, values, weightedOf(sketch), sketch.error)
    assert.ok(atOnce.error <= left.error && left.error <= right.error)
  }
})

test('few different values are kept as they are, merged in any grouping', () => {
  const [a, b, c] = [[1, 2, 2], [2, 5], [-1]].map((values) =>
    sketchOf({ values: Float64Array.from(values), rows: values.length }),
  )
  const expected = { error: 0, values: [-1, 1, 2, 5], weights: [1, 1, 3, 1] }
  assert.deepEqual(mergeSketches([a!, mergeSketches([b!, c!])]), expected)
  assert.deepEqual(mergeSketches([mergeSketches([c!, a!]), b!]), expected)
})

test('a sorted column has no NaN, no infinity and no minus zero', () => {
  const values = Float64Array.of(3, Number.NaN, -0, Number.POSITIVE_INFINITY, -2, Number.NEGATIVE_INFINITY)
  assert.deepEqual([...sortFinite(values)], [-2, 0, 3])
})

test('sorting is what a comparison sort gives', () => {
  const kinds: readonly (() => number)[] = [
    () => random.normal(),
    () => random.int(20) - 10,
    () => (random.next() - 0.5) * 2 ** (random.int(2000) - 1000),
    () => (random.next() - 0.5) * Number.MAX_VALUE,
    () => 1.7e9 + random.int(1e6) / 1000,
    () => 42,
  ]
  for (const kind of kinds) {
    const values = Float64Array.from({ length: 5000 }, kind)
    assert.deepEqual(
      sortFinite(values),
      values.toSorted((a, b) => a - b),
    )
  }
})

/** For every value: the rows at or below it, true and sketched. */
function assertWithin(
  name: string,
  values: Float64Array,
  { values: points, weights }: Ranked,
  error: number,
): void {
  const sorted = values.toSorted()
  let [point, sketched, worst] = [0, 0, 0]
  for (let i = 0; i < sorted.length; i++) {
    if (i + 1 < sorted.length && sorted[i + 1] === sorted[i]) continue
    while (point < points.length && points[point]! <= sorted[i]!) sketched += weights![point++]!
    worst = Math.max(worst, Math.abs(sketched - (i + 1)))
  }
  assert.ok(worst <= error, `${name}: ${worst} rows out, ${error} stated`)
}

function weightedOf({ values, weights }: QuantileSketch): Ranked {
  return { values: Float64Array.from(values), weights: Float64Array.from(weights), rows: N }
}
