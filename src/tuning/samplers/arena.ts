/**
 * Arrays that are used again from suggestion to suggestion: new ones would be megabytes each time. What `take` gave
 * is valid until the next `reset`.
 */
export class Arena {
  readonly #arrays: Float64Array[] = []
  #next = 0

  reset(): void {
    this.#next = 0
  }

  /** An array of this length with anything in it. */
  take(length: number): Float64Array {
    const known = this.#arrays[this.#next]
    const array = known && known.length >= length ? known : new Float64Array(2 * length)
    this.#arrays[this.#next++] = array
    return array.subarray(0, length)
  }
}
