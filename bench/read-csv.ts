// How fast a CSV file of a million rows and forty columns is read, and in how much memory.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, sqlText } from '../src/data/duckdb.ts'
import { readTable, readTableBatches } from '../src/data/read-table.ts'
import { runProgram } from './run-program.ts'

interface Figure {
  readonly name: string
  readonly value: string
}

const ROWS = 1_000_000
const RUNS = 3

/**
 * Makes the file in a temporary folder and reads it in fresh processes, three times each: seconds are the least
 * and the greatest, memory is the greatest resident size. A Python with pandas, given by path after
 * `--python`, reads it too.
 */
export async function benchReadCsv({
  python = argument('--python'),
}: {
  python?: string | undefined
} = {}): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'fds-bench-'))
  try {
    const file = join(folder, 'million.csv')
    await makeFile(file)
    const size = `${ROWS} × 40, ${((await stat(file)).size / 1e6).toFixed(0)} MB`
    const self = (how: string) => [process.execPath, import.meta.filename, how, file]
    return [
      await figure(`readTable ${size}`, self('table')),
      await figure('readTableBatches, the same', self('batches')),
      ...(python === undefined
        ? []
        : [await figure('pandas read_csv, the same', [python, '-c', PANDAS, file])]),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const PANDAS = `
import json, resource, sys, time
import pandas
start = time.perf_counter()
pandas.read_csv(sys.argv[1])
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))`

interface Measure {
  readonly seconds: number
  readonly bytes: number
}

/** 20 real columns, 10 whole, 6 categories, an id, a timestamp, a half-empty one and a label; the same every time. */
async function makeFile(file: string): Promise<void> {
  const chance = (column: number) => `(hash(range * 64 + ${column}) / 18446744073709551616.0::DOUBLE)`
  const columns = [
    ...series(20, (place) => `round((${chance(place)} - 0.5) * 1000, 4) AS real_${place}`),
    ...series(10, (place) => `floor(${chance(20 + place)} * 10000)::INTEGER AS whole_${place}`),
    ...series(
      6,
      (place) => `'category ' || floor(${chance(30 + place)} * 200)::INTEGER AS category_${place}`,
    ),
    "format('tx{:09d}', range) AS id",
    "TIMESTAMP '2025-01-01' + to_seconds(range) AS paid_at",
    `CASE WHEN ${chance(36)} < 0.5 THEN ${chance(37)} END AS half_empty`,
    `(${chance(38)} < 0.01)::INTEGER AS "isFraud"`,
  ]
  await using database = await openDatabase()
  await database.connection.run(`COPY (SELECT ${columns.join(', ')} FROM range(${ROWS})) TO ${sqlText(file)}`)
}

function series(count: number, column: (place: number) => string): string[] {
  return Array.from({ length: count }, (_, place) => column(place))
}

async function figure(name: string, command: readonly string[]): Promise<Figure> {
  const runs: Measure[] = []
  for (let run = 0; run < RUNS; run++) runs.push(await measure(command))
  const seconds = runs.map((run) => run.seconds).sort((a, b) => a - b)
  const bytes = Math.max(...runs.map((run) => run.bytes))
  return {
    name,
    value: `${seconds[0]!.toFixed(1)}–${seconds.at(-1)!.toFixed(1)} s, ${(bytes / 1e9).toFixed(2)} GB`,
  }
}

async function measure(command: readonly string[]): Promise<Measure> {
  return JSON.parse(await runProgram(command)) as Measure
}

function argument(name: string): string | undefined {
  const place = process.argv.indexOf(name)
  return place < 0 ? undefined : process.argv[place + 1]
}

/** What the child process does: reads once and prints its measure. */
async function readOnce(how: string, file: string): Promise<void> {
  const start = performance.now()
  let rows = 0
  if (how === 'table') rows = (await readTable(file)).rowCount
  else for await (const batch of readTableBatches(file)) rows += batch.rowCount
  if (rows !== ROWS) throw new Error(`${rows} rows were read`)
  const measured: Measure = {
    seconds: (performance.now() - start) / 1000,
    bytes: process.resourceUsage().maxRSS * 1024,
  }
  console.log(JSON.stringify(measured))
}

if (import.meta.main) await readOnce(process.argv[2]!, process.argv[3]!)
