import { createRandom, type Random } from '../../src/math/index.ts'
import { CALM_KINDS } from '../../src/monitoring/drift/calm-columns.fixture.ts'
import { buildProfile, type ColumnDrift, compareProfile } from '../../src/monitoring/index.ts'
import { progress, type Row } from '../rows.ts'

const SEEDS = 500
const COLUMNS_A_KIND = 10
const [FEWEST_ROWS, MOST_ROWS] = [200, 50_000]
const SIZES = [
  [200, 1000],
  [1000, 10_000],
  [10_000, 50_000],
] as const

interface Tally {
  columns: number
  alarms: number
}

/**
 * How often nothing looks like drift: 500 reports of 100 columns in which both sides come from one distribution, the
 * rows of each side drawn between 200 and 50,000, evenly in their logarithm. The bar: 4 to 6 % of the columns have a
 * p-value under 5 %, at most 5 % of the reports raise an alarm after the correction.
 */
export async function benchFalseAlarms(seeds = SEEDS): Promise<readonly Row[]> {
  const [byKind, bySize] = [new Map<string, Tally>(), new Map<string, Tally>()]
  const all = { columns: 0, alarms: 0 }
  let [corrected, alarmed] = [0, 0]
  for (let seed = 0; seed < seeds; seed++) {
    const random = createRandom(seed)
    const rows = [rowsOf(random), rowsOf(random)] as const
    const found = calmReport(random, rows)
    for (const { name, p_value } of found) {
      const isAlarm = p_value !== null && p_value < 0.05
      for (const tally of [
        all,
        tallyOf(byKind, name.slice(0, name.indexOf(' #'))),
        tallyOf(bySize, sizesOf(rows)),
      ]) {
        tally.columns++
        tally.alarms += Number(isAlarm)
      }
    }
    if (found.some(({ findings }) => findings.some(({ q_value }) => q_value !== null && q_value < 0.05)))
      corrected++
    if (found.some(({ drifted }) => drifted)) alarmed++
    if (seed % 50 === 49) progress(`${seed + 1} of ${seeds} reports`)
  }
  return [
    { name: 'columns with p < 5 % (bar: 4 to 6 %)', value: shareOf(all) },
    {
      name: 'reports with a q < 5 % (bar: at most 5 %)',
      value: shareOf({ columns: seeds, alarms: corrected }),
    },
    {
      name: 'reports with a drifted column (bar: at most 5 %)',
      value: shareOf({ columns: seeds, alarms: alarmed }),
    },
    ...rowsBy(bySize, 'rows of reference and current'),
    ...rowsBy(byKind, 'kind'),
  ]
}

function calmReport(random: Random, [n, m]: readonly [number, number]): readonly ColumnDrift[] {
  const kinds = Object.entries(CALM_KINDS).flatMap(([kind, make]) =>
    Array.from({ length: COLUMNS_A_KIND }, (_, i) => ({ name: `${kind} #${i}`, make })),
  )
  const table = (rows: number) => ({
    rowCount: rows,
    columns: kinds.map(({ name, make }) => make(random, rows, name)),
  })
  return compareProfile(buildProfile(table(n)), table(m))
}

function rowsOf(random: Random): number {
  return Math.round(FEWEST_ROWS * (MOST_ROWS / FEWEST_ROWS) ** random.next())
}

function sizesOf(rows: readonly number[]): string {
  const names = rows.map((count) => {
    const [from, to] = SIZES.find(([, end]) => count <= end)!
    return `${from.toLocaleString('en')}–${to.toLocaleString('en')}`
  })
  return names.join(' and ')
}

function tallyOf(tallies: Map<string, Tally>, name: string): Tally {
  const tally = tallies.get(name) ?? { columns: 0, alarms: 0 }
  tallies.set(name, tally)
  return tally
}

function rowsBy(tallies: Map<string, Tally>, what: string): Row[] {
  return [...tallies].sort().map(([name, tally]) => ({ name: `  ${what}: ${name}`, value: shareOf(tally) }))
}

function shareOf({ columns, alarms }: Tally): string {
  return `${((100 * alarms) / columns).toFixed(2)} % of ${columns.toLocaleString('en')}`
}
