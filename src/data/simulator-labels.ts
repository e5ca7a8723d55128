import type { Random } from '../math/random.ts'
import { DAY } from './simulator-calendar.ts'
import { type Events, LEGITIMATE } from './simulator-events.ts'
import { groupRows } from './simulator-groups.ts'

/** A fraud is charged back after 5 to 60 days; a payment without chargeback counts as legitimate after 60. */
export const LABEL_DELAY_DAYS = { least: 5, most: 60 } as const

/** The time at which each payment's label becomes known, whole seconds since 1970 UTC. Most chargebacks come early. */
export function drawLabelTimes(events: Events, random: Random): Float64Array {
  const { least, most } = LABEL_DELAY_DAYS
  return events.time.map((time, row) => {
    if (events.pattern[row] === LEGITIMATE) return time + most * DAY
    return time + Math.floor((least + (most - least) * random.next() ** 2) * DAY)
  })
}

/** Days that the merchant's fraud rate looks back on. */
export const MERCHANT_RISK_DAYS = 60
/** The rate starts from this many payments at this rate, so that one chargeback at a small shop is no certainty. */
export const MERCHANT_RISK_PRIOR = { payments: 20, rate: 0.01 } as const

/**
 * The fraud rate of the merchant as known at each payment: chargebacks that arrived in the last 60 days
 * (label time ≤ now) over the merchant's earlier payments of the last 60 days, both with the prior added.
 * NaN when it has no earlier payment in that time. Cost O(rows log rows).
 */
export function merchantRisk(input: {
  events: Events
  labelTimes: Float64Array
  merchantCount: number
}): Float64Array {
  const { events, labelTimes, merchantCount } = input
  const { offsets, rows } = groupRows(events.merchant, merchantCount)
  const risk = new Float64Array(events.count).fill(Number.NaN)
  const window = MERCHANT_RISK_DAYS * DAY
  const { payments, rate } = MERCHANT_RISK_PRIOR
  for (let merchant = 0; merchant < merchantCount; merchant++) {
    const own = rows.subarray(offsets[merchant]!, offsets[merchant + 1]!)
    const frauds = own.filter((row) => events.pattern[row] !== LEGITIMATE)
    const chargebacks = Float64Array.from(frauds, (row) => labelTimes[row]!).sort()
    let oldest = 0
    let arrived = 0
    let expired = 0
    for (let i = 0; i < own.length; i++) {
      const now = events.time[own[i]!]!
      while (events.time[own[oldest]!]! <= now - window) oldest++
      while (arrived < chargebacks.length && chargebacks[arrived]! <= now) arrived++
      while (expired < arrived && chargebacks[expired]! <= now - window) expired++
      if (i === oldest) continue
      risk[own[i]!] = (arrived - expired + payments * rate) / (i - oldest + payments)
    }
  }
  return risk
}
