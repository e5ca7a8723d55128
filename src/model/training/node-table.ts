import type { Views } from '../threads/address-space.ts'

/** Bytes of a node while its tree grows; kernels know the places of the fields too. */
export const NODE_BYTES = 128

// float64 fields, counted in float64 from the start of the node
const GRADIENT = 0
const HESSIAN = 1
const LEFT_GRADIENT = 6
const RIGHT_GRADIENT = 8

// int32 and float32 fields, counted in words; words 4 to 6 are float32: gain as a leaf, lower and upper bound
const GAIN = 4
const LOWER_BOUND = 5
const UPPER_BOUND = 6
const DEPTH = 7
/** The best split, as split.ts writes it: 48 bytes. */
const SPLIT = 8
const SPLIT_BYTES = 48
// what addLeaves reads
const LEFT = 20
const FEATURE = 21
const BIN = 22
const MISSING = 23
const VALUE = 24
const BEGIN = 25
const END = 26
const HISTOGRAM = 27
const BASE_WEIGHT = 28
const COVER = 29
const KEY = 30

/** Sums of a node, and the bounds that monotone constraints above it put on its weight. */
export interface NodeStats {
  readonly gradient: number
  readonly hessian: number
  /** Loss reduction of the node as a leaf, float32. */
  readonly gain: number
  readonly lowerBound: number
  readonly upperBound: number
}

/** The best split of a node. */
export interface Split {
  readonly gain: number
  readonly feature: number
  /** Rows whose bin is at most `bin` go left; -1 sends every present value right. */
  readonly bin: number
  readonly missingLeft: boolean
  readonly leftGradient: number
  readonly leftHessian: number
  readonly rightGradient: number
  readonly rightHessian: number
}

/** Where a node stands: its level, its rows, and a number that its path from the root gives it. */
export interface NodePlace {
  readonly depth: number
  readonly begin: number
  readonly end: number
  readonly key: number
}

/** The nodes of a growing tree in shared memory; a node is changed by the one thread that splits it. */
export class NodeTable {
  readonly #address: number
  readonly #int32: Int32Array
  readonly #float32: Float32Array
  readonly #float64: Float64Array

  constructor({ int32, float32, float64 }: Views, address: number) {
    this.#address = address
    this.#int32 = int32.subarray(address / 4)
    this.#float32 = float32.subarray(address / 4)
    this.#float64 = float64.subarray(address / 8)
  }

  /** Makes the node a leaf. `value` is already shrunk by the learning rate. */
  addLeaf(node: number, stats: NodeStats, place: NodePlace, value: number): void {
    const word = 32 * node
    this.#float64[16 * node + GRADIENT] = stats.gradient
    this.#float64[16 * node + HESSIAN] = stats.hessian
    this.#float32[word + GAIN] = stats.gain
    this.#float32[word + LOWER_BOUND] = stats.lowerBound
    this.#float32[word + UPPER_BOUND] = stats.upperBound
    this.#int32[word + DEPTH] = place.depth
    this.#int32[word + BEGIN] = place.begin
    this.#int32[word + END] = place.end
    this.#int32[word + KEY] = place.key
    this.#int32[word + LEFT] = -1
    this.#int32[word + HISTOGRAM] = 0
    this.#float32[word + VALUE] = value
    this.#float32[word + BASE_WEIGHT] = value
    this.#float32[word + COVER] = stats.hessian
    this.clearSplit(node)
  }

  /** Turns the leaf into a split with the two children `left` and `left + 1`. */
  setChildren(node: number, left: number, by: { missing: number; baseWeight: number }): void {
    const word = 32 * node
    this.#int32[word + LEFT] = left
    this.#int32[word + FEATURE] = this.#int32[word + SPLIT + 1]
    this.#int32[word + BIN] = this.#int32[word + SPLIT + 2]
    this.#int32[word + MISSING] = by.missing
    this.#float32[word + BASE_WEIGHT] = by.baseWeight
    this.#float32[word + COVER] =
      this.#float64[16 * node + LEFT_GRADIENT + 1] + this.#float64[16 * node + RIGHT_GRADIENT + 1]
  }

  setBaseWeight(node: number, weight: number): void {
    this.#float32[32 * node + BASE_WEIGHT] = weight
  }

  stats(node: number): NodeStats {
    return {
      gradient: this.#float64[16 * node + GRADIENT],
      hessian: this.#float64[16 * node + HESSIAN],
      gain: this.#float32[32 * node + GAIN],
      lowerBound: this.#float32[32 * node + LOWER_BOUND],
      upperBound: this.#float32[32 * node + UPPER_BOUND],
    }
  }

  split(node: number): Split {
    const word = 32 * node + SPLIT
    const sums = 16 * node + LEFT_GRADIENT
    return {
      gain: this.#float32[word],
      feature: this.#int32[word + 1],
      bin: this.#int32[word + 2],
      missingLeft: this.#int32[word + 3] === 1,
      leftGradient: this.#float64[sums],
      leftHessian: this.#float64[sums + 1],
      rightGradient: this.#float64[sums + 2],
      rightHessian: this.#float64[sums + 3],
    }
  }

  /** Forgets the best split. */
  clearSplit(node: number): void {
    this.#float32[32 * node + SPLIT] = 0
    this.#int32[32 * node + SPLIT + 1] = -1
  }

  hasSplit(node: number): boolean {
    return this.#int32[32 * node + SPLIT + 1] >= 0
  }

  splitGain(node: number): number {
    return this.#float32[32 * node + SPLIT]
  }

  /** Address of the sums, gain and bounds, for kernels. */
  statsAddress(node: number): number {
    return this.#address + NODE_BYTES * node
  }

  /** Address of the best split, for kernels. */
  splitAddress(node: number): number {
    return this.#address + NODE_BYTES * node + 4 * SPLIT
  }

  hessian(node: number): number {
    return this.#float64[16 * node + HESSIAN]
  }

  /** -1 at a leaf; the right child is the next node. */
  left(node: number): number {
    return this.#int32[32 * node + LEFT]
  }

  feature(node: number): number {
    return this.#int32[32 * node + FEATURE]
  }

  bin(node: number): number {
    return this.#int32[32 * node + BIN]
  }

  /** Whether missing values go left at a split. */
  missingLeft(node: number): boolean {
    return this.#int32[32 * node + MISSING] >= 0
  }

  value(node: number): number {
    return this.#float32[32 * node + VALUE]
  }

  baseWeight(node: number): number {
    return this.#float32[32 * node + BASE_WEIGHT]
  }

  cover(node: number): number {
    return this.#float32[32 * node + COVER]
  }

  depth(node: number): number {
    return this.#int32[32 * node + DEPTH]
  }

  key(node: number): number {
    return this.#int32[32 * node + KEY]
  }

  begin(node: number): number {
    return this.#int32[32 * node + BEGIN]
  }

  end(node: number): number {
    return this.#int32[32 * node + END]
  }

  rowCount(node: number): number {
    return this.end(node) - this.begin(node)
  }

  /** Address of the node's histogram; 0 when it has none. */
  histogram(node: number): number {
    return this.#int32[32 * node + HISTOGRAM] >>> 0
  }

  setHistogram(node: number, address: number): void {
    this.#int32[32 * node + HISTOGRAM] = address
  }
}

/** Bytes of a best split outside of a node. */
export { SPLIT_BYTES }
