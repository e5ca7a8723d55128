import type { SharedMemory } from './webassembly.ts'

const ALIGNMENT = 64

/** Hands out addresses one after another, each at the start of a cache line. */
export class AddressSpace {
  #next: number

  constructor(begin: number) {
    this.#next = begin
  }

  /** The address of `bytes` bytes, with a cache line to spare behind them. */
  take(bytes: number): number {
    const address = this.#next
    this.#next = Math.ceil((address + bytes) / ALIGNMENT + 1) * ALIGNMENT
    return address
  }

  /** Where the next part would begin. */
  get end(): number {
    return this.#next
  }
}

/** The whole memory as numbers of each kind; the number at an address stands at address / its size. */
export interface Views {
  readonly bytes: Uint8Array
  readonly int32: Int32Array
  readonly float32: Float32Array
  readonly float64: Float64Array
}

/** Views of the memory as large as it is now. */
export function viewsOf({ buffer }: SharedMemory): Views {
  return {
    bytes: new Uint8Array(buffer),
    int32: new Int32Array(buffer),
    float32: new Float32Array(buffer),
    float64: new Float64Array(buffer),
  }
}
