/** What a question is answered by: the name of a figure, and the figure. */
export interface Row {
  readonly name: string
  readonly value: string
}

/** Progress, where it does not mix with the figures. */
export function progress(text: string): void {
  process.stderr.write(`  … ${text}\n`)
}

/** Figures as soon as they are known: a whole part takes minutes. */
export function told(rows: readonly Row[]): readonly Row[] {
  for (const { name, value } of rows) progress(`${name}: ${value}`)
  return rows
}
