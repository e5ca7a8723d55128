import type { TextCounts } from './text-counts.ts'

const KEPT = 65_536

/**
 * Which texts of a stream are frequent, in bounded memory (Misra and Gries 1982, merged as Agarwal and others 2012):
 * a text with more than a 65,536th of all rows is never lost, and up to 131,072 different texts nothing is.
 */
export class FrequentTexts {
  #counts = new Map<string, number>()

  add({ texts, counts }: Omit<TextCounts, 'missing'>): void {
    for (const [i, text] of texts.entries()) {
      if (counts[i]! > 0) this.#counts.set(text, (this.#counts.get(text) ?? 0) + counts[i]!)
    }
    if (this.#counts.size > 2 * KEPT) this.#prune()
  }

  /** The texts kept; of each at most as many rows as it had. */
  counts(): Omit<TextCounts, 'missing'> {
    return { texts: [...this.#counts.keys()], counts: [...this.#counts.values()] }
  }

  /** Takes as many rows from every text as the first one beyond the most frequent has. */
  #prune(): void {
    const least = Float64Array.from(this.#counts.values())
      .sort()
      .at(-1 - KEPT)!
    const left = [...this.#counts].filter(([, count]) => count > least)
    this.#counts = new Map(left.map(([text, count]) => [text, count - least]))
  }
}
