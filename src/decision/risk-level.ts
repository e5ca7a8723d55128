import { FdsError } from '../errors.ts'
import type { Policy } from './policy.ts'

/** What is done with a transaction, from the mildest to the strictest. */
export const RISK_LEVELS = ['approve', 'verify', 'hold', 'block'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]

/**
 * The level of a fraud probability: approve < verify ≤ … < hold ≤ … < block ≤ …; a probability equal to a
 * threshold takes the stricter level. Anything but a number from 0 to 1 is refused (SCORES_INVALID), since
 * NaN would otherwise be approved. Cost O(1).
 *
 * @example
 * riskLevel(0.17, DEFAULT_POLICY) // 'approve'
 * riskLevel(0.18, DEFAULT_POLICY) // 'verify'
 * riskLevel(0.65, DEFAULT_POLICY) // 'block'
 */
export function riskLevel(probability: number, policy: Policy): RiskLevel {
  if (!(probability >= 0 && probability <= 1)) {
    const reason = `a probability must be a number from 0 to 1, got ${probability}`
    throw new FdsError('SCORES_INVALID', { reason })
  }
  const { verify, hold, block } = policy.thresholds
  if (probability >= block) return 'block'
  if (probability >= hold) return 'hold'
  return probability >= verify ? 'verify' : 'approve'
}
