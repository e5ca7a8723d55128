// For tests only: golden files and small data.
import { readFileSync } from 'node:fs'
import { FdsError } from '../errors.ts'
import type { Matrix } from '../math/matrix.ts'
import type { Random } from '../math/random.ts'

const FOLDER = new URL('../../test/fixtures/model/', import.meta.url)

export function readFixture(name: string): Uint8Array {
  return readFileSync(new URL(name, FOLDER))
}

export function readJsonFixture<T>(name: string): T {
  return JSON.parse(new TextDecoder().decode(readFixture(name)))
}

/** Little-endian float32 in base64, as the maker program writes arrays. */
export function floatsOfBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i))
}

export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  return { rowCount: rows.length, columnCount: rows[0].length, values: Float32Array.from(rows.flat()) }
}

export interface LabelledRows {
  readonly x: Matrix
  readonly y: Uint8Array
}

/** Normal columns, every third one coarse; the label depends on the first two columns and on chance. */
export function randomRows(
  random: Random,
  shape: { rows: number; columns: number; missing?: number },
): LabelledRows {
  const { rows, columns, missing = 0 } = shape
  const values = new Float32Array(rows * columns)
  const y = new Uint8Array(rows)
  for (let row = 0; row < rows; row++) {
    const cells = Array.from({ length: columns }, (_, f) => {
      const value = random.normal()
      return f % 3 === 2 ? Math.round(value * 2) : value
    })
    y[row] = cells[0] + (cells[1] ?? 0) * cells[0] + 0.7 * random.normal() > 0.6 ? 1 : 0
    values.set(
      cells.map((cell) => (random.next() < missing ? Number.NaN : cell)),
      row * columns,
    )
  }
  return { x: { rowCount: rows, columnCount: columns, values }, y }
}

/** For `assert.throws`: an error of this code whose message has this text. */
export function failsWith(code: string, text: string): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof FdsError)) throw error
    if (error.code !== code) throw new Error(`expected ${code}, got ${error.code}: ${error.message}`)
    if (!error.message.includes(text)) throw new Error(`expected "${text}" in "${error.message}"`)
    return true
  }
}

/** Few small trees that draw rows, and columns of every kind. */
export const SAMPLED = {
  nEstimators: 10,
  maxDepth: 4,
  subsample: 0.7,
  colsampleBytree: 0.8,
  colsampleBylevel: 0.8,
  colsampleBynode: 0.8,
}
