import type { Registry } from '@prometheus-io/client'
import { RISK_LEVELS, type RiskLevel } from '../../decision/risk-level.ts'
import { OVERLOADS, type Overload } from '../http/shed-load.ts'
import {
  FALLBACK_REASONS,
  type FallbackReason,
  STAND_INS,
  type StandIn,
} from '../models/score-or-fallback.ts'
import { counter } from './metrics.ts'

/** What became of a transaction for the model that did not decide. */
export const SHADOW_OUTCOMES = ['scored', 'dropped', 'failed'] as const

/** Counts what the service does to stay in service. */
export interface GuardCounts {
  fellBack(reason: FallbackReason, standIn: StandIn): void
  shed(overload: Overload): void
  rateLimited(): void
  shadowed(outcome: (typeof SHADOW_OUTCOMES)[number], jobs: number): void
  /** Champion and challenger gave these different levels to one transaction. */
  disagreed(champion: RiskLevel, challenger: RiskLevel): void
}

/** All series exist from the start, at zero, so that an alert can watch the first event. */
export function createGuardCounts(registry: Registry): GuardCounts {
  const fallback = counter(registry, 'fds_fallback_total')
  const shed = counter(registry, 'fds_shed_total')
  const limited = counter(registry, 'fds_rate_limited_total')
  const shadows = counter(registry, 'fds_shadow_scores_total')
  const disagreements = counter(registry, 'fds_shadow_disagreements_total')
  for (const reason of FALLBACK_REASONS) {
    for (const answered_by of STAND_INS) fallback.inc({ reason, answered_by }, 0)
  }
  for (const reason of OVERLOADS) shed.inc({ reason }, 0)
  for (const outcome of SHADOW_OUTCOMES) shadows.inc({ outcome }, 0)
  for (const champion of RISK_LEVELS) {
    for (const challenger of RISK_LEVELS) {
      if (champion !== challenger) disagreements.inc({ champion, challenger }, 0)
    }
  }
  return {
    fellBack: (reason, answered_by) => fallback.inc({ reason, answered_by }),
    shed: (reason) => shed.inc({ reason }),
    rateLimited: () => limited.inc(),
    shadowed: (outcome, jobs) => shadows.inc({ outcome }, jobs),
    disagreed: (champion, challenger) => disagreements.inc({ champion, challenger }),
  }
}
