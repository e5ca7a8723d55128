import type { ColumnProfile } from '../profile/profile.ts'
import type { Words } from './html.ts'
import { short } from './numbers.ts'
import { LABELS } from './page-words.ts'

/** The bins of a column as people read them, that of the missing values last; labels of the page by their names. */
export type BinLabel = string | { readonly label: 'otherValues' | 'anyValue' | 'missing' }

export function binLabels(column: ColumnProfile): BinLabel[] {
  return [...valueLabels(column), { label: 'missing' }]
}

/** A label in both languages. */
export function binWords(label: BinLabel): Words {
  return typeof label === 'string' ? { en: label, ko: label } : LABELS[label.label]
}

/** A text of at most so many letters: a category may be a whole page. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text
}

function valueLabels(column: ColumnProfile): BinLabel[] {
  if (column.type === 'cat') {
    return [...column.categories.map((category) => cut(category, 80)), { label: 'otherValues' }]
  }
  const { cuts } = column
  if (cuts.length === 0) return [{ label: 'anyValue' }]
  const between = cuts.slice(1).map((cut, i) => rangeLabel(cuts[i]!, cut))
  return [`≤ ${short(cuts[0]!)}`, ...between, `> ${short(cuts.at(-1)!)}`]
}

/** A bin between two neighbouring numbers holds one value, and so says it alone. */
function rangeLabel(from: number, to: number): string {
  const [start, end] = [short(from), short(to)]
  return start === end ? end : `${start} – ${end}`
}
