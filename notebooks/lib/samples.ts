/** One line of the Prometheus text format: a series and its value. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The samples of a text in the Prometheus format, in its order; comments are left out. */
export function parseSamples(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? []
    if (name === undefined) return []
    const pairs = [...labels.matchAll(LABEL)].map(([, key, word]) => [key!, word!] as const)
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }]
  })
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** The samples of one metric whose labels are as given; a label may be given as a pattern. */
export function pick(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string | RegExp>> = {},
): Sample[] {
  return samples.filter(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([key, wanted]) => {
        const value = sample.labels[key] ?? ''
        return typeof wanted === 'string' ? value === wanted : wanted.test(value)
      }),
  )
}

/** The sum of samples by the values of one label, as `sum by (label) (…)` gives it. */
export function sumBy(samples: readonly Sample[], label: string): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { labels, value } of samples) {
    const key = labels[label] ?? ''
    sums[key] = (sums[key] ?? 0) + value
  }
  return sums
}

/** The sum of samples, as `sum(…)` gives it. */
export function sumOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, { value }) => sum + value, 0)
}
