/** Above this many new trials a full sort is faster than putting each in its place. */
const MANY = 32

/**
 * Trials in the order of their values, equal ones by number, kept from call to call: from one suggestion to the next
 * only a few trials come or go, and an insertion sort of what is nearly sorted takes O(trials).
 */
export class SortedNumbers {
  #sorted = new Int32Array(0)

  /**
   * The positions in `numbers` in order of the trials' values. `positions` gives each trial's position by its
   * number, −1 where it is not among `numbers`; `column` its value.
   */
  order(numbers: Int32Array, positions: Int32Array, column: Float64Array): Int32Array {
    const count = numbers.length
    const sorted = new Int32Array(count)
    const isKept = new Uint8Array(count)
    let filled = 0
    for (let i = 0; i < this.#sorted.length; i++) {
      const number = this.#sorted[i]!
      const position = positions[number]!
      if (position < 0) continue
      isKept[position] = 1
      sorted[filled++] = number
    }
    const kept = filled
    for (let k = 0; k < count; k++) if (isKept[k] === 0) sorted[filled++] = numbers[k]!
    if (count - kept > MANY) sorted.sort((a, b) => column[a]! - column[b]! || a - b)
    else insertionSort(sorted, column)
    this.#sorted = sorted
    const order = new Int32Array(count)
    for (let i = 0; i < count; i++) order[i] = positions[sorted[i]!]!
    return order
  }
}

function insertionSort(sorted: Int32Array, column: Float64Array): void {
  for (let i = 1; i < sorted.length; i++) {
    const number = sorted[i]!
    const value = column[number]!
    let at = i
    for (; at > 0; at--) {
      const other = sorted[at - 1]!
      const otherValue = column[other]!
      if (otherValue < value || (otherValue === value && other < number)) break
      sorted[at] = other
    }
    sorted[at] = number
  }
}
