import { openDatabase, sqlText } from '../../src/data/duckdb.ts'

export interface DriftFile {
  readonly path: string
  readonly rows: number
  readonly columns: number
  /** Two files of different seeds are two samples of one world. */
  readonly seed: number
  /** Every twentieth column is moved by so much. */
  readonly shift: number
}

/** Columns drawn anew; the others are multiples of them, so that a billion cells take a minute or two. */
const DRAWN = 60

/**
 * A Parquet file of transaction-like columns, written by DuckDB, the same for the same seed: of ten columns one of texts
 * with a few skewed categories and gaps, two of small whole numbers, three heavy-tailed amounts with a tenth missing,
 * four bell-shaped scores rounded to hundredths.
 */
export async function writeDriftFile({ path, rows, columns, seed, shift }: DriftFile): Promise<void> {
  await using database = await openDatabase()
  const drawn = Array.from(
    { length: DRAWN },
    (_, i) => `${drawnValue(i, seed, i % 20 === 3 ? shift : 0)} AS d${i}`,
  )
  const values = Array.from({ length: columns }, (_, i) => {
    const times = i % 10 === 0 ? '' : ` * ${1 + Math.floor(i / DRAWN)}`
    return `d${i % DRAWN}${times} AS v${i}`
  })
  await database.connection.run(
    `COPY (SELECT ${values.join(', ')} FROM (SELECT ${drawn.join(', ')} FROM range(${rows}) AS rows(row)))
     TO ${sqlText(path)} (FORMAT parquet, ROW_GROUP_SIZE 65536)`,
  )
}

function drawnValue(i: number, seed: number, shift: number): string {
  // uniform in (0, 1), one for each cell
  const u = `((hash(row, ${i}, ${seed}) % 1000003 + 0.5) / 1000003.0)`
  const isGap = `hash(row, ${i}, ${seed}, 7)`
  const kind = i % 10
  if (kind === 0) {
    return `CASE WHEN ${isGap} % 20 > 0 THEN concat('category ', floor(12 * ${u} * ${u})::INT) END`
  }
  if (kind < 3) return `floor(20 * ${u} * ${u})::INT`
  if (kind < 6) return `CASE WHEN ${isGap} % 10 > 0 THEN exp(${shift} + 2 * sqrt(-2 * ln(${u}))) END`
  return `round(${shift} + ln(${u} / (1 - ${u})), 2)`
}
