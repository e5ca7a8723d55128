import type { Matrix } from '../math/matrix.ts'

/** Rows of numbers, NaN where a value is missing: a matrix, or a list of rows. */
export type Rows = Matrix | readonly ArrayLike<number>[]
