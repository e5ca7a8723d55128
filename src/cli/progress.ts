import { Presets, SingleBar } from 'cli-progress'
import type { CliContext } from './context.ts'

/** Shows a person how far the work is. */
export interface Progress {
  /** For work whose end is not known: how much is done. */
  count(done: number, unit: string): void
  update(done: number, total: number, note?: string): void
  stop(): void
}

/** A progress bar on stderr when it is a terminal; silence otherwise, so that logs and pipes stay clean. */
export function startProgress(context: CliContext, title: string): Progress {
  if (context.stderr.isTTY !== true) return { count: () => {}, update: () => {}, stop: () => {} }
  const bar = new SingleBar(
    { format: `${title} {bar} {percentage}% {note}`, stream: context.stderr, hideCursor: true },
    Presets.shades_classic,
  )
  let started = false
  let counted = false
  return {
    count(done, unit) {
      counted = true
      context.stderr.write(`\r${title} ${done} ${unit}`)
    },
    update(done, total, note = '') {
      if (counted) context.stderr.write('\n')
      counted = false
      if (!started) bar.start(total, done, { note })
      started = true
      bar.setTotal(total)
      bar.update(done, { note })
    },
    stop() {
      if (counted) context.stderr.write('\n')
      counted = false
      if (started) bar.stop()
      started = false
    },
  }
}
