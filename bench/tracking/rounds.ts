import { median } from '../medians.ts'
import { progress, type Row } from '../rows.ts'
import type { Served, Sides, StoreKind } from './sides.ts'

/** Figures of one fresh server by name. */
export type Figures = Readonly<Record<string, number>>

/** What is asked of a figure: how many times less than MLflow's, and at most how much. */
export interface Bar {
  readonly ratio?: number
  readonly most?: number
}

interface Comparison {
  readonly store: StoreKind
  readonly rounds: number
  readonly measure: (served: Served) => Promise<Figures>
  readonly text: (value: number) => string
  /** By name of the figure; a name with its own bar stands before the one of all. */
  readonly bars?: Readonly<Record<string, Bar>>
}

/**
 * The same figures from fresh servers of both sides, ours first in even rounds and MLflow's first in odd ones, so
 * that slow minutes hit both alike. A row shows the medians, how many times less ours is, and the bar.
 */
export async function compare(
  { ours, peer }: Sides,
  { store, rounds, measure, text, bars = {} }: Comparison,
): Promise<Row[]> {
  const mine: Figures[] = []
  const theirs: Figures[] = []
  for (let round = 0; round < rounds; round++) {
    const sides = [ours, peer]
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      progress(`${side.name} on ${store}, round ${round + 1} of ${rounds}`)
      ;(side === ours ? mine : theirs).push(await side.serve(store, measure))
    }
  }
  return Object.keys(mine[0]!).map((name) => {
    const middle = (figures: readonly Figures[]) => median(figures.map((one) => one[name]!))
    const [our, their] = [middle(mine), middle(theirs)]
    const value = `${text(our)}, ${peer.name} ${text(their)}: ${(their / our).toFixed(1)} ×`
    return { name: `${name}, ${store}`, value: value + barText(bars[name] ?? {}, { our, their, text }) }
  })
}

/** ` (bar ≥ 20 ×, ≤ 30 ms: met)`, or nothing without a bar. */
export function barText(
  { ratio, most }: Bar,
  { our, their, text }: { our: number; their?: number; text: (value: number) => string },
): string {
  const parts = [
    ...(ratio === undefined ? [] : [`≥ ${ratio} ×`]),
    ...(most === undefined ? [] : [`≤ ${text(most)}`]),
  ]
  if (parts.length === 0) return ''
  const isFaster = ratio === undefined || (their !== undefined && their / our >= ratio)
  const isLittle = most === undefined || our <= most
  return ` (bar ${parts.join(', ')}: ${isFaster && isLittle ? 'met' : 'MISSED'})`
}

export function millisecondsText(milliseconds: number): string {
  return `${milliseconds < 100 ? milliseconds.toPrecision(3) : milliseconds.toFixed(0)} ms`
}

export function secondsText(seconds: number): string {
  return `${seconds < 100 ? seconds.toPrecision(3) : seconds.toFixed(0)} s`
}

export function megabytesText(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}
