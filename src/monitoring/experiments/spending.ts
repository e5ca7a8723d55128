import { FdsError } from '../../errors.ts'
import { normalCdf, normalQuantile } from '../../math/index.ts'
import type { Spending } from './experiment-plan.ts'

/**
 * The error that a group-sequential design (Lan and DeMets 1983) has spent by the information fraction t; all of
 * `alpha` from t = 1 on. By family, with a the error of one side: O'Brien–Fleming-type 2 (1 − Φ(z / √t)) with z the
 * upper a/2 point, so next to nothing early; Pocock-type a ln(1 + (e − 1) t), about equal at each look; power
 * a t^exponent; Hwang–Shih–DeCani a (1 − e^(−γt)) / (1 − e^(−γ)), which is a t at γ = 0. `sides` is 2 unless given.
 *
 * @example
 * spentAlpha({ t: 0.5, alpha: 0.05, spending: { family: 'power', exponent: 1 } }) // 0.025
 */
export function spentAlpha(input: {
  readonly t: number
  readonly alpha: number
  readonly spending: Spending
  readonly sides?: 1 | 2
}): number {
  const { alpha, spending, sides = 2 } = input
  const t = Math.min(1, input.t)
  if (!(t > 0)) return 0
  return sides * spentOneSided({ t, alpha: alpha / sides, spending })
}

const FAMILIES: readonly string[] = ['obrien_fleming', 'pocock', 'power', 'hwang_shih_decani']

/** PARAM_INVALID for an unknown family, an exponent of 0 or less and a γ that is no number. */
export function checkSpending(spending: Spending): void {
  if (!FAMILIES.includes(spending.family)) refuse('family', `one of ${FAMILIES.join(', ')}`, spending.family)
  if (spending.family === 'power' && !(spending.exponent > 0 && Number.isFinite(spending.exponent))) {
    refuse('exponent', 'a positive number', spending.exponent)
  }
  if (spending.family === 'hwang_shih_decani' && !Number.isFinite(spending.gamma)) {
    refuse('gamma', 'a finite number', spending.gamma)
  }
}

function spentOneSided(input: { readonly t: number; readonly alpha: number; readonly spending: Spending }) {
  const { t, alpha, spending } = input
  switch (spending.family) {
    case 'obrien_fleming':
      return 2 * normalCdf(-normalQuantile(alpha / 2) / Math.sqrt(t), { upper: true })
    case 'pocock':
      return alpha * Math.log1p((Math.E - 1) * t)
    case 'power':
      return alpha * t ** spending.exponent
    case 'hwang_shih_decani':
      if (spending.gamma === 0) return alpha * t
      return (alpha * Math.expm1(-spending.gamma * t)) / Math.expm1(-spending.gamma)
  }
}

function refuse(name: string, expected: string, got: unknown): never {
  throw new FdsError('PARAM_INVALID', { name, expected, got: String(got) })
}
