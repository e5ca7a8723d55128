import { FdsError } from '../errors.ts'
import { openCsvSource } from './csv-source.ts'
import { findDataFile } from './data-file.ts'
import { openParquetSource } from './parquet-source.ts'
import type { Source, SourceInput } from './source.ts'

/**
 * Opens a file of any format by its name. FILE_NOT_FOUND, FILE_FORMAT_UNKNOWN, FILE_EMPTY and the errors of
 * the format.
 */
export async function openSource({
  file,
  ...wish
}: Omit<SourceInput, 'dataFile'> & { file: string }): Promise<Source> {
  const dataFile = findDataFile(file)
  if (dataFile.bytes === 0) throw new FdsError('FILE_EMPTY', { file })
  const input = { dataFile, ...wish }
  const source = await (dataFile.format === 'parquet' ? openParquetSource(input) : openCsvSource(input))
  if (source.rows === 0) throw new FdsError('FILE_EMPTY', { file })
  return source
}
