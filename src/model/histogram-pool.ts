import type { BinnedMatrix } from './binned-matrix.ts'
import { createHistogram, type Histogram } from './histogram.ts'

/** Bytes that kept histograms may take; past it a node gives its own up and both children are built. */
const KEPT_BYTES_MAX = 256 * 2 ** 20

/** Lends histograms and takes them back, so that growing many trees allocates few. */
export interface HistogramPool {
  /** A histogram with any content. */
  take(): Histogram
  giveBack(histogram: Histogram): void
  /** Sets one aside for the subtraction trick, or takes it back when too many are kept. */
  keep(histogram: Histogram): Histogram | undefined
  /** Ends the keeping; the histogram stays lent. */
  unkeep(histogram: Histogram): Histogram
}

export function createHistogramPool(binned: BinnedMatrix): HistogramPool {
  const free: Histogram[] = []
  const bytes = 16 * binned.slotCount
  let keptBytes = 0
  return {
    take: () => free.pop() ?? createHistogram(binned),
    giveBack: (histogram) => {
      free.push(histogram)
    },
    keep(histogram) {
      if (keptBytes + bytes > KEPT_BYTES_MAX) {
        free.push(histogram)
        return undefined
      }
      keptBytes += bytes
      return histogram
    },
    unkeep(histogram) {
      keptBytes -= bytes
      return histogram
    },
  }
}
