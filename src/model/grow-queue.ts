import type { GrowPolicy } from './params.ts'

/** What the order of growth looks at. */
export interface Queued {
  readonly node: number
  readonly split: { readonly gain: number }
}

/** The nodes that wait to be split. */
export interface GrowQueue<T extends Queued> {
  push(item: T): void
  /** The next node to split; undefined when none waits. */
  pop(): T | undefined
}

/**
 * Level by level in node order (`depthwise`), or the largest gain first and the older node of equals
 * (`lossguide`), as XGBoost's driver orders them. Cost a step O(1), or O(log n).
 */
export function createGrowQueue<T extends Queued>(policy: GrowPolicy): GrowQueue<T> {
  return policy === 'depthwise' ? createFifo() : createHeap()
}

function createFifo<T>(): GrowQueue<T & Queued> {
  const items: (T & Queued)[] = []
  let head = 0
  return {
    push: (item) => {
      items.push(item)
    },
    pop: () => items[head++],
  }
}

/** A binary heap: no child comes before its parent. */
function createHeap<T extends Queued>(): GrowQueue<T> {
  const heap: T[] = []
  const swap = (i: number, j: number): void => {
    const item = heap[i]
    heap[i] = heap[j]
    heap[j] = item
  }
  return {
    push(item) {
      let i = heap.push(item) - 1
      for (let up = (i - 1) >> 1; i > 0 && comesBefore(heap[i], heap[up]); up = (i - 1) >> 1) {
        swap(i, up)
        i = up
      }
    },
    pop() {
      if (heap.length === 0) return undefined
      swap(0, heap.length - 1)
      const first = heap.pop()
      for (let i = 0, next = firstOf(heap, 0); next !== 0; next = firstOf(heap, i)) {
        swap(i, next)
        i = next
      }
      return first
    },
  }
}

/** The child that should stand in the place of `i`, or 0. */
function firstOf(heap: readonly Queued[], i: number): number {
  const left = 2 * i + 1
  if (left >= heap.length) return 0
  const right = left + 1
  const child = right < heap.length && comesBefore(heap[right], heap[left]) ? right : left
  return comesBefore(heap[child], heap[i]) ? child : 0
}

function comesBefore(a: Queued, b: Queued): boolean {
  return a.split.gain === b.split.gain ? a.node < b.node : a.split.gain > b.split.gain
}
