/** Above this many new trials a full sort is faster than putting each in its place. */
const MANY = 32

/**
 * Trials in the order of their values, equal ones by number, kept from call to call: from one suggestion to the next
 * only a few trials come or go, and an insertion sort of what is nearly sorted takes O(trials).
 */
export class SortedNumbers {
  #sorted = new Int32Array(0)

  /**
   * The positions in `numbers` (ascending) in order of the trials' values; `column` holds the values by number.
   */
  order(numbers: Int32Array, column: Float64Array): Int32Array {
    const position = new Int32Array(column.length).fill(-1)
    for (let k = 0; k < numbers.length; k++) position[numbers[k]!] = k
    const sorted = new Int32Array(numbers.length)
    const isThere = new Uint8Array(numbers.length)
    let count = 0
    for (const number of this.#sorted) {
      if (position[number]! < 0) continue
      isThere[position[number]!] = 1
      sorted[count++] = number
    }
    const kept = count
    for (let k = 0; k < numbers.length; k++) if (isThere[k] === 0) sorted[count++] = numbers[k]!
    if (count - kept > MANY) sorted.sort((a, b) => column[a]! - column[b]! || a - b)
    else insertionSort(sorted, column)
    this.#sorted = sorted
    return sorted.map((number) => position[number]!)
  }
}

function insertionSort(sorted: Int32Array, column: Float64Array): void {
  for (let i = 1; i < sorted.length; i++) {
    const number = sorted[i]!
    const value = column[number]!
    let at = i
    while (at > 0 && isAfter(sorted[at - 1]!, number, value, column)) {
      sorted[at] = sorted[at - 1]!
      at -= 1
    }
    sorted[at] = number
  }
}

function isAfter(other: number, number: number, value: number, column: Float64Array): boolean {
  const otherValue = column[other]!
  return otherValue > value || (otherValue === value && other > number)
}
