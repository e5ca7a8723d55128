/** Scores in ascending order: each key is twice the bits of the score, plus the label. */
export interface SortedScores {
  readonly keys: Uint32Array
  /** The weights in the order of the keys; absent where every row counts 1. */
  readonly weights: Float32Array | undefined
}

const DIGIT_BITS = 11
const DIGITS = 2 ** DIGIT_BITS

/**
 * Sorts probabilities, float32 from 0 to 1, by radix: their bits sort like their values and leave room for the label
 * in 31 bits. Cost O(n), three passes.
 */
export function sortScores(
  labels: Uint8Array,
  probabilities: Float32Array,
  weight: Float32Array | undefined,
): SortedScores {
  const { buffer, byteOffset, length } = probabilities
  const bits = new Uint32Array(buffer, byteOffset, length)
  let keys = new Uint32Array(length)
  for (let i = 0; i < length; i++) keys[i] = bits[i] * 2 + labels[i]
  let weights = weight?.slice()
  let spareKeys = new Uint32Array(length)
  let spareWeights = weight?.slice()
  for (let shift = 0; shift < 3 * DIGIT_BITS; shift += DIGIT_BITS) {
    const starts = digitStarts(keys, shift)
    if (weights !== undefined && spareWeights !== undefined) {
      moveWeights(keys, shift, starts.slice(), weights, spareWeights)
      const moved = spareWeights
      spareWeights = weights
      weights = moved
    }
    moveKeys(keys, shift, starts, spareKeys)
    const moved = spareKeys
    spareKeys = keys
    keys = moved
  }
  return { keys, weights }
}

/** Where the keys of each digit begin. */
function digitStarts(keys: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(DIGITS + 1)
  for (let i = 0; i < keys.length; i++) starts[((keys[i] >>> shift) & (DIGITS - 1)) + 1]++
  for (let digit = 1; digit < DIGITS; digit++) starts[digit] += starts[digit - 1]
  return starts
}

function moveKeys(keys: Uint32Array, shift: number, starts: Uint32Array, to: Uint32Array): void {
  for (let i = 0; i < keys.length; i++) to[starts[(keys[i] >>> shift) & (DIGITS - 1)]++] = keys[i]
}

function moveWeights(
  keys: Uint32Array,
  shift: number,
  starts: Uint32Array,
  weights: Float32Array,
  to: Float32Array,
): void {
  for (let i = 0; i < keys.length; i++) to[starts[(keys[i] >>> shift) & (DIGITS - 1)]++] = weights[i]
}
