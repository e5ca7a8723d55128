import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { DatasetInput } from './entities.ts'

/** A data set as MLflow keeps it: what it is called, what is in it (digest), and where it comes from. */
export type Dataset = DatasetInput['dataset']

export interface DatasetDescription {
  readonly name: string
  /** At most 36 characters; `contentDigest` and `fileDigest` make one. */
  readonly digest: string
  /** An address (`https://…`, `s3://…`) or a path; absent: the code that made the data. */
  readonly source?: string
  /** Columns with MLflow's types, such as `double`, `long`, `string`, `boolean`, `datetime`. */
  readonly columns?: readonly { readonly name: string; readonly type: string; readonly required?: boolean }[]
  /** Such as `{ num_rows: 100, num_elements: 1200 }`. */
  readonly profile?: Readonly<Record<string, unknown>>
}

/**
 * Describes a data set for `logInput`, in the texts that MLflow's page and `mlflow.data.get_source` read.
 *
 * @example
 * createDataset({ name: 'train', digest: contentDigest('a,b\n1,2\n'), source: 'train.csv' })
 * // { name: 'train', digest: 'cba577a4', sourceType: 'local', source: '{"uri":"train.csv"}' }
 */
export function createDataset(description: DatasetDescription): Dataset {
  const { name, digest, source, columns, profile } = description
  const schema = columns?.map(({ required = true, ...column }) => ({ ...column, required }))
  return {
    name,
    digest,
    ...sourceOf(source),
    ...(schema && { schema: JSON.stringify({ mlflow_colspec: schema }) }),
    ...(profile && { profile: JSON.stringify(profile) }),
  }
}

/**
 * The digest of a data set's bytes: the first 8 hexadecimal digits of their SHA-256, the length of MLflow's digests.
 * It tells versions of one data set apart; MLflow's own, over samples of pandas or NumPy, are others.
 *
 * @example
 * contentDigest('') // 'e3b0c442'
 */
export function contentDigest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, DIGEST_LENGTH)
}

/** `contentDigest` of a file, which is read piece by piece. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex').slice(0, DIGEST_LENGTH)
}

const DIGEST_LENGTH = 8

/** Types and fields of the source classes in `mlflow/data`. */
function sourceOf(source: string | undefined): Pick<Dataset, 'sourceType' | 'source'> {
  if (source === undefined) return { sourceType: 'code', source: '{"tags":{}}' }
  if (/^https?:/.test(source)) return { sourceType: 'http', source: JSON.stringify({ url: source }) }
  const sourceType = /^s3:/.test(source) ? 's3' : 'local'
  return { sourceType, source: JSON.stringify({ uri: source }) }
}
