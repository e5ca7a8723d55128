import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Row } from './rows.ts'
import { benchGrowth } from './trees/growth.ts'
import { benchPrediction } from './trees/prediction.ts'
import { openPrograms } from './trees/programs.ts'
import { benchQuality } from './trees/quality.ts'
import { FULL, QUICK } from './trees/sizes.ts'
import { benchTraining } from './trees/training.ts'

const PARTS = {
  training: benchTraining,
  growth: benchGrowth,
  prediction: benchPrediction,
  quality: benchQuality,
} as const

/**
 * How fast and how good the trees are beside Python's XGBoost: both read the same files in fresh processes, in
 * alternating order, with the same parameters and threads. Figures are medians of five; a ratio below 1 means less
 * than XGBoost. All parts take about half an hour; with `FDS_BENCH_QUICK=1` half a minute, to try the bench itself.
 */
export async function benchTrees(part: keyof typeof PARTS): Promise<readonly Row[]> {
  const sizes = process.env['FDS_BENCH_QUICK'] === '1' ? QUICK : FULL
  const programs = await openPrograms()
  const folder = mkdtempSync(join(tmpdir(), 'fds-bench-'))
  try {
    const beside = { name: 'beside', value: programs.peerText }
    return [beside, ...(await PARTS[part](programs, folder, sizes))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
