/**
 * The order that sorts numbers without NaN, ties in NumPy's own order up to 256 elements. NumPy's `argsort` is not
 * stable: on x86-64 with AVX2 or AVX-512 it is a bitonic network (x86-simd-sort), whose comparisons do not depend on
 * the width of the vectors. Above 256 elements NumPy partitions first, in an order of its own; ties are then kept in
 * the order of their indices. Cost O(n log² n) up to 256, O(n log n) above.
 *
 * @example
 * [...numpyArgsort(Float64Array.of(1, 1, 0, 0))] // [3, 2, 1, 0]
 */
export function numpyArgsort(values: Float64Array): Int32Array {
  const order = Int32Array.from(values.keys())
  if (values.length > NETWORK_SIZE) return order.sort((a, b) => values[a] - values[b] || a - b)
  let size = 1
  while (size < values.length) size *= 2
  const keys = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  keys.set(values)
  const indices = new Int32Array(size)
  indices.set(order)
  for (let block = 2; block <= size; block *= 2) mergeBlocks(keys, indices, block)
  return indices.subarray(0, values.length)
}

/** Up to this many elements NumPy sorts by the network alone. */
export const NETWORK_SIZE = 256

/** Merges the two sorted halves of every block: once against the mirror image, then at halving distances. */
function mergeBlocks(keys: Float64Array, indices: Int32Array, block: number): void {
  const size = keys.length
  for (let start = 0; start < size; start += block) {
    for (let i = start, j = start + block - 1; i < j; i++, j--) exchange(keys, indices, i, j)
  }
  for (let distance = block >> 2; distance > 0; distance >>= 1) {
    for (let i = 0; i < size; i++) {
      if ((i & distance) === 0) exchange(keys, indices, i, i + distance)
    }
  }
}

/** Equal keys stay where they are. */
function exchange(keys: Float64Array, indices: Int32Array, i: number, j: number): void {
  if (!(keys[j] < keys[i])) return
  const key = keys[i]
  keys[i] = keys[j]
  keys[j] = key
  const index = indices[i]
  indices[i] = indices[j]
  indices[j] = index
}
