import type { Column, Table } from '../../data/table.ts'
import {
  type DataDefinition,
  DataDriftPreset,
  DataSummaryPreset,
  Report,
  type ReportMetric,
  type ReportResult,
  ValueDrift,
} from '../index.ts'
import { numberColumn, tableOf, textColumn } from '../profile/table.fixture.ts'

/** How a column is drawn, here and in test/fixtures/monitoring/make_evidently.py alike. */
export interface Recipe {
  readonly name: string
  readonly kind: 'normal' | 'skewed' | 'whole' | 'category' | 'text' | 'boolean' | 'constant' | 'timestamp'
  readonly seed: number
  readonly shift?: number
  readonly levels?: number
  /** The share of missing values. */
  readonly missing?: number
  /** So many of the first rows are infinite. */
  readonly infinite?: number
}

export interface Side {
  readonly rows: number
  readonly columns: readonly Recipe[]
}

/** The table of a side, to the last bit the one that Evidently saw. */
export function drawTable(side: Side): Table {
  return tableOf(...side.columns.map((recipe) => drawColumn(recipe, side.rows)))
}

function drawColumn(recipe: Recipe, rows: number): Column {
  const { name, kind } = recipe
  const cells = drawCells(recipe, rows)
  if (kind === 'category' || kind === 'text') return textColumn(name, cells as (string | null)[])
  const stored = kind === 'boolean' || kind === 'timestamp' ? kind : 'number'
  return numberColumn(name, cells as (number | null)[], stored)
}

function drawCells(recipe: Recipe, rows: number): (number | string | null)[] {
  const { seed, missing = 0, infinite = 0 } = recipe
  let state = seed
  const uniform = (): number => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return Array.from({ length: rows }, (_, row) => {
    if (missing > 0 && uniform() < missing) return null
    return row < infinite ? Infinity : drawCell(recipe, uniform)
  })
}

function drawCell(recipe: Recipe, uniform: () => number): number | string {
  const { kind, shift = 0, levels = 3 } = recipe
  if (kind === 'normal') return normal(uniform) + shift
  if (kind === 'skewed') {
    const z = normal(uniform)
    return z * z * z + shift
  }
  if (kind === 'whole') return Math.floor(uniform() * levels) + shift
  if (kind === 'category') return `c${Math.floor(uniform() * uniform() * levels) + shift}`
  if (kind === 'text') return `word ${Math.floor(uniform() * 1e9)}`
  if (kind === 'boolean') return uniform() * 10 < levels ? 1 : 0
  if (kind === 'constant') return shift + 0.5
  return Math.floor(uniform() * 1e6) + 1_700_000_000
}

function normal(uniform: () => number): number {
  let total = 0
  for (let i = 0; i < 12; i++) total += uniform()
  return total - 6
}

/** Where two values part, keys and texts compared exactly and numbers to 1e-9; null where they do not. NaN and infinities are texts in Evidently's JSON here. */
export function parting(ours: unknown, theirs: unknown, path = ''): string | null {
  if (typeof ours === 'number' && String(ours) === theirs) return null
  if (typeof ours === 'number' && typeof theirs === 'number') {
    const isNear = Object.is(ours, theirs) || Math.abs(ours - theirs) <= 1e-9 * Math.max(1, Math.abs(theirs))
    return isNear ? null : `${path}: ${ours} beside ${theirs}`
  }
  if (typeof ours === 'object' && typeof theirs === 'object' && ours !== null && theirs !== null) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])]
    const at = (side: object, key: string): unknown => (side as Record<string, unknown>)[key]
    for (const key of keys) {
      const found = parting(at(ours, key), at(theirs, key), `${path}/${key}`)
      if (found !== null) return found
    }
    return null
  }
  return ours === theirs ? null : `${path}: ${JSON.stringify(ours)} beside ${JSON.stringify(theirs)}`
}

/** What a report was asked, with Evidently's names. */
export interface Case {
  readonly name: string
  readonly reference: Side
  readonly current: Side
  /** Types that are said, with Evidently's names. */
  readonly definition?: Readonly<Record<string, readonly string[]>>
  readonly metrics: readonly (readonly [
    kind: keyof typeof METRICS,
    options: Readonly<Record<string, unknown>>,
  ])[]
}

/** Our report of a case, as Evidently would make it. */
export function reportOf(given: Case, reference: Table, current: Table): ReportResult {
  const metrics = given.metrics.map(([kind, options]) => new METRICS[kind](camelCased(options)))
  const dataDefinition: DataDefinition = camelCased(given.definition ?? {})
  const report = new Report(metrics, { includeTests: true, mode: 'evidently' })
  return report.run({ reference, current, dataDefinition })
}

type MetricClass = new (options: never) => ReportMetric

const METRICS = { DataDriftPreset, DataSummaryPreset, ValueDrift } satisfies Record<string, MetricClass>

/** Evidently's option names as ours. */
function camelCased(options: Readonly<Record<string, unknown>>): never {
  const rename = (name: string): string =>
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [rename(name), value])) as never
}
