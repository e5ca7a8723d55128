import type { CsvDialect } from './csv-dialect.ts'
import { MISSING_TEXTS } from './csv-kinds.ts'
import type { DataFile } from './data-file.ts'
import { sqlPath, sqlText } from './duckdb.ts'
import type { Kind } from './source.ts'

const ALTERNATIVES = [...new Set(MISSING_TEXTS.map((text) => text.toLowerCase()))].join('|')
const WORDS = sqlText(`|${ALTERNATIVES}|`)
const BLANK = sqlText(`^ *(?i:${ALTERNATIVES}) *$`)

/**
 * To be run before `csvValue` is used. `fds_missing` stops the query at a value that is neither cast nor
 * missing; which one it was is for `explainCsv` to find.
 */
export const CSV_MACROS = `
  CREATE OR REPLACE TEMP MACRO fds_blank(x) AS contains(${WORDS}, concat('|', lower(trim(x)), '|'));
  CREATE OR REPLACE TEMP MACRO fds_missing(x) AS
    CASE WHEN x IS NULL THEN 'nan'::DOUBLE WHEN fds_blank(x) THEN 'nan'::DOUBLE ELSE error('cell') END;`

/**
 * The file as a table of texts c0, c1, …: nothing is left to DuckDB's guessing, so nothing is skipped or
 * renamed. The header is read as a row and left out: taken as a header, one with quotes can cost every row
 * (behind a byte order mark, or around a line end). `strict_mode` is on by default; to say so changes that, too.
 */
export function csvFrom({ path, format }: DataFile, { names, delimiter, lineEnd, skip }: CsvDialect): string {
  const columns = names.map((_, place) => `'c${place}': 'VARCHAR'`).join(', ')
  return `(SELECT * FROM read_csv(${sqlPath(path)}, auto_detect = false, header = false, skip = ${skip},
    delim = ${sqlText(delimiter)}, new_line = ${LINE_ENDS[lineEnd]}, quote = '"', escape = '"',
    columns = {${columns}}, nullstr = [${MISSING_TEXTS.map(sqlText).join(', ')}], allow_quoted_nulls = false,
    null_padding = false, hive_partitioning = false, compression = ${format === 'csv' ? "'none'" : "'gzip'"}) OFFSET 1)`
}

/** As DuckDB's option spells them. */
const LINE_ENDS: Readonly<Record<string, string>> = { '\n': "'\\n'", '\r\n': "'\\r\\n'", '\r': "'\\r'" }

/**
 * The value of a text cell `x` in a column of that kind: NaN or NULL where missing. DuckDB's planner takes
 * quadratic time over columns that are named twice (20 s for 10,000), so the numbers of a `wide` file get an
 * expression that names them once and is slower to run.
 */
export function csvValue(kind: Kind, x: string, wide: boolean): string {
  if (kind === 'text') return x
  if (kind === 'number' && wide)
    return `CAST(regexp_replace(coalesce(${x}, 'nan'), ${BLANK}, 'nan') AS DOUBLE)`
  return `coalesce(${CASTS[kind](x)}, fds_missing(${x}))`
}

// the casts to TIME and DATE cut a timestamp in silence, hence the conditions; epoch() is off by one bit at times
const CASTS: Readonly<Record<Exclude<Kind, 'text'>, (x: string) => string>> = {
  number: (x) => `TRY_CAST(${x} AS DOUBLE)`,
  boolean: (x) => `CASE lower(trim(${x})) WHEN 'true' THEN 1::DOUBLE WHEN 'false' THEN 0::DOUBLE END`,
  time: (x) => `epoch_us(TRY_CAST(CASE WHEN NOT contains(${x}, '-') THEN trim(${x}) END AS TIME)) / 1e6`,
  date: (x) => `epoch(TRY_CAST(CASE WHEN length(trim(${x})) = 10 THEN trim(${x}) END AS DATE))`,
  timestamp: (x) => `epoch_us(TRY_CAST(trim(${x}) AS TIMESTAMPTZ)) / 1e6`,
}
