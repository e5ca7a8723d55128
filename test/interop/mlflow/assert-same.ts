import assert from 'node:assert/strict'
import type { MlflowVersion } from './environments.ts'
import { KNOWN_DIFFERENCES } from './known-differences.ts'
import { differences, normalise, type Transcript } from './transcript.ts'

/**
 * Fails on every step of a scenario that our server answers otherwise than this version of MLflow's, but for the
 * known differences; and on each of those that no step shows any more.
 */
export function assertSame(
  version: MlflowVersion,
  scenario: string,
  seen: { readonly ours: Transcript[string]; readonly theirs: Transcript[string] },
): void {
  const [ours, theirs] = [normalise(seen.ours), normalise(seen.theirs)]
  const known = KNOWN_DIFFERENCES.filter(
    (one) => one.scenario === scenario && (one.only ?? version) === version,
  )
  const steps = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])]
  const differing = steps.filter((step) => differences(ours[step], theirs[step]).length > 0)
  const unexpected = differing
    .filter((step) => !known.some((one) => one.steps.test(step)))
    .flatMap((step) => differences(ours[step], theirs[step], `[${step}]`).slice(0, 3))
  const gone = known.filter((one) => !differing.some((step) => one.steps.test(step)))
  assert.deepEqual([...unexpected, ...gone.map((one) => `${one.steps} does not differ any more`)], [])
}
