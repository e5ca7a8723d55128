import { FdsError } from '../errors.ts'

/** Places of the wanted columns in the file's order; all of them when none are named. COLUMN_MISSING. */
export function chooseColumns(names: readonly string[], wanted: readonly string[] | undefined): number[] {
  if (wanted === undefined) return [...names.keys()]
  const known = new Set(names)
  const column = wanted.find((name) => !known.has(name))
  if (column !== undefined) throw new FdsError('COLUMN_MISSING', { column, known: names })
  const chosen = new Set(wanted)
  return [...names.keys()].filter((place) => chosen.has(names[place]!))
}
