import type { Tree } from '../tree.ts'
import { type DocumentObject, fieldOf, integersOf, invalidModel, ofLength } from './document-fields.ts'
import type { DocumentValue } from './document-value.ts'

/** XGBoost takes no category from here up. */
const CATEGORY_END = 2 ** 24

/**
 * Reads the sets of categories that the splits of one tree send right, by node: `categories` holds all sets one after
 * the other, and for each node in `categories_nodes` its place and length stand in `categories_segments` and
 * `categories_sizes`. What the file says must fit together; sets of nodes that do not split are dropped.
 *
 * Errors: `MODEL_FILE_INVALID`. Cost O(nodes + categories).
 *
 * @param reached the nodes that belong to the tree
 */
export function readCategories(
  object: DocumentObject,
  tree: Tree,
  reached: Int32Array,
  what: string,
): ReadonlyMap<number, Int32Array> {
  const sets = readSets(object, tree.nodeCount, what)
  const types = integersOf(fieldOf(object, 'split_type') ?? [], `${what}.split_type`)
  // files from before there were categories have no types
  if (types.length > 0) ofLength(types, tree.nodeCount, `${what}.split_type`)
  const categories = new Map<number, Int32Array>()
  for (const node of reached) {
    if (tree.left[node] < 0) continue
    const type = types.length > 0 ? types[node] : 0
    const set = sets.get(node)
    if (type !== (set === undefined ? 0 : 1)) {
      throw invalidModel(
        `${what}, node ${node}: split_type must be 1 where categories_nodes names the node, else 0, got ${type}`,
      )
    }
    if (set !== undefined) categories.set(node, set)
  }
  return categories
}

/** The four fields that `readCategories` reads. */
export function writeCategories({ categories }: Tree): { readonly [name: string]: DocumentValue } {
  const entries = [...(categories ?? [])].sort(([a], [b]) => a - b)
  const sizes = entries.map(([, set]) => set.length)
  return {
    categories: Int32Array.from(entries.flatMap(([, set]) => [...set])),
    categories_nodes: Int32Array.from(entries, ([node]) => node),
    categories_segments: BigInt64Array.from(startsOf(sizes).subarray(0, sizes.length), BigInt),
    categories_sizes: BigInt64Array.from(sizes, BigInt),
  }
}

/** Where each of the pieces begins, and where the last one ends. */
export function startsOf(lengths: readonly number[]): Int32Array {
  const starts = new Int32Array(lengths.length + 1)
  lengths.forEach((length, i) => {
    starts[i + 1] = starts[i] + length
  })
  return starts
}

function readSets(object: DocumentObject, nodeCount: number, what: string): Map<number, Int32Array> {
  const integers = (name: string) => integersOf(fieldOf(object, name) ?? [], `${what}.${name}`)
  const categories = integers('categories')
  const nodes = ascending(integers('categories_nodes'), nodeCount, `${what}.categories_nodes`)
  const starts = ofLength(integers('categories_segments'), nodes.length, `${what}.categories_segments`)
  const sizes = ofLength(integers('categories_sizes'), nodes.length, `${what}.categories_sizes`)
  const sets = new Map<number, Int32Array>()
  let end = 0
  nodes.forEach((node, i) => {
    if (starts[i] !== end)
      throw invalidModel(`${what}.categories_segments[${i}] must be ${end}, got ${starts[i]}`)
    end += sizes[i]
    if (sizes[i] < 1 || end > categories.length) {
      throw invalidModel(
        `${what}.categories_sizes[${i}] must be from 1 to what is left of ${categories.length} categories, got ${sizes[i]}`,
      )
    }
    const set = categories.slice(starts[i], end)
    sets.set(node, ascending(set, CATEGORY_END, `${what}, node ${node}: categories`))
  })
  ofLength(categories, end, `${what}.categories`)
  return sets
}

/** The integers, once they ascend from 0 up without repeats and stay below the end. */
function ascending(integers: Int32Array, end: number, what: string): Int32Array {
  const wrong = integers.findIndex((item, i) => item < 0 || item >= end || (i > 0 && item <= integers[i - 1]))
  if (wrong < 0) return integers
  throw invalidModel(
    `${what} must ascend from 0 up and stay below ${end}, got ${integers[wrong]} in place ${wrong}`,
  )
}
