import { type Distribution, isSingle, sameDistribution } from '../study/distribution.ts'

/** Parameters that are chosen together, in the order of their names. */
export type SearchSpace = readonly (readonly [name: string, distribution: Distribution])[]

type Distributions = Readonly<Record<string, Distribution>>

/** The parameters that every ended trial has, with one distribution. */
export class CommonSpace {
  #shared: Map<string, Distribution> | null = null
  #space: SearchSpace = []

  /** Takes in one more trial. */
  add(distributions: Distributions): void {
    if (this.#shared === null) this.#shared = new Map(Object.entries(distributions))
    else if (!dropOthers(this.#shared, distributions)) return
    this.#space = spaceOf(this.#shared)
  }

  /** Without the parameters that have a single value. */
  get spaces(): readonly SearchSpace[] {
    return this.#space.length === 0 ? [] : [this.#space]
  }
}

/**
 * The parameters of conditional spaces, parted so that those of a part were always in a trial together. Each new
 * trial cuts every part in two, what it has and what it lacks, and what is new in it becomes the last part.
 */
export class GroupedSpace {
  #parts: Map<string, Distribution>[] = []
  #spaces: readonly SearchSpace[] = []

  /** Takes in one more trial. */
  add(distributions: Distributions): void {
    const left = new Map(Object.entries(distributions))
    if (this.#parts.every((part) => isWithinOrApart(part, left)) && this.#covers(left)) return
    const halves = this.#parts.flatMap((part) => {
      const [present, absent] = [new Map<string, Distribution>(), new Map<string, Distribution>()]
      for (const [name, distribution] of part) (left.has(name) ? present : absent).set(name, distribution)
      for (const name of part.keys()) left.delete(name)
      return [present, absent]
    })
    this.#parts = [...halves, left].filter((part) => part.size > 0)
    this.#spaces = this.#parts.map(spaceOf).filter((space) => space.length > 0)
  }

  /** In the order in which the parts came about, without the parameters that have a single value. */
  get spaces(): readonly SearchSpace[] {
    return this.#spaces
  }

  #covers(names: ReadonlyMap<string, Distribution>): boolean {
    return [...names.keys()].every((name) => this.#parts.some((part) => part.has(name)))
  }
}

function isWithinOrApart(
  part: ReadonlyMap<string, Distribution>,
  names: ReadonlyMap<string, Distribution>,
): boolean {
  let shared = 0
  for (const name of part.keys()) if (names.has(name)) shared += 1
  return shared === 0 || shared === part.size
}

/** Whether anything was dropped. */
function dropOthers(shared: Map<string, Distribution>, distributions: Distributions): boolean {
  const before = shared.size
  for (const [name, distribution] of shared) {
    const other = distributions[name]
    if (other === undefined || !sameDistribution(distribution, other)) shared.delete(name)
  }
  return shared.size < before
}

function spaceOf(part: ReadonlyMap<string, Distribution>): SearchSpace {
  return [...part].filter(([, distribution]) => !isSingle(distribution)).sort(([a], [b]) => (a < b ? -1 : 1))
}
