import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { labelsOf, readTable } from '../../src/data/index.ts'
import type { ColumnRoles } from '../../src/features/index.ts'
import { createRandom } from '../../src/math/index.ts'
import { encodeParts } from './encode-parts.ts'
import type { QualitySet } from './quality-sets.ts'

interface PublicFile {
  readonly file: string
  readonly roles: ColumnRoles & { readonly label: string }
}

const FILES: readonly PublicFile[] = [
  {
    file: 'sparkov-transactions.csv.gz',
    roles: { label: 'is_fraud', time: 'unix_time', id: 'trans_num', entity: 'ssn', amount: 'amt' },
  },
  {
    file: 'paysim-sample.csv.gz',
    roles: { label: 'isFraud', time: 'step', entity: 'nameOrig', amount: 'amount' },
  },
  { file: 'electricity.csv.gz', roles: { label: 'class' } },
  {
    file: 'ieee-cis-train_transaction-first1500.csv.gz',
    roles: {
      label: 'isFraud',
      time: 'TransactionDT',
      id: 'TransactionID',
      entity: 'card1',
      amount: 'TransactionAmt',
    },
  },
]

/** The public data sets that lie in this folder; a seed draws the half of the rows to train on. */
export async function publicSets(folder: string | undefined): Promise<readonly QualitySet[]> {
  if (folder === undefined) return []
  const present = FILES.filter(({ file }) => existsSync(join(folder, file)))
  return Promise.all(present.map((one) => publicSet(join(folder, one.file), one)))
}

async function publicSet(path: string, { file, roles }: PublicFile): Promise<QualitySet> {
  const table = await readTable(path)
  const labels = labelsOf(table, roles.label)
  return {
    name: file.replace('.csv.gz', ''),
    make: ({ seed }) => {
      const random = createRandom(seed)
      const drawn = Uint8Array.from({ length: table.rowCount }, () => Number(random.next() < 0.5))
      const where = (side: number): Int32Array =>
        Int32Array.from([...drawn.keys()].filter((row) => drawn[row] === side))
      return encodeParts({ table, labels, roles, train: where(1), test: where(0) })
    },
  }
}
