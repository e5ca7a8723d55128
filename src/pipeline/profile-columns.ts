// the files themselves, not their rooms: each thread loads them anew
import { readTableBatches } from '../data/read-table.ts'
import { openTable, type TableFile } from '../data/table-file.ts'
import { buildProfile, profileTexts } from '../monitoring/profile/build-profile.ts'
import { countAgainst, countTextColumn } from '../monitoring/profile/count-against.ts'
import { mergeColumns } from '../monitoring/profile/merge-profiles.ts'
import type { ColumnProfile, Profile } from '../monitoring/profile/profile.ts'
import { countInParts, profileInParts } from '../monitoring/profile/profile-parts.ts'

/** Some columns of a Parquet file, to be profiled, or counted against a reference. */
export interface ProfileTask {
  readonly file: string
  readonly names: readonly string[]
  /** Columns read as text whatever they are; the same in all tasks with the file. */
  readonly text: readonly string[]
  /** What the reference has under these names; without it the columns are the reference themselves. */
  readonly layouts?: readonly ColumnProfile[]
}

/** Rows up to which a column is sorted in memory, 64 MB; longer ones are sketched. */
const MOST_ROWS = 2 ** 23

/** Profiles columns of files one task after another; a file is opened once. */
export class ColumnProfiler implements AsyncDisposable {
  readonly #share: number
  readonly #files = new Map<string, TableFile>()

  /** @param share of memory and cores that this profiler may use */
  constructor(share: number) {
    this.#share = share
  }

  async run({ file, names, text, layouts }: ProfileTask): Promise<readonly ColumnProfile[]> {
    const table = await this.#open(file, text)
    const kinds = new Map(table.columns.map(({ name, kind }) => [name, kind]))
    const numbers = names.filter((name) => kinds.get(name) !== 'text')
    const reference = layouts && profileOf(layouts)
    const profile = await profileNumbers({ file, table, names: numbers, reference })
    const texts: ColumnProfile[] = []
    for (const name of names.filter((name) => kinds.get(name) === 'text')) {
      texts.push(await profileTextsOf({ table, name, layouts }))
    }
    return [...profile.columns, ...texts]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files.values()) await file[Symbol.asyncDispose]()
  }

  async #open(file: string, text: readonly string[]): Promise<TableFile> {
    const open = this.#files.get(file) ?? (await openTable(file, { share: this.#share, text }))
    this.#files.set(file, open)
    return open
  }
}

async function profileNumbers(input: {
  readonly file: string
  readonly table: TableFile
  readonly names: readonly string[]
  readonly reference: Profile | undefined
}): Promise<Profile> {
  const { file, table, names, reference } = input
  if (names.length === 0) return profileOf([])
  if (table.rows > MOST_ROWS) {
    const parts = () => readTableBatches(file, { columns: names })
    return reference ? countInParts(reference, parts()) : profileInParts(parts)
  }
  const columns = await table.read(names)
  return reference ? countAgainst(reference, columns) : buildProfile(columns)
}

/** The pieces share no text, so the most frequent of each are those of all. */
async function profileTextsOf(input: {
  readonly table: TableFile
  readonly name: string
  readonly layouts: readonly ColumnProfile[] | undefined
}): Promise<ColumnProfile> {
  const { table, name, layouts } = input
  const layout = layouts?.find((column) => column.name === name)
  let sum: ColumnProfile | undefined
  for await (const piece of table.countTexts(name)) {
    const part = layouts ? countTextColumn(layout, name, piece) : profileTexts(name, piece)
    sum = sum ? mergeColumns([sum, part]) : part
  }
  return sum!
}

function profileOf(columns: readonly ColumnProfile[]): Profile {
  return { format: 'fds-profile', version: 2, rows: 0, columns }
}
