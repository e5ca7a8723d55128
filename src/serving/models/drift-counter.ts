import { BINS, type DriftFeature, MISSING } from './drift-layout.ts'

/** Live PSI looks back so long: twelve parts of five minutes, the one under way included. */
const PARTS = 12
const PART_SECONDS = 300
/** Edges of one feature; 2⁴ − 1 make a search without branches. */
const EDGES = BINS - 1

/**
 * Counts what a model decides by bins of its profile, in memory alone: in total, and over the last hour or since it was
 * made. A transaction costs some 20 ns for each feature.
 */
export class DriftCounter {
  readonly features: readonly DriftFeature[]
  readonly #columns: Float64Array
  readonly #sources: Int32Array
  readonly #edges: Float64Array
  readonly #binOf: readonly (Uint8Array | undefined)[]
  /** Of the part under way, of the parts before it, and of all that are over. */
  #current: Float64Array
  readonly #parts: Float64Array[]
  readonly #over: Float64Array
  #part = 0

  /** `columns` holds the inputs' values of the transaction that was scored last, by their places. */
  constructor(features: readonly DriftFeature[], columns: Float64Array) {
    this.features = features
    this.#columns = columns
    this.#sources = Int32Array.from(features, ({ source }) => source)
    // no value lies above an infinite edge
    this.#edges = new Float64Array(features.length * EDGES).fill(Number.POSITIVE_INFINITY)
    features.forEach(({ edges = [] }, f) => {
      this.#edges.set(edges, f * EDGES)
    })
    this.#binOf = features.map(({ binOf }) => binOf)
    const empty = () => new Float64Array(features.length * BINS)
    this.#current = empty()
    this.#over = empty()
    this.#parts = Array.from({ length: PARTS - 1 }, empty)
  }

  /** Counts the transaction that was scored last; `seconds` is the time since 1970. */
  count(probability: number, seconds: number): void {
    this.#turn(seconds)
    const counts = this.#current
    for (let f = 0; f < this.#sources.length; f++) {
      const source = this.#sources[f]!
      const value = source < 0 ? probability : this.#columns[source]!
      const bin = Number.isNaN(value) ? MISSING : (this.#binOf[f]?.[value] ?? this.#search(value, f * EDGES))
      counts[f * BINS + bin]! += 1
    }
  }

  /** All that was counted, `BINS` places a feature. */
  totals(): Float64Array {
    return this.#over.map((count, i) => count + this.#current[i]!)
  }

  /** What was counted within the last hour. */
  window(seconds: number): Float64Array {
    this.#turn(seconds)
    return this.#current.map((count, i) => this.#parts.reduce((sum, part) => sum + part[i]!, count))
  }

  #search(value: number, at: number): number {
    const edges = this.#edges
    let bin = Number(value > edges[at + 7]!) << 3
    bin += Number(value > edges[at + bin + 3]!) << 2
    bin += Number(value > edges[at + bin + 1]!) << 1
    return bin + Number(value > edges[at + bin]!)
  }

  /** Begins a new part when its time has come; a clock that is set back changes nothing. */
  #turn(seconds: number): void {
    const part = Math.floor(seconds / PART_SECONDS)
    if (part <= this.#part) return
    const turns = Math.min(part - this.#part, PARTS)
    for (let turn = 0; turn < turns; turn++) {
      for (let i = 0; i < this.#over.length; i++) this.#over[i]! += this.#current[i]!
      this.#parts.push(this.#current)
      this.#current = this.#parts.shift()!.fill(0)
    }
    this.#part = part
  }
}
