/** Above this many new trials a full sort is faster than putting each in its place. */
const MANY = 32

/** Positions of trials in order of their values, and the values in that order. */
export interface Sorted {
  readonly order: Int32Array
  readonly values: Float64Array
}

/**
 * Trials in the order of their values, equal ones by number, kept from call to call: from one suggestion to the next
 * only a few trials come, go or change, which costs O(trials) for each of them and once for all.
 */
export class SortedNumbers {
  #count = 0
  #numbers = new Int32Array(0)
  #order = new Int32Array(0)
  #values = new Float64Array(0)
  #isKept = new Uint8Array(0)

  /**
   * The order of the trials in `numbers`. `positions` gives each trial's position there by its number, −1 where it is
   * not among them; `column` its value. Overwritten by the next call.
   */
  sort(numbers: Int32Array, positions: Int32Array, column: Float64Array): Sorted {
    const count = numbers.length
    this.#reserve(count)
    this.#keep(positions, column)
    if (count - this.#count > MANY) this.#sortAll(numbers, column)
    else {
      for (let k = 0; k < count; k++) {
        if (this.#isKept[k] === 0) this.#insert(k, numbers[k]!, column[numbers[k]!]!)
      }
    }
    return { order: this.#order.subarray(0, count), values: this.#values.subarray(0, count) }
  }

  /** Drops the trials that have gone or have another value than before, as running ones may. */
  #keep(positions: Int32Array, column: Float64Array): void {
    const [numbers, order, values, isKept] = [this.#numbers, this.#order, this.#values, this.#isKept]
    isKept.fill(0)
    let kept = 0
    for (let i = 0; i < this.#count; i++) {
      const number = numbers[i]!
      const position = positions[number]!
      const value = values[i]!
      if (position < 0 || column[number] !== value) continue
      isKept[position] = 1
      numbers[kept] = number
      order[kept] = position
      values[kept++] = value
    }
    this.#count = kept
  }

  #insert(position: number, number: number, value: number): void {
    const [numbers, order, values] = [this.#numbers, this.#order, this.#values]
    let [from, to] = [0, this.#count]
    while (from < to) {
      const middle = (from + to) >>> 1
      const isBefore = values[middle]! < value || (values[middle] === value && numbers[middle]! < number)
      if (isBefore) from = middle + 1
      else to = middle
    }
    for (const column of [numbers, order, values]) column.copyWithin(from + 1, from, this.#count)
    numbers[from] = number
    order[from] = position
    values[from] = value
    this.#count += 1
  }

  #sortAll(numbers: Int32Array, column: Float64Array): void {
    this.#count = numbers.length
    const positions = Int32Array.from(numbers.keys())
    positions.sort((a, b) => column[numbers[a]!]! - column[numbers[b]!]! || a - b)
    positions.forEach((position, i) => {
      this.#order[i] = position
      this.#numbers[i] = numbers[position]!
      this.#values[i] = column[numbers[position]!]!
    })
  }

  #reserve(count: number): void {
    if (count <= this.#order.length) return
    const [numbers, values] = [new Int32Array(2 * count), new Float64Array(2 * count)]
    numbers.set(this.#numbers)
    values.set(this.#values)
    this.#numbers = numbers
    this.#values = values
    this.#order = new Int32Array(2 * count)
    this.#isKept = new Uint8Array(2 * count)
  }
}
