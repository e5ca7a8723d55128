import { globSync, readFileSync } from 'node:fs'

/** Lines of one file, and how many of them ran. */
export interface Lines {
  readonly found: number
  readonly hit: number
}

// what Node does not run: AssemblyScript, compiled into one file, and what the page carries into a browser (test:e2e)
const ELSEWHERE = /^src\/model\/kernels\/|^src\/monitoring\/report\/page-[^/]*\.js$/
const TESTS = /\.(test|fixture|contract)\.ts$/

/** Every file of src that is code of the product and runs in Node, with its number of lines. */
export function filesToCover(): ReadonlyMap<string, number> {
  const files = globSync(['src/**/*.ts', 'src/**/*.js']).filter(
    (file) => !ELSEWHERE.test(file) && !TESTS.test(file),
  )
  return new Map(
    files.toSorted().map((file) => [file, readFileSync(file, 'utf8').trimEnd().split('\n').length]),
  )
}

/** Reads the records SF, LF and LH of an lcov file. */
export function readLcov(text: string): ReadonlyMap<string, Lines> {
  const files = new Map<string, Lines>()
  for (const record of text.split('end_of_record')) {
    const read = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(record)?.[1]
    const file = read('SF')
    if (file !== undefined) files.set(file, { found: Number(read('LF')), hit: Number(read('LH')) })
  }
  return files
}

/** The share of lines that ran and a table by room, in Markdown. A file that no test loads counts with all its lines. */
export function summaryOf(
  measured: ReadonlyMap<string, Lines>,
  files: ReadonlyMap<string, number>,
): { readonly share: number; readonly text: string } {
  const rooms = new Map<string, { found: number; hit: number }>()
  for (const [file, lineCount] of files) {
    const { found, hit } = measured.get(file) ?? { found: lineCount, hit: 0 }
    const [, first = '', second] = file.split('/')
    const room = second === undefined ? 'src' : first
    const sum = rooms.get(room) ?? { found: 0, hit: 0 }
    rooms.set(room, { found: sum.found + found, hit: sum.hit + hit })
  }
  const all = [...rooms.values()]
  const total = { found: sumOf(all.map(({ found }) => found)), hit: sumOf(all.map(({ hit }) => hit)) }
  const row = (name: string, { found, hit }: Lines) =>
    `| ${name} | ${hit} of ${found} | ${((100 * hit) / found).toFixed(1)} % |`
  const lines = [
    `Line coverage of src: ${((100 * total.hit) / total.found).toFixed(1)} %`,
    '',
    '| room | lines | share |',
    '| --- | ---: | ---: |',
    ...[...rooms].toSorted().map(([name, counts]) => row(name, counts)),
    row('all', total),
  ]
  return { share: total.hit / total.found, text: `${lines.join('\n')}\n` }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
