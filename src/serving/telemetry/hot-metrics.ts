import type { MetricValue, Registry } from '@prometheus-io/client'
import { exposeValues } from './expose-values.ts'
import { METRICS, type MetricDefinition, type MetricName } from './metrics.ts'

/** Counts of the path of every request. The library's own cost ten times as much: they look the labels up at each call. */
export interface HotCounter {
  /** The count of these label values, in the order of the metric's labels; kept and raised by the caller. */
  child(...labels: string[]): { count: number }
}

export interface HotHistogram {
  /** The histogram of these label values, in the order of the metric's labels. */
  child(...labels: string[]): { observe(value: number): void }
}

/** A counter of the list, in the registry. */
export function hotCounter(registry: Registry, name: MetricName): HotCounter {
  const children = new Children(name, () => ({ count: 0 }))
  exposeValues(registry, name, () => children.map((labels, { count }) => [{ labels, value: count }]))
  return { child: (...labels) => children.of(labels) }
}

/** A histogram of the list, in the registry; its edges are included in the bucket below them. */
export function hotHistogram(registry: Registry, name: MetricName): HotHistogram {
  const { buckets = [] }: MetricDefinition = METRICS[name]
  const children = new Children(name, () => new Buckets(buckets))
  exposeValues(registry, name, () => children.map((labels, child) => child.values(name, labels)))
  return { child: (...labels) => children.of(labels) }
}

type Labels = Readonly<Record<string, string>>
type Value = MetricValue<string> & { readonly metricName?: string }

/** The children of a metric, found by one step for each label. */
class Children<Child> {
  readonly #names: readonly string[]
  readonly #make: () => Child
  readonly #root: Place<Child> = { next: new Map() }
  readonly #all: { readonly labels: Labels; readonly child: Child }[] = []

  constructor(name: MetricName, make: () => Child) {
    this.#names = METRICS[name].labels
    this.#make = make
  }

  of(values: readonly string[]): Child {
    let place = this.#root
    for (let i = 0; i < values.length; i++) place = place.next.get(values[i]!) ?? addPlace(place, values[i]!)
    return place.child ?? this.#add(place, values)
  }

  map(valuesOf: (labels: Labels, child: Child) => Value[]): Value[] {
    return this.#all.flatMap(({ labels, child }) => valuesOf(labels, child))
  }

  #add(place: Place<Child>, values: readonly string[]): Child {
    const child = this.#make()
    place.child = child
    this.#all.push({ labels: Object.fromEntries(this.#names.map((name, i) => [name, values[i]!])), child })
    return child
  }
}

interface Place<Child> {
  readonly next: Map<string, Place<Child>>
  child?: Child
}

function addPlace<Child>(place: Place<Child>, value: string): Place<Child> {
  const next: Place<Child> = { next: new Map() }
  place.next.set(value, next)
  return next
}

class Buckets {
  readonly #edges: Float64Array
  /** One more than there are edges: what lies above the last. */
  readonly #counts: Float64Array
  #sum = 0

  constructor(edges: readonly number[]) {
    this.#edges = Float64Array.from(edges)
    this.#counts = new Float64Array(edges.length + 1)
  }

  observe(value: number): void {
    let bucket = 0
    while (bucket < this.#edges.length && value > this.#edges[bucket]!) bucket++
    this.#counts[bucket]! += 1
    this.#sum += value
  }

  values(name: string, labels: Labels): Value[] {
    let below = 0
    const buckets = Array.from(this.#counts, (count, bucket) => {
      below += count
      const le = this.#edges[bucket] ?? '+Inf'
      return { labels: { le, ...labels }, value: below, metricName: `${name}_bucket` }
    })
    return [
      ...buckets,
      { labels, value: this.#sum, metricName: `${name}_sum` },
      { labels, value: below, metricName: `${name}_count` },
    ]
  }
}
