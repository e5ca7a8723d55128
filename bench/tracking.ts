import type { Row } from './rows.ts'
import { PARTS } from './tracking/parts.ts'
import { openSides } from './tracking/sides.ts'
import { FULL, QUICK } from './tracking/sizes.ts'

/**
 * How fast our tracking server is beside MLflow's own: the same client program asks both, on SQLite and PostgreSQL,
 * each started as its makers start it by default, in fresh processes and alternating order. Figures are medians;
 * `3 ×` means a third of MLflow's. All parts take about three quarters of an hour; with `FDS_BENCH_QUICK=1` some minutes, to try
 * the bench itself. MLflow is installed once into the cache of the interop suites.
 */
export async function benchTracking(part: keyof typeof PARTS): Promise<readonly Row[]> {
  const sides = await openSides()
  try {
    const sizes = process.env['FDS_BENCH_QUICK'] === '1' ? QUICK : FULL
    return await PARTS[part](sides, sizes)
  } finally {
    await sides.close()
  }
}
