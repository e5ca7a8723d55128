import { Presets, SingleBar } from 'cli-progress'
import type { BaseStudy } from './base-study.ts'
import type { FrozenTrial } from './trial.ts'

/**
 * Shows on stderr, where that is a terminal, how many trials have ended, which is best and how long the rest will
 * take. Without a `total` it counts.
 */
export function startProgressBar(
  study: BaseStudy,
  total: number | undefined,
): { update(ended: FrozenTrial): void; stop(): void } {
  const format = `{best} {bar} ${total === undefined ? '{value} trials' : '{value}/{total} trials, {eta_formatted} left'}`
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic)
  bar.start(total ?? 0, 0, { best: 'no best trial yet' })
  return {
    update: () => bar.increment(1, { best: bestOf(study) }),
    stop: () => bar.stop(),
  }
}

function bestOf(study: BaseStudy): string {
  if (!study.trials.some((trial) => trial.state === 'COMPLETE')) return 'no best trial yet'
  const { number, value } = study.bestTrial
  return `best trial ${number}: ${value!.toPrecision(6)}`
}
