/** One value of a live transaction, as JSON carries it; `null` is missing. */
export type Cell = number | string | boolean | null

/** One live transaction: any model's columns by name, as a request body carries them. */
export type Transaction = Readonly<Record<string, Cell>>
