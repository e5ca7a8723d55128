import type { MlflowClient } from '../tracking/index.ts'
import type { CliContext } from './context.ts'
import { startProgress } from './progress.ts'

/** Trains a first champion if the name has none, with a progress bar; gives whether it did. */
export async function prepareChampion(
  context: CliContext,
  client: MlflowClient,
  name: string,
): Promise<boolean> {
  const { ensureChampion } = await import('../pipeline/first-champion.ts')
  const progress = startProgress(context, 'first champion')
  const trained = await ensureChampion({
    client,
    name,
    now: context.now,
    onIteration: (done, total) => progress.update(done, total, `tree ${done} of ${total}`),
  }).finally(() => progress.stop())
  if (trained)
    context.stderr.write(`trained a first champion on simulated payments (${trained.rows.train} rows)\n`)
  return trained !== undefined
}
