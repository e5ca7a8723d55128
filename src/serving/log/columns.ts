import type { Decision, Label, ShadowScore } from './decision.ts'

/**
 * Rows as columns, the form in which they go to another thread or into one statement for many rows: a few arrays cost
 * far less to hand over than an object a row. Texts that repeat from row to row (a model's version, say) are kept once
 * for each combination that occurs.
 */
export interface Columns {
  readonly rows: number
  readonly texts: readonly (readonly (string | null)[])[]
  /** Null is NaN. */
  readonly numbers: readonly Float64Array[]
  readonly words: readonly (readonly (string | null)[])[]
  /** Which of `words` each row has. */
  readonly wordsOf: Uint32Array
}

/** Which fields of a row are texts, numbers and repeated words, in the order in which columns hold them. */
interface Layout<Row> {
  readonly texts: readonly (keyof Row)[]
  readonly numbers: readonly (keyof Row)[]
  readonly words: readonly (keyof Row)[]
}

export const DECISION_LAYOUT = {
  texts: ['transactionId', 'transactionJson', 'entity'],
  numbers: ['eventTime', 'probability', 'latencyMs', 'createdAt'],
  words: ['experiment', 'arm', 'failedArm', 'modelName', 'modelVersion', 'policyVersion', 'riskLevel'],
} as const satisfies Layout<Decision>

export const SHADOW_LAYOUT = {
  texts: ['transactionId'],
  numbers: ['probability', 'createdAt'],
  words: ['arm', 'modelVersion', 'policyVersion', 'riskLevel'],
} as const satisfies Layout<ShadowScore>

export const LABEL_LAYOUT = {
  texts: ['transactionId'],
  numbers: ['isFraud', 'labelTime', 'isTimeAssumed', 'receivedAt'],
  words: ['source'],
} as const satisfies Layout<Label>

/** Puts rows into columns, O(rows); true is 1, false and what is absent among numbers 0 and NaN. */
export function pack<Row extends object>(rows: readonly Row[], layout: Layout<Row>): Columns {
  return {
    rows: rows.length,
    texts: layout.texts.map((field) => rows.map((row) => row[field] as string | null)),
    numbers: layout.numbers.map((field) => numbersOf(rows, field)),
    ...packWords(rows, layout.words),
  }
}

/** The number of a cell, null where it was null. */
export function numberAt(column: Float64Array, row: number): number | null {
  const value = column[row]!
  return Number.isNaN(value) ? null : value
}

function numbersOf<Row>(rows: readonly Row[], field: keyof Row): Float64Array {
  const column = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i]![field]
    column[i] = value === null || value === undefined ? Number.NaN : Number(value)
  }
  return column
}

function packWords<Row>(
  rows: readonly Row[],
  fields: readonly (keyof Row)[],
): Pick<Columns, 'words' | 'wordsOf'> {
  const wordsOf = new Uint32Array(rows.length)
  const examples: Row[] = []
  let known = -1
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    // neighbours mostly agree, and there are few combinations
    if (known < 0 || !agree(row, examples[known]!, fields)) {
      known = examples.findIndex((example) => agree(row, example, fields))
      if (known < 0) known = examples.push(row) - 1
    }
    wordsOf[i] = known
  }
  return {
    words: examples.map((example) => fields.map((field) => example[field] as string | null)),
    wordsOf,
  }
}

function agree<Row>(one: Row, other: Row, fields: readonly (keyof Row)[]): boolean {
  for (const field of fields) if (one[field] !== other[field]) return false
  return true
}
