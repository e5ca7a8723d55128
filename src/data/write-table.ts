import { mkdtemp, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FdsError } from '../errors.ts'
import { requireDifferentNames } from './csv-dialect.ts'
import { formatOf, reasonOf } from './data-file.ts'
import type { Table } from './table.ts'
import { requireWritableTimes } from './table-times.ts'
import { writeCsv } from './write-csv.ts'
import { writeParquet } from './write-parquet.ts'

/**
 * Writes a table as CSV (.csv, .csv.gz) or Parquet (.parquet) by the file's name. The file appears whole or
 * not at all: it is written and synced in a folder beside it, then renamed over whatever was there.
 *
 * Numbers come back bit by bit, `-0` and infinities too; missing is an empty cell or NULL. Times are written to
 * the microsecond, timestamps with a `Z` (UTC). In CSV a text that would be read as missing is quoted; what CSV
 * cannot say is the kind of a column without values, and that a text column holds texts that all look like
 * numbers or times (`readTable` takes it in its `text` option).
 *
 * Errors: FILE_FORMAT_UNKNOWN; COLUMN_DUPLICATE (Parquet also for names that differ in case alone);
 * CELL_INVALID for a time outside the years 1 to 9999 or a time of day outside one day; STORAGE_FAILED for
 * what the disk refuses. The same table gives the same bytes. Cost: about four million cells a second.
 */
export async function writeTable(file: string, table: Table): Promise<void> {
  const format = formatOf(file)
  const names = table.columns.map((column) => column.name)
  requireDifferentNames(file, format === 'parquet' ? names.map((name) => name.toLowerCase()) : names)
  if (names.length === 0)
    throw new FdsError('STORAGE_FAILED', { what: file, reason: 'a table needs a column' })
  requireWritableTimes(file, table)
  await replaceFile(file, (path) => {
    return format === 'parquet' ? writeParquet(path, table) : writeCsv(path, table, format === 'csv.gz')
  })
}

/** Lets `write` make a file at a path of its own, then moves it to `file`. STORAGE_FAILED. */
export async function replaceFile(file: string, write: (path: string) => Promise<void>): Promise<void> {
  const target = resolve(file)
  let folder: string | undefined
  try {
    folder = await mkdtemp(join(dirname(target), '.fds-'))
    const path = join(folder, basename(target))
    await write(path)
    await sync(path)
    await rename(path, target)
  } catch (cause) {
    if (cause instanceof FdsError) throw cause
    throw new FdsError('STORAGE_FAILED', { what: file, reason: reasonOf(cause) }, { cause })
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.sync()
  await handle.close()
}
