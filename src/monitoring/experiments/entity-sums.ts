/** What is summed up for each entity. */
export const SUM = {
  decisions: 0,
  blocks: 1,
  failures: 2,
  latency: 3,
  labelled: 4,
  cost: 5,
  rawCost: 6,
  championScore: 7,
  pairs: 8,
  pairDifference: 9,
} as const

const WIDTH = Object.keys(SUM).length

/** Met the champion, the challenger, or both. */
export type Exposure = 0 | 1 | 2

/** Sums by entity in one array that grows by doubling. */
export class EntitySums {
  readonly #index = new Map<string, number>()
  #sums = new Float64Array(WIDTH * 1024)
  #exposures = new Uint8Array(1024)
  #firstArms = new Uint8Array(1024)

  get size(): number {
    return this.#index.size
  }

  /** The entity's number; marks that it met this arm. */
  meet(entity: string, arm: 0 | 1): number {
    const known = this.#index.get(entity)
    if (known !== undefined) {
      if (this.#exposures[known] !== arm) this.#exposures[known] = 2
      return known
    }
    const number = this.#index.size
    if (number === this.#exposures.length) this.#grow()
    this.#index.set(entity, number)
    this.#exposures[number] = arm
    this.#firstArms[number] = arm
    return number
  }

  add(entity: number, sum: number, amount: number): void {
    this.#sums[entity * WIDTH + sum]! += amount
  }

  at(entity: number, sum: number): number {
    return this.#sums[entity * WIDTH + sum]!
  }

  exposure(entity: number): Exposure {
    return this.#exposures[entity] as Exposure
  }

  /** How many entities met this arm first. */
  assignedTo(arm: 0 | 1): number {
    let count = 0
    for (let entity = 0; entity < this.size; entity++) if (this.#firstArms[entity] === arm) count++
    return count
  }

  /** One sum of all entities with this exposure (all where undefined) of which another sum is above 0. */
  column(input: {
    readonly sum: number
    readonly where: number
    readonly exposure?: Exposure
  }): Float64Array {
    const { sum, where, exposure } = input
    const found = new Float64Array(this.size)
    let n = 0
    for (let entity = 0; entity < this.size; entity++) {
      if (exposure !== undefined && this.#exposures[entity] !== exposure) continue
      if (this.#sums[entity * WIDTH + where]! > 0) found[n++] = this.#sums[entity * WIDTH + sum]!
    }
    return found.subarray(0, n)
  }

  #grow(): void {
    const rows = 2 * this.#exposures.length
    const [sums, exposures, firstArms] = [
      new Float64Array(rows * WIDTH),
      new Uint8Array(rows),
      new Uint8Array(rows),
    ]
    sums.set(this.#sums)
    exposures.set(this.#exposures)
    firstArms.set(this.#firstArms)
    this.#sums = sums
    this.#exposures = exposures
    this.#firstArms = firstArms
  }
}
