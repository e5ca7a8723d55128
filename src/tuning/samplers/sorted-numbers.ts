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
  #numbers = new Int32Array(0)
  #values = new Float64Array(0)

  /**
   * The order of the trials in `numbers`. `positions` gives each trial's position there by its number, −1 where it is
   * not among them; `column` its value.
   */
  sort(numbers: Int32Array, positions: Int32Array, column: Float64Array): Sorted {
    const count = numbers.length
    const sorted = new Int32Array(count)
    const values = new Float64Array(count)
    const order = new Int32Array(count)
    const isKept = new Uint8Array(count)
    let kept = 0
    for (let i = 0; i < this.#numbers.length; i++) {
      const number = this.#numbers[i]!
      const position = positions[number]!
      // a running trial may have another value than before
      if (position < 0 || column[number] !== this.#values[i]) continue
      isKept[position] = 1
      sorted[kept] = number
      order[kept] = position
      values[kept++] = column[number]!
    }
    this.#numbers = sorted
    this.#values = values
    if (count - kept > MANY) sortAll({ order, sorted, values }, numbers, column)
    else {
      for (let k = 0; k < count; k++) {
        if (isKept[k] === 0)
          insert({ order, sorted, values }, kept++, {
            position: k,
            number: numbers[k]!,
            value: column[numbers[k]!]!,
          })
      }
    }
    return { order, values }
  }
}

/** Three columns of one table: position, number and value of a trial. */
interface Table extends Sorted {
  readonly sorted: Int32Array
}

function sortAll({ order, sorted, values }: Table, numbers: Int32Array, column: Float64Array): void {
  for (let k = 0; k < order.length; k++) order[k] = k
  order.sort((a, b) => column[numbers[a]!]! - column[numbers[b]!]! || a - b)
  for (let i = 0; i < order.length; i++) {
    sorted[i] = numbers[order[i]!]!
    values[i] = column[sorted[i]!]!
  }
}

/** Puts a trial among the first `count`, which are in order. */
function insert(
  { order, sorted, values }: Table,
  count: number,
  { position, number, value }: { position: number; number: number; value: number },
): void {
  let [from, to] = [0, count]
  while (from < to) {
    const middle = (from + to) >>> 1
    const isBefore = values[middle]! < value || (values[middle] === value && sorted[middle]! < number)
    if (isBefore) from = middle + 1
    else to = middle
  }
  for (const column of [order, sorted, values]) column.copyWithin(from + 1, from, count)
  order[from] = position
  sorted[from] = number
  values[from] = value
}
