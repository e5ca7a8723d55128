import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom, type Matrix, type Random } from '../../src/math/index.ts'
import type { DataFiles } from './jobs.ts'

export interface Labelled {
  readonly x: Matrix
  readonly y: Uint8Array
}

/** Writes a matrix and its labels where both programs read them. */
export function writeData(folder: string, { x, y }: Labelled): DataFiles {
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'x.f32'),
    new Uint8Array(x.values.buffer, x.values.byteOffset, x.values.byteLength),
  )
  writeFileSync(join(folder, 'y.u8'), y)
  return { folder, rows: x.rowCount, columns: x.columnCount }
}

export function removeData({ folder }: DataFiles): void {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * Normal columns; the label is 1 for the 15 % of the rows with the largest sum of a main effect, two products, a
 * switch and noise.
 */
export function normalData({ rows, columns }: { rows: number; columns: number }): Labelled {
  const random = createRandom(1)
  const values = new Float32Array(rows * columns)
  for (let cell = 0; cell < values.length; cell++) values[cell] = random.normal()
  const score = Float64Array.from({ length: rows }, (_, row) => {
    const at = (column: number): number => values[row * columns + column]!
    const switched = at(5) > 0 ? at(6) : -at(7)
    return at(0) + at(1) * at(2) + 0.8 * at(3) * at(4) + switched + random.normal()
  })
  return { x: { rowCount: rows, columnCount: columns, values }, y: largest(score, 0.15) }
}

/** The same data with this share of the values missing. */
export function withMissing({ x, y }: Labelled, share: number, random: Random = createRandom(2)): Labelled {
  const values = x.values.map((value) => (random.next() < share ? Number.NaN : value))
  return { x: { ...x, values }, y }
}

/** 1 for this share of the scores, the largest ones. */
export function largest(scores: Float64Array, share: number): Uint8Array {
  const sorted = scores.toSorted()
  const bound = sorted[Math.floor((1 - share) * sorted.length)]!
  return Uint8Array.from(scores, (score) => Number(score >= bound))
}
