import type { Column } from '../../data/table.ts'
import type { Random } from '../../math/index.ts'

/** Ten kinds of columns as fraud data have them: skewed, tied, flags, with gaps, few and many categories. */
export const CALM_KINDS = {
  normal: numbers((random) => random.normal()),
  'heavy-tailed amount': numbers((random) => Math.exp(2 * random.normal())),
  'mostly zero': numbers((random) => (random.next() < 0.8 ? 0 : -Math.log(1 - random.next()))),
  'small count': numbers((random) => Math.floor(-3 * Math.log(1 - random.next()))),
  'flag of 2 %': numbers((random) => Number(random.next() < 0.02)),
  'flag of 40 %': numbers((random) => Number(random.next() < 0.4)),
  'one in ten missing': numbers((random) => (random.next() < 0.1 ? Number.NaN : random.normal())),
  'three categories': texts(3, (random) => Math.floor(3 * random.next() ** 2)),
  '60 categories, uneven': texts(60, (random) => Math.floor(60 * random.next() ** 3)),
  '1,000 categories alike': texts(1000, (random) => random.int(1000)),
} as const

type MakeColumn = (random: Random, rows: number, name: string) => Column

function numbers(draw: (random: Random) => number): MakeColumn {
  return (random, rows, name) => {
    const values = new Float64Array(rows)
    for (let i = 0; i < rows; i++) values[i] = draw(random)
    return { name, kind: 'number', values }
  }
}

function texts(count: number, draw: (random: Random) => number): MakeColumn {
  const categories = Array.from({ length: count }, (_, i) => `c${i}`)
  return (random, rows, name) => {
    const codes = new Int32Array(rows)
    for (let i = 0; i < rows; i++) codes[i] = draw(random)
    return { name, kind: 'text', codes, categories }
  }
}
