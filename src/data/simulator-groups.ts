/** Rows by key: the rows of key k are `rows[offsets[k]]` up to, not with, `rows[offsets[k + 1]]`. */
export interface Groups {
  readonly offsets: Int32Array
  readonly rows: Int32Array
}

/** Groups rows by keys 0 … keyCount − 1 and keeps their order within each. Cost O(rows + keys). */
export function groupRows(keys: Int32Array, keyCount: number): Groups {
  const offsets = new Int32Array(keyCount + 1)
  for (let row = 0; row < keys.length; row++) offsets[keys[row]! + 1]!++
  for (let key = 0; key < keyCount; key++) offsets[key + 1]! += offsets[key]!
  const next = offsets.slice(0, keyCount)
  const rows = new Int32Array(keys.length)
  for (let row = 0; row < keys.length; row++) rows[next[keys[row]!]!++] = row
  return { offsets, rows }
}
