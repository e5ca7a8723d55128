import type { Kind } from './source.ts'

/** Columns of Kaggle's train_transaction.csv, in its order, without TransactionID and isFraud: 392. */
export const TRANSACTION_COLUMNS: readonly string[] = [
  ...['TransactionDT', 'TransactionAmt', 'ProductCD'],
  ...numbered('card', 6),
  ...['addr1', 'addr2', 'dist1', 'dist2', 'P_emaildomain', 'R_emaildomain'],
  ...numbered('C', 14),
  ...numbered('D', 15),
  ...numbered('M', 9),
  ...numbered('V', 339),
]

/** Columns of train_identity.csv without TransactionID: 40. */
export const IDENTITY_COLUMNS: readonly string[] = [
  ...Array.from({ length: 38 }, (_, place) => `id_${String(place + 1).padStart(2, '0')}`),
  ...['DeviceType', 'DeviceInfo'],
]

const TEXTS = new Set([
  ...['ProductCD', 'card4', 'card6', 'P_emaildomain', 'R_emaildomain', 'DeviceType', 'DeviceInfo'],
  ...numbered('M', 9),
  ...[12, 15, 16, 23, 27, 28, 29, 30, 31, 33, 34, 35, 36, 37, 38].map((place) => `id_${place}`),
])

/** What each column of the two files holds; the categories are texts, also those that are T and F. */
export const IEEE_CIS_KINDS: ReadonlyMap<string, Kind> = new Map(
  ['TransactionID', 'isFraud', ...TRANSACTION_COLUMNS, ...IDENTITY_COLUMNS].flatMap((name) => {
    const kind = TEXTS.has(name) ? 'text' : 'number'
    return [name, dashed(name)].map((spelling) => [spelling, kind] as const)
  }),
)

/** The name as test_identity.csv spells it: id-01 for id_01. */
export function dashed(name: string): string {
  return name.replace(/^id_/, 'id-')
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, place) => `${prefix}${place + 1}`)
}
