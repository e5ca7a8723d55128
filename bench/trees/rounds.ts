import { median } from '../medians.ts'
import { progress } from '../rows.ts'
import type { AnswerOf, Job } from './jobs.ts'
import type { Programs } from './programs.ts'

export interface Case<J extends Job> {
  readonly name: string
  readonly job: J
}

/** The answers to one case, one for each round; the peer's stand empty without a peer. */
export interface Measured<A> {
  readonly ours: readonly A[]
  readonly peer: readonly A[]
}

/**
 * Puts every case to both programs, round after round, ours first in even rounds and the peer first in odd ones, so
 * that neither always runs on the cooler machine and slow minutes hit both alike.
 */
export async function playRounds<J extends Job>(
  { ours, peer }: Programs,
  cases: readonly Case<J>[],
  rounds: number,
): Promise<Measured<AnswerOf[J['task']]>[]> {
  const measured = cases.map(() => ({
    ours: [] as AnswerOf[J['task']][],
    peer: [] as AnswerOf[J['task']][],
  }))
  for (let round = 0; round < rounds; round++) {
    for (const [i, { name, job }] of cases.entries()) {
      progress(`${name}, round ${round + 1} of ${rounds}`)
      const { ours: mine, peer: theirs } = measured[i]!
      if (round % 2 === 0) mine.push(await ours(job))
      if (peer) theirs.push(await peer(job))
      if (round % 2 === 1) mine.push(await ours(job))
    }
  }
  return measured
}

/**
 * A figure beside the peer's: both medians, the ratio of the medians, and the least and greatest ratio of a round.
 */
export function besides<A>(
  { ours, peer }: Measured<A>,
  figure: (answer: A) => number,
  text: (value: number) => string,
): string {
  const mine = ours.map(figure)
  if (peer.length === 0) return text(median(mine))
  const theirs = peer.map(figure)
  const ratios = mine.map((value, round) => value / theirs[round]!)
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
  const ratio = (median(mine) / median(theirs)).toFixed(2)
  return `${ratio} × XGBoost (${range}): ${text(median(mine))} and ${text(median(theirs))}`
}

export function secondsText(seconds: number): string {
  return `${seconds < 10 ? seconds.toPrecision(3) : seconds.toFixed(1)} s`
}
