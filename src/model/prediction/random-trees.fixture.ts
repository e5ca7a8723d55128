// For tests only: trees of any shape, and rows that hit their thresholds.
import type { Random } from '../../math/random.ts'
import type { Tree } from '../tree.ts'

/** Thresholds and values that meet at the edges of float32. */
export const EDGES = [
  ...[0, -0, 1, -1, 2 ** -149, -(2 ** -149), 2 ** -126, Infinity, -Infinity],
  ...[3.4028234663852886e38, -3.4028234663852886e38, 1 + 2 ** -23, 1 - 2 ** -24],
]

const CATEGORIES = [0, 1, 2, 31, 32, 33, 64, 70_000, 2 ** 24 - 1]
const NO_CATEGORIES = [-1, -0.5, 0.5, 1.999, 2 ** 24, 1e30, Infinity, -Infinity]

export interface Shape {
  readonly leaves: number
  readonly columns: number
  /** Share of splits on a category. */
  readonly categorical: number
  /** Splits the newest leaf only, which gives a tree as deep as it has splits. */
  readonly isChain: boolean
}

/** A tree that grows by splitting one leaf after another; children come after their parents. */
export function randomTree(random: Random, { leaves, columns, categorical, isChain }: Shape): Tree {
  const nodeCount = 2 * leaves - 1
  const column = (): Int32Array => new Int32Array(nodeCount).fill(-1)
  const [left, right, parent] = [column(), column(), column()]
  const feature = new Int32Array(nodeCount)
  const threshold = Float32Array.from({ length: nodeCount }, () => random.normal())
  const defaultLeft = Uint8Array.from({ length: nodeCount }, () => random.int(2))
  const categories = new Map<number, Int32Array>()
  const open = [0]
  for (let count = 1; count < nodeCount; count += 2) {
    const [node] = open.splice(isChain ? open.length - 1 : random.int(open.length), 1)
    left[node] = count
    right[node] = count + 1
    parent.fill(node, count, count + 2)
    feature[node] = random.int(columns)
    open.push(...(random.int(2) === 0 ? [count, count + 1] : [count + 1, count]))
    if (random.next() < categorical) {
      categories.set(node, Int32Array.from(CATEGORIES.filter(() => random.int(2) === 0)))
      threshold[node] = Number.NaN
    } else threshold[node] = randomThreshold(random)
  }
  const zeros = new Float32Array(nodeCount)
  const numbers = { gain: zeros, cover: zeros, baseWeight: zeros }
  return { nodeCount, left, right, parent, feature, threshold, defaultLeft, ...numbers, categories }
}

/** A row of edges, categories, values that are none, missing values and plain numbers. */
export function randomRow(random: Random, columns: number): number[] {
  return Array.from({ length: columns }, () => {
    const kind = random.int(6)
    if (kind === 0) return Number.NaN
    if (kind === 1) return EDGES[random.int(EDGES.length)]
    if (kind === 2) return CATEGORIES[random.int(CATEGORIES.length)]
    if (kind === 3) return NO_CATEGORIES[random.int(NO_CATEGORIES.length)]
    return kind === 4 ? random.int(5) / 4 : random.normal()
  })
}

function randomThreshold(random: Random): number {
  const kind = random.int(3)
  if (kind === 0) return EDGES[random.int(EDGES.length)]
  return kind === 1 ? random.int(5) / 4 : random.normal()
}
