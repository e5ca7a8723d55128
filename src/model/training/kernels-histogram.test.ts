// Histograms against sums of plain numbers, bit for bit: both add float32 terms in float64 in row order.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, type Random } from '../../math/random.ts'
import { createWorkbench } from '../threads/kernel-memory.fixture.ts'
import { NARROW_SLOTS } from './training-layout.ts'

const bench = createWorkbench(2 ** 22)

interface Case {
  readonly isWide: boolean
  readonly columnCount: number
  /** Bins of each column. */
  readonly bins: readonly number[]
  /** The columns that are filled, whole groups of four. */
  readonly from: number
  readonly to: number
  readonly codes: Uint16Array
  readonly stride: number
  readonly gradients: Float32Array
  readonly rows: Int32Array
  readonly begin: number
  readonly end: number
  readonly isSparse: boolean
}

function randomCase(random: Random, isWide: boolean): Case {
  const columnCount = 1 + random.int(21)
  const stride = Math.ceil(columnCount / 4) * 4
  const bins = Array.from(
    { length: columnCount },
    () => 1 + random.int(isWide && random.int(3) === 0 ? 900 : 255),
  )
  const rowCount = 1 + random.int(150)
  const codes = new Uint16Array(rowCount * stride)
  // the code after the last bin means missing; columns that fill up the last group have code 0
  codes.forEach((_, i) => {
    if (i % stride < columnCount) codes[i] = random.int(bins[i % stride] + 1)
  })
  const gradients = Float32Array.from({ length: 2 * rowCount }, () => random.normal())
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row).filter(() => random.next() < 0.8)
  const begin = random.int(rows.length + 1)
  const end = begin + random.int(rows.length - begin + 1)
  const from = 4 * random.int(stride / 4)
  const to = from + 4 * (1 + random.int((stride - from) / 4))
  const isSparse = random.int(2) === 0
  return { isWide, columnCount, bins, from, to, codes, stride, gradients, rows, begin, end, isSparse }
}

/** Where each column's slots begin: as `slotOffset` of training-layout.ts lays them. */
function offsetsOf({ isWide, bins, stride }: Case): number[] {
  const used = (column: number): number =>
    bins.slice(0, column).reduce((sum, count) => sum + count, 0) + column
  return Array.from({ length: stride + 1 }, (_, f) => (isWide ? used(f) : NARROW_SLOTS * f))
}

interface Filled {
  /** Address of the first column's slots. */
  readonly slots: number
  readonly columns: number
  readonly offsets: readonly number[]
}

/** Clears and fills the columns on a histogram that was full of NaN. */
function fill(one: Case): Filled {
  const { isWide, columnCount, bins, from, to, stride, begin, end } = one
  const { kernels, float64 } = bench
  const offsets = offsetsOf(one)
  const columns = bench.put(Int32Array.from(offsets.flatMap((offset, f) => [offset, bins[f] ?? 0, 0, 0])))
  const slots = bench.take(16 * (offsets[to] - offsets[from] + 1))
  float64.fill(Number.NaN, slots / 8, slots / 8 + 2 * (offsets[to] - offsets[from] + 1))
  const codes = bench.put(isWide ? one.codes : Uint8Array.from(one.codes))
  const gradients = bench.put(one.gradients)
  const rows = bench.put(one.rows)
  const groups = (to - from) / 4
  kernels.clearColumns(slots, offsets[from], columns, from, Math.min(to, columnCount))
  if (isWide) {
    const record = columns + 16 * from
    kernels.buildWideHistogram(slots, codes + 2 * from, stride, groups, gradients, rows, begin, end, record)
  } else {
    kernels.buildHistogram(slots, codes + from, stride, groups, gradients, rows, begin, end, one.isSparse)
  }
  return { slots, columns, offsets }
}

function slowSums(
  { codes, stride, gradients, rows, begin, end }: Case,
  column: number,
  bin: number,
): number[] {
  const sums = [0, 0]
  for (const row of rows.subarray(begin, end)) {
    if (codes[row * stride + column] !== bin) continue
    sums[0] += gradients[2 * row]
    sums[1] += gradients[2 * row + 1]
  }
  return sums
}

function assertSums(
  one: Case,
  { slots, offsets }: Filled,
  expected: (column: number, bin: number) => number[],
): void {
  for (let f = one.from; f < Math.min(one.to, one.columnCount); f++) {
    for (let bin = 0; bin < one.bins[f]; bin++) {
      const slot = slots / 8 + 2 * (offsets[f] - offsets[one.from] + bin)
      assert.deepEqual(
        [...bench.float64.subarray(slot, slot + 2)],
        expected(f, bin),
        `column ${f}, bin ${bin}`,
      )
    }
  }
}

for (const isWide of [false, true]) {
  test(`sums gradients and hessians as a slow pass does, codes of ${isWide ? 16 : 8} bits`, () => {
    const random = createRandom(2)
    const seen = { empty: 0, odd: 0, even: 0, part: 0, sparse: 0, dense: 0 }
    for (let round = 0; round < 400; round++) {
      bench.clear()
      const one = randomCase(random, isWide)
      assertSums(one, fill(one), (f, bin) => slowSums(one, f, bin))
      seen.empty += Number(one.begin === one.end)
      seen[(one.to - one.from) % 8 === 0 ? 'even' : 'odd']++
      seen.part += Number(one.to - one.from < one.stride)
      seen[one.isSparse ? 'sparse' : 'dense']++
    }
    for (const [outcome, count] of Object.entries(seen)) assert.ok(count > 10, `${outcome}: ${count}`)
  })

  test(`takes a child's sums from its parent's, codes of ${isWide ? 16 : 8} bits`, () => {
    const random = createRandom(3)
    for (let round = 0; round < 150; round++) {
      bench.clear()
      const parent = randomCase(random, isWide)
      const child = { ...parent, end: parent.begin + random.int(parent.end - parent.begin + 1) }
      const of = fill(parent)
      const { slots } = fill(child)
      const { from, to, columnCount } = parent
      const last = Math.min(to, columnCount)
      bench.kernels.subtractColumns(of.slots, slots, of.offsets[from], of.columns, from, last)
      assertSums(parent, of, (f, bin) => {
        const taken = slowSums(child, f, bin)
        return slowSums(parent, f, bin).map((sum, i) => sum - taken[i])
      })
    }
  })
}

test('clears the bins of the columns asked for and no other', () => {
  const columns = bench.put(Int32Array.of(10, 3, 0, 0, 14, 2, 0, 0, 20, 5, 0, 0))
  const slots = bench.take(16 * 20)
  bench.float64.fill(7, slots / 8, slots / 8 + 40)
  bench.kernels.clearColumns(slots, 10, columns, 1, 2)
  const cleared = Array.from(bench.float64.subarray(slots / 8, slots / 8 + 40), (value, i) =>
    value === 0 ? i : -1,
  )
  assert.deepEqual(
    cleared.filter((i) => i >= 0),
    [8, 9, 10, 11],
  )
})
