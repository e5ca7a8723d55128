import { type Stats, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { FdsError } from '../errors.ts'

export type DataFormat = 'csv' | 'csv.gz' | 'parquet'

/** A file that exists and whose format is known. */
export interface DataFile {
  /** As the caller named it, for messages. */
  readonly file: string
  /** Absolute, so that no name can mean an address, a home folder or an option. */
  readonly path: string
  readonly format: DataFormat
  readonly bytes: number
}

/**
 * Finds a data file to read. FILE_NOT_FOUND, FILE_FORMAT_UNKNOWN; FILE_UNREADABLE for a folder and for pipes
 * and devices, which could not be read twice.
 */
export function findDataFile(file: string): DataFile {
  const path = resolve(file)
  const { size } = statRegularFile(file, path)
  return { file, path, format: formatOf(file), bytes: size }
}

/**
 * The format by the name's end, in any case: .csv, .csv.gz, .parquet; FILE_FORMAT_UNKNOWN for any other.
 *
 * @example
 * formatOf('payments.CSV.gz') // 'csv.gz'
 */
export function formatOf(file: string): DataFormat {
  const match = /\.(csv|csv\.gz|parquet)$/i.exec(file)
  if (!match) throw new FdsError('FILE_FORMAT_UNKNOWN', { file })
  return match[1]!.toLowerCase() as DataFormat
}

function statRegularFile(file: string, path: string): Stats {
  const stats = statOf(file, path)
  if (stats.isDirectory()) throw new FdsError('FILE_UNREADABLE', { file, reason: 'it is a folder' })
  if (!stats.isFile()) throw new FdsError('FILE_UNREADABLE', { file, reason: 'it is not a regular file' })
  return stats
}

function statOf(file: string, path: string): Stats {
  try {
    return statSync(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new FdsError('FILE_NOT_FOUND', { file }, { cause })
    throw new FdsError('FILE_UNREADABLE', { file, reason: reasonOf(cause) }, { cause })
  }
}

/**
 * One line of plain words for a failure of the system or of DuckDB: its first line, without the kind of
 * error in front and without anything of the query.
 *
 * @example
 * reasonOf(new Error('IO Error: Input is not a GZIP stream\n\nLINE 1: SELECT')) // 'Input is not a GZIP stream'
 */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const known = code === undefined ? undefined : REASONS[code]
  return known ?? message.split('\n')[0]!.replace(/^[A-Z][A-Za-z ]+ Error: /, '')
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOENT: 'no such folder',
  ENOTDIR: 'no such folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'the name is too long',
  Z_BUF_ERROR: 'the gzip data end too early',
  Z_DATA_ERROR: 'the gzip data are damaged',
}
