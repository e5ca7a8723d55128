import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Lines of one file, how many of them ran, and which did not. */
export interface Lines {
  readonly found: number
  readonly hit: number
  readonly missed: readonly number[]
}

/** What V8 writes for NODE_V8_COVERAGE: how often each stretch of a script ran, an inner stretch after the outer. */
interface ScriptCoverage {
  readonly url: string
  readonly functions: readonly {
    readonly ranges: readonly {
      readonly startOffset: number
      readonly endOffset: number
      readonly count: number
    }[]
  }[]
}

// what Node does not run: AssemblyScript, compiled into one file, and what the page carries into a browser (test:e2e)
const ELSEWHERE = /^src\/model\/kernels\/|^src\/monitoring\/report\/page-[^/]*\.js$/
const TESTS = /\.(test|fixture|contract)\.ts$/

/** Every file of src that is code of the product and runs in Node. */
export function filesToCover(): readonly string[] {
  return globSync(['src/**/*.ts', 'src/**/*.js'])
    .filter((file) => !ELSEWHERE.test(file) && !TESTS.test(file))
    .toSorted()
}

/**
 * Joins what the processes of a run left in `folder`: a line ran if it ran in one of them. A file that none loaded counts
 * with all its lines, unless it holds nothing but types. Every line counts, as in Node's own report.
 */
export function readCoverage(folder: string, files: readonly string[]): ReadonlyMap<string, Lines> {
  const known = new Map(files.map((file) => [pathToFileURL(resolve(file)).href, openFile(file)]))
  for (const name of readdirSync(folder)) {
    for (const script of readScripts(join(folder, name))) {
      const file = known.get(script.url)
      if (file) addScript(file, script)
    }
  }
  const loaded = [...known.values()].filter(({ name, isLoaded }) => isLoaded || !isTypesAlone(name))
  return new Map(
    loaded.map(({ name, ran }) => {
      const missed = ran.flatMap((did, index) => (did ? [] : [index + 1]))
      return [name, { found: ran.length, hit: ran.length - missed.length, missed }]
    }),
  )
}

interface OpenFile {
  readonly name: string
  /** Offset of each line's start, and of the end of the file. */
  readonly starts: readonly number[]
  readonly ran: boolean[]
  isLoaded: boolean
}

function openFile(name: string): OpenFile {
  const text = readFileSync(name, 'utf8')
  const starts = [0]
  for (const { index } of text.trimEnd().matchAll(/\n/g)) starts.push(index + 1)
  const ran = starts.map(() => false)
  return { name, starts: [...starts, text.trimEnd().length + 1], ran, isLoaded: false }
}

function addScript(file: OpenFile, { functions }: ScriptCoverage): void {
  const ran = file.ran.map(() => true)
  for (const { startOffset, endOffset, count } of functions.flatMap(({ ranges }) => ranges)) {
    for (let line = 0; line < ran.length; line++) {
      const isInside = startOffset <= file.starts[line]! && endOffset >= file.starts[line + 1]! - 1
      if (isInside) ran[line] = count > 0
    }
  }
  for (const [line, did] of ran.entries()) file.ran[line] ||= did
  file.isLoaded = true
}

/** Nothing where a process was killed while it wrote. */
function readScripts(file: string): readonly ScriptCoverage[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { result: ScriptCoverage[] }).result
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** Whether nothing of a file is left once its types are gone, so that no process ever loads it. */
function isTypesAlone(name: string): boolean {
  const statements = /^(?!import type|export type|export interface|export \{$|\s|\}|\/\/|\/\*)\S/m
  return !statements.test(readFileSync(name, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, ''))
}

/** The share of lines that ran and a table by room, in Markdown. */
export function coverageText(files: ReadonlyMap<string, Pick<Lines, 'found' | 'hit'>>): {
  readonly share: number
  readonly text: string
} {
  const rooms = new Map<string, { found: number; hit: number }>()
  for (const [file, { found, hit }] of files) {
    const [, first = '', second] = file.split('/')
    for (const room of [second === undefined ? 'src' : first, 'all']) {
      const sum = rooms.get(room) ?? { found: 0, hit: 0 }
      rooms.set(room, { found: sum.found + found, hit: sum.hit + hit })
    }
  }
  const { found: all, hit: reached } = rooms.get('all') ?? { found: 0, hit: 0 }
  const percent = (hit: number, found: number) => `${((100 * hit) / found).toFixed(1)} %`
  const rows = [...rooms]
    .toSorted(([a], [b]) => Number(a === 'all') - Number(b === 'all') || a.localeCompare(b))
    .map(([room, { found, hit }]) => `| ${room} | ${hit} of ${found} | ${percent(hit, found)} |`)
  const head = [
    `Line coverage of src: ${percent(reached, all)}`,
    '',
    '| room | lines | share |',
    '| --- | ---: | ---: |',
  ]
  return { share: reached / all, text: `${[...head, ...rows].join('\n')}\n` }
}
