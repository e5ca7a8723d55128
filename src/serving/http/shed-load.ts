import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Logger } from '../../log.ts'

/** What is beyond its bound, if anything. */
export const OVERLOADS = ['event_loop', 'log_queue'] as const
export type Overload = (typeof OVERLOADS)[number]

export interface LoadBounds {
  /** Mean delay of the event loop over LOOK_MS, in milliseconds. */
  readonly delayMs: number
  /** Decisions that wait for the disk. */
  readonly waiting: number
}

export const LOAD_BOUNDS: LoadBounds = { delayMs: 200, waiting: 20_000 }

/** How often the load is looked at. */
const LOOK_MS = 100
/** Looks in a row beyond a bound before requests are refused: one long pause is no overload. */
const LOOKS = 3
/** Requests are taken again once the load is below this share of the bound. */
const CALM = 0.5

export interface LoadShedder {
  /** Whether to refuse, and why; as cheap as reading a field. */
  shedding(): Overload | undefined
  close(): void
}

export interface LoadShedderInput {
  /** Decisions that wait for the disk now. */
  readonly waiting: () => number
  readonly logger: Logger
  readonly bounds?: LoadBounds
}

/** What is measured at each look. */
export interface Load {
  readonly delayMs: number
  readonly waiting: number
}

/**
 * Watches the delay of the event loop and the queue of the decision log, and says when to refuse requests (503 with
 * Retry-After) instead of making all of them wait. Begins after three looks beyond a bound, ends at the first look
 * with both below half of theirs.
 */
export function createLoadShedder({ waiting, logger, bounds = LOAD_BOUNDS }: LoadShedderInput): LoadShedder {
  const delay = measureDelay()
  const judge = createLoadJudge(bounds)
  let overload: Overload | undefined
  const timer = setInterval(() => {
    const load = { delayMs: delay.sinceLastCall(), waiting: waiting() }
    const before = overload
    overload = judge(load)
    if (overload && !before) logger.warn({ overload, ...load }, 'too much load: requests are refused')
    if (!overload && before) logger.warn(load, 'requests are taken again')
  }, LOOK_MS)
  timer.unref()
  return {
    shedding: () => overload,
    close: () => {
      clearInterval(timer)
      delay.close()
    },
  }
}

/** The decision alone: gives after each look what to refuse for. */
export function createLoadJudge(bounds: LoadBounds): (load: Load) => Overload | undefined {
  let looks = 0
  let overload: Overload | undefined
  return (load) => {
    const cause =
      load.delayMs > bounds.delayMs ? 'event_loop' : load.waiting > bounds.waiting ? 'log_queue' : undefined
    looks = cause === undefined ? 0 : looks + 1
    if (cause !== undefined && looks >= LOOKS) overload = cause
    else if (load.delayMs < bounds.delayMs * CALM && load.waiting < bounds.waiting * CALM)
      overload = undefined
    return overload
  }
}

const DELAY_STEP_MS = 10

/** The mean delay between two calls, from sums: a reset of Node's histogram would lose the step under way. */
function measureDelay() {
  const histogram = monitorEventLoopDelay({ resolution: DELAY_STEP_MS })
  histogram.enable()
  let count = 0
  let sum = 0
  return {
    sinceLastCall: (): number => {
      const steps = histogram.count - count
      const total = histogram.count > 0 ? histogram.mean * histogram.count : 0
      const mean = steps > 0 ? (total - sum) / steps / 1e6 : 0
      count = histogram.count
      sum = total
      return Math.max(0, mean - DELAY_STEP_MS)
    },
    close: () => void histogram.disable(),
  }
}
