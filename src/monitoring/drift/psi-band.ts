import type { DriftAction } from './column-drift.ts'

/** How far a distribution has moved, in the bands of credit scoring. */
export type PsiBand = 'stable' | 'watch' | 'retrain'

/**
 * The band of a population stability index: below 0.1 `stable`, to 0.25 `watch`, above 0.25 `retrain`. The bands
 * know nothing of the number of rows; `psiTest` says whether a value can be chance.
 *
 * @example
 * psiBand(0.1) // 'watch'
 */
export function psiBand(psi: number): PsiBand {
  if (psi < 0.1) return 'stable'
  return psi > 0.25 ? 'retrain' : 'watch'
}

/**
 * What to do in a band.
 *
 * @example
 * psiAction('stable') // 'maintain'
 */
export function psiAction(band: PsiBand): string {
  return { stable: 'maintain', watch: 'monitor more closely', retrain: 'consider retraining' }[band]
}

/**
 * The band's action as one word, for machines.
 *
 * @example
 * driftAction('stable') // 'maintain'
 */
export function driftAction(band: PsiBand): DriftAction {
  return band === 'stable' ? 'maintain' : band
}
