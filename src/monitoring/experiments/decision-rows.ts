/** In place of a label where none counts. */
export const NO_LABEL = 2

/** Decisions in typed arrays that grow by doubling: label, arm, entity, the deciding score and the other model's. */
export class DecisionRows {
  #rows = 0
  #labels = new Uint8Array(1024)
  #arms = new Uint8Array(1024)
  #entities = new Uint32Array(1024)
  #scores = new Float64Array(1024)
  #shadows = new Float64Array(1024)

  /** `shadow` is NaN where there is none. */
  push(row: {
    readonly entity: number
    readonly arm: 0 | 1
    readonly label: 0 | 1 | typeof NO_LABEL
    readonly score: number
    readonly shadow: number
  }): void {
    if (this.#rows === this.#labels.length) this.#grow()
    const at = this.#rows++
    this.#labels[at] = row.label
    this.#arms[at] = row.arm
    this.#entities[at] = row.entity
    this.#scores[at] = row.score
    this.#shadows[at] = row.shadow
  }

  /** Labels and scores of one arm's decisions, of the entities that count; without labels all scores. */
  ofArm(input: {
    readonly arm: 0 | 1
    readonly isLabelled: boolean
    readonly counts: (entity: number) => boolean
  }) {
    const labels = new Uint8Array(this.#rows)
    const scores = new Float64Array(this.#rows)
    let n = 0
    for (let row = 0; row < this.#rows; row++) {
      if (this.#arms[row] !== input.arm || (input.isLabelled && this.#labels[row] === NO_LABEL)) continue
      if (!input.counts(this.#entities[row]!)) continue
      labels[n] = this.#labels[row]!
      scores[n++] = this.#scores[row]!
    }
    return { labels: labels.subarray(0, n), scores: scores.subarray(0, n) }
  }

  /** The decisions that both models scored. */
  pairs(input: { readonly isLabelled: boolean }) {
    const labels = new Uint8Array(this.#rows)
    const champion = new Float64Array(this.#rows)
    const challenger = new Float64Array(this.#rows)
    let n = 0
    for (let row = 0; row < this.#rows; row++) {
      const [score, shadow] = [this.#scores[row]!, this.#shadows[row]!]
      if (Number.isNaN(shadow) || (input.isLabelled && this.#labels[row] === NO_LABEL)) continue
      labels[n] = this.#labels[row]!
      champion[n] = this.#arms[row] === 0 ? score : shadow
      challenger[n++] = this.#arms[row] === 0 ? shadow : score
    }
    return {
      labels: labels.subarray(0, n),
      champion: champion.subarray(0, n),
      challenger: challenger.subarray(0, n),
    }
  }

  #grow(): void {
    const rows = 2 * this.#labels.length
    this.#labels = grown(new Uint8Array(rows), this.#labels)
    this.#arms = grown(new Uint8Array(rows), this.#arms)
    this.#entities = grown(new Uint32Array(rows), this.#entities)
    this.#scores = grown(new Float64Array(rows), this.#scores)
    this.#shadows = grown(new Float64Array(rows), this.#shadows)
  }
}

function grown<Values extends Uint8Array | Uint32Array | Float64Array>(to: Values, from: Values): Values {
  to.set(from)
  return to
}
