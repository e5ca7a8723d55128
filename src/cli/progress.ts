import { Presets, SingleBar } from 'cli-progress'
import type { CliContext } from './context.ts'

/** A bar that is told how far the work is. */
export interface Progress {
  update(done: number, total: number, note?: string): void
  stop(): void
}

/** A progress bar on stderr when it is a terminal; silence otherwise, so that logs and pipes stay clean. */
export function startProgress(context: CliContext, title: string): Progress {
  if (context.stderr.isTTY !== true) return { update: () => {}, stop: () => {} }
  const bar = new SingleBar(
    { format: `${title} {bar} {percentage}% {note}`, stream: context.stderr, hideCursor: true },
    Presets.shades_classic,
  )
  let started = false
  return {
    update(done, total, note = '') {
      if (!started) bar.start(total, done, { note })
      started = true
      bar.setTotal(total)
      bar.update(done, { note })
    },
    stop() {
      if (started) bar.stop()
    },
  }
}
