/**
 * NumPy's `RandomState`: the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded by one whole number as
 * `np.random.RandomState(seed)` is. Same seed and same calls, NumPy's values to the last bit, so that a sampler can
 * follow the trajectories of libraries built on NumPy; elsewhere use `createRandom`. The seed counts modulo 2³².
 * Cost O(1) a draw. Not for secrets.
 *
 * @example
 * new RandomState(0).randomSample() // 0.5488135039273248
 */
export class RandomState {
  readonly #key = new Uint32Array(SIZE)
  #next = SIZE

  constructor(seed: number) {
    let word = seed >>> 0
    for (let i = 0; i < SIZE; i++) {
      this.#key[i] = word
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i + 1) >>> 0
    }
  }

  /** Uniform in [0, 1) with 53 bits: `random_sample()`, `rand()` and `random()` of NumPy. */
  randomSample(): number {
    const high = this.#word() >>> 5
    const low = this.#word() >>> 6
    return (high * 0x4000000 + low) / 0x20000000000000
  }

  /** Uniform in [low, high), both finite; low + (high − low) × `randomSample`. */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.randomSample()
  }

  /** Uniform whole number in [0, bound), 1 ≤ bound ≤ 2³²: `randint(bound)`, and `choice(bound)` of NumPy. */
  randint(bound: number): number {
    const last = bound - 1
    if (last === 0) return 0
    // draws beyond the bound are thrown away, as NumPy does: the number of draws is part of the sequence
    const mask = 0xffffffff >>> Math.clz32(last)
    let drawn = (this.#word() & mask) >>> 0
    while (drawn > last) drawn = (this.#word() & mask) >>> 0
    return drawn
  }

  /** `count` indices into the weights, each as often as its share: `choice(n, p=weights, size=count)` of NumPy. */
  choice(weights: Float64Array, count: number): Int32Array {
    const cumulated = new Float64Array(weights.length)
    let total = 0
    for (let i = 0; i < weights.length; i++) {
      total += weights[i]
      cumulated[i] = total
    }
    for (let i = 0; i < weights.length; i++) cumulated[i] /= total
    const chosen = new Int32Array(count)
    for (let i = 0; i < count; i++) chosen[i] = firstAbove(cumulated, this.randomSample())
    return chosen
  }

  /** Puts the items in random order, in place: `shuffle(list)` of NumPy. */
  shuffle(items: unknown[]): void {
    for (let i = items.length - 1; i > 0; i--) {
      const other = this.randint(i + 1)
      const item = items[i]
      items[i] = items[other]
      items[other] = item
    }
  }

  #word(): number {
    if (this.#next === SIZE) this.#refill()
    let word = this.#key[this.#next++]
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    return (word ^ (word >>> 18)) >>> 0
  }

  #refill(): void {
    const key = this.#key
    for (let i = 0; i < SIZE; i++) {
      const mixed = (key[i] & 0x80000000) | (key[(i + 1) % SIZE] & 0x7fffffff)
      key[i] = key[(i + 397) % SIZE] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0)
    }
    this.#next = 0
  }
}

const SIZE = 624

/** The first index whose value is above the limit; the last value is 1, above every limit. */
function firstAbove(ascending: Float64Array, limit: number): number {
  let from = 0
  let to = ascending.length - 1
  while (from < to) {
    const middle = (from + to) >>> 1
    if (ascending[middle] > limit) to = middle
    else from = middle + 1
  }
  return from
}
