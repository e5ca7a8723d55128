import type { GrowPolicy } from '../params.ts'

/** The nodes that wait to be split. */
export interface GrowQueue {
  push(node: number): void
  /** The next node to split; undefined when none waits. */
  pop(): number | undefined
}

/**
 * Level by level in node order (`depthwise`), or the largest gain first and the older node of equals
 * (`lossguide`), as XGBoost's driver orders them. Cost a step O(1), or O(log n).
 */
export function createGrowQueue(policy: GrowPolicy, gainOf: (node: number) => number): GrowQueue {
  return policy === 'depthwise' ? createFifo() : createHeap(gainOf)
}

function createFifo(): GrowQueue {
  const nodes: number[] = []
  let head = 0
  return {
    push: (node) => {
      nodes.push(node)
    },
    pop: () => nodes[head++],
  }
}

/** A binary heap: no child comes before its parent. */
function createHeap(gainOf: (node: number) => number): GrowQueue {
  const heap: number[] = []
  const comesBefore = (a: number, b: number): boolean =>
    gainOf(a) === gainOf(b) ? a < b : gainOf(a) > gainOf(b)
  const swap = (i: number, j: number): void => {
    const node = heap[i]
    heap[i] = heap[j]
    heap[j] = node
  }
  /** The child that should stand in the place of `i`, or 0. */
  const firstOf = (i: number): number => {
    const left = 2 * i + 1
    if (left >= heap.length) return 0
    const right = left + 1
    const child = right < heap.length && comesBefore(heap[right], heap[left]) ? right : left
    return comesBefore(heap[child], heap[i]) ? child : 0
  }
  return {
    push(node) {
      let i = heap.push(node) - 1
      for (let up = (i - 1) >> 1; i > 0 && comesBefore(heap[i], heap[up]); up = (i - 1) >> 1) {
        swap(i, up)
        i = up
      }
    },
    pop() {
      if (heap.length === 0) return undefined
      swap(0, heap.length - 1)
      const first = heap.pop()
      for (let i = 0, next = firstOf(0); next !== 0; next = firstOf(i)) {
        swap(i, next)
        i = next
      }
      return first
    },
  }
}
