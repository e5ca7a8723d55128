import type { Column, NumberColumn, Table } from '../../data/table.ts'

/** A table from columns, for the tests of this room. */
export function tableOf(...columns: readonly Column[]): Table {
  const [first] = columns
  const rowCount = first === undefined ? 0 : first.kind === 'text' ? first.codes.length : first.values.length
  return { rowCount, columns }
}

export function numberColumn(
  name: string,
  values: readonly (number | null)[],
  kind: NumberColumn['kind'] = 'number',
): Column {
  return { name, kind, values: Float64Array.from(values, (value) => value ?? Number.NaN) }
}

export function textColumn(name: string, cells: readonly (string | null)[]): Column {
  const categories = [...new Set(cells.filter((cell) => cell !== null))]
  const codeOf = new Map<string | null, number>(categories.map((category, code) => [category, code]))
  return { name, kind: 'text', categories, codes: Int32Array.from(cells, (cell) => codeOf.get(cell) ?? -1) }
}
