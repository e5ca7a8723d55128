import { findOptimalThreshold } from '../src/decision/index.ts'
import {
  averagePrecisionScore,
  calculateFdsMetrics,
  delongTest,
  performanceAtTop,
  reliabilityBins,
  rocAucScore,
} from '../src/evaluation/index.ts'
import { createRandom } from '../src/math/index.ts'
import { timed } from './timed.ts'

const ROWS = 1_000_000

/**
 * How long the measures take on a million rows, 1 % fraud, with scores as a booster gives them (float32) and as
 * doubles. One warm-up, then seven rounds: minimum and mean. The target is area, average precision and threshold
 * sweep together in under a second.
 */
export async function benchEvaluation(): Promise<readonly { name: string; value: string }[]> {
  const random = createRandom(1)
  const labels = Uint8Array.from({ length: ROWS }, () => Number(random.next() < 0.01))
  const doubles = Float64Array.from(labels, (label) => random.next() ** (label ? 1 : 6))
  const singles = Float32Array.from(doubles)
  const others = doubles.map((score) => (score + random.next()) / 2)
  const together = (scores: ArrayLike<number>) => [
    rocAucScore(labels, scores),
    averagePrecisionScore(labels, scores),
    findOptimalThreshold(labels, scores),
  ]
  return [
    figure('area, average precision and threshold sweep, float32 scores', () => together(singles)),
    figure('area, average precision and threshold sweep, double scores', () => together(doubles)),
    figure('ROC area', () => rocAucScore(labels, singles)),
    figure('average precision', () => averagePrecisionScore(labels, singles)),
    figure('threshold sweep', () => findOptimalThreshold(labels, singles)),
    figure('all FDS metrics', () => calculateFdsMetrics(labels, singles)),
    figure("DeLong's test of two models", () => delongTest(labels, doubles, others)),
    figure('reliability, ten quantile bins', () =>
      reliabilityBins(labels, singles, { strategy: 'quantile' }),
    ),
    figure('top 1 % of the alerts', () => performanceAtTop(labels, singles, { alertRate: 0.01 })),
  ]
}

function figure(name: string, measure: () => unknown): { name: string; value: string } {
  const { least, mean } = timed(measure)
  return {
    name: `${name}, ${ROWS.toLocaleString('en')} rows`,
    value: `${least.toFixed(0)} ms at best, ${mean.toFixed(0)} ms on average`,
  }
}
