// Evidently 0.7.23 itself judges the mode `evidently`: random tables written to files, whole dictionaries compared.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { readTable, writeTable } from '../../../src/data/index.ts'
import { createRandom, type Random } from '../../../src/math/index.ts'
import {
  type Case,
  drawTable,
  parting,
  type Recipe,
  reportOf,
  type Side,
} from '../../../src/monitoring/drift/evidently.fixture.ts'
import { progress, pythonOf } from '../python.ts'
import { EVIDENTLY } from './environments.ts'

const CASES = 40

/** A case whose sides lie in files, where both read them. */
type FiledCase = Case & { readonly reference_file: string; readonly current_file: string }

test(`${CASES} random pairs of tables, read from CSV and Parquet: every key, identity, status and number`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fds-evidently-'))
  try {
    const cases = await Promise.all(Array.from({ length: CASES }, (_, seed) => fileCase(seed, folder)))
    const theirs = await evidentlys(cases)
    const parted: string[] = []
    let entries = 0
    for (const [i, given] of cases.entries()) {
      const { metrics, tests } = await ours(given)
      entries += metrics.length + tests.length
      const found = parting({ metrics, tests }, theirs[i])
      if (found !== null) parted.push(`${found} in ${JSON.stringify(given)}`)
    }
    progress(`${CASES} pairs of tables, ${entries} entries, ${parted.length} dictionaries part`)
    assert.deepEqual(parted, [])
  } finally {
    await rm(folder, { recursive: true })
  }
})

async function ours(given: FiledCase) {
  const [reference, current] = [await readTable(given.reference_file), await readTable(given.current_file)]
  return reportOf(given, reference, current).dict()
}

async function evidentlys(cases: readonly FiledCase[]): Promise<readonly unknown[]> {
  const program = 'test/fixtures/monitoring/make_evidently.py'
  const options = { input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 2 ** 28 } as const
  const { status, stdout, stderr } = spawnSync(await pythonOf(EVIDENTLY), [program, '-'], options)
  if (status !== 0) throw new Error(`Evidently ended with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

/** CSV is written here; Parquet by pandas, since a table of ours does not say which numbers are whole. */
async function fileCase(seed: number, folder: string): Promise<FiledCase> {
  const extension = seed % 2 === 0 ? 'csv' : 'parquet'
  const given = drawCase(createRandom(seed), extension)
  const [reference_file, current_file] = ['before', 'after'].map((side) =>
    join(folder, `${seed}-${side}.${extension}`),
  ) as [string, string]
  if (extension === 'csv') {
    await writeTable(reference_file, drawTable(given.reference))
    await writeTable(current_file, drawTable(given.current))
  }
  return { name: `seed ${seed}`, ...given, reference_file, current_file }
}

function drawCase(random: Random, extension: string): Omit<Case, 'name'> {
  const columns = Array.from({ length: 3 + random.int(6) }, (_, i) => drawRecipe(random, i, extension))
  const moved = columns.map((recipe) => drawMove(random, recipe))
  const metrics = drawMetrics(random, columns)
  // Evidently raises for infinities in bins of equal width
  const mayBeInfinite = !JSON.stringify(metrics).includes('method')
  const side = (recipes: Recipe[]): Side => ({
    rows: drawRows(random),
    columns: mayBeInfinite ? recipes.map((recipe) => withInfinities(random, recipe)) : recipes,
  })
  return { reference: side(columns), current: side(moved), metrics }
}

function withInfinities(random: Random, recipe: Recipe): Recipe {
  const isChosen = ['normal', 'skewed'].includes(recipe.kind) && random.next() < 0.3
  return isChosen ? { ...recipe, infinite: 1 + random.int(3) } : recipe
}

/** On either side of Evidently's 1,000 rows, and at it. */
function drawRows(random: Random): number {
  return pick(random, [100 + random.int(800), 1001 + random.int(2500), 1000, 1001])
}

const NAMES = ['amount', 'a b', "it's", '가격', 'C9', '"quoted"', 'x,y', 'D_1', 'tab']

function drawRecipe(random: Random, i: number, extension: string): Recipe {
  const always = ['normal', 'skewed', 'whole', 'whole', 'category', 'boolean', 'constant'] as const
  // pandas reads times from CSV as texts
  const kind = pick(random, extension === 'csv' ? always : [...always, 'timestamp' as const])
  const missing = kind !== 'constant' && random.next() < 0.3 ? random.next() / 2 : 0
  const levels = pick(random, [2, 3, 4, 5, 10, 11, 20, 21, 22, 60])
  const base = { name: NAMES[i]!, kind, seed: random.uint32(), missing, shift: random.int(3) }
  return { ...base, levels: kind === 'boolean' || kind === 'category' ? 2 + random.int(8) : levels }
}

/** Missing on both sides or on neither: Evidently's summary raises for whole numbers beside broken ones. */
function drawMove(random: Random, recipe: Recipe): Recipe {
  const { shift = 0, levels = 2, missing = 0 } = recipe
  const isMoved = random.next() < 0.5
  return {
    ...recipe,
    seed: random.uint32(),
    missing: missing === 0 ? 0 : random.next() / 2,
    shift: isMoved ? shift + random.int(2) : shift,
    levels: isMoved ? Math.max(2, levels + random.int(3) - 1) : levels,
  }
}

const DISTANCES = ['psi', 'jensenshannon', 'kl_div', 'hellinger'] as const

function drawMetrics(random: Random, columns: readonly Recipe[]): Case['metrics'] {
  const one =
    pick(
      random,
      columns.filter(({ kind }) => kind !== 'timestamp' && kind !== 'boolean'),
    ) ?? columns[0]!
  const threshold = pick(random, [0.05, 0.125, 1e-5, 1])
  const byType = {
    num_method: pick(random, ['ks', 'wasserstein', ...DISTANCES]),
    cat_method: pick(random, ['chisquare', 'z', ...DISTANCES]),
    cat_threshold: threshold,
  }
  const byColumn = {
    per_column_method: { [one.name]: 'psi' },
    per_column_threshold: { [one.name]: threshold },
  }
  return pick<Case['metrics']>(random, [
    [['DataDriftPreset', {}]],
    [['DataDriftPreset', { method: pick(random, DISTANCES), drift_share: random.next() }]],
    [['DataDriftPreset', byType]],
    [
      ['DataSummaryPreset', {}],
      ['DataDriftPreset', byColumn],
    ],
    [
      ['ValueDrift', { column: one.name, threshold }],
      ['DataDriftPreset', {}],
      ['DataSummaryPreset', {}],
    ],
  ])
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.int(choices.length)]!
}
