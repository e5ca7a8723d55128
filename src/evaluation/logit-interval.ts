import { normalQuantile } from '../math/index.ts'

/**
 * An interval for a proportion-like value strictly between 0 and 1, made on the logit scale by the delta method:
 * logit(value) ± z · standardError / (value (1 − value)), then turned back. It never leaves (0, 1).
 */
export function logitInterval(
  value: number,
  { standardError, confidence }: { standardError: number; confidence: number },
): readonly [number, number] {
  const center = Math.log(value / (1 - value))
  const reach = (normalQuantile((1 + confidence) / 2) * standardError) / (value * (1 - value))
  return [1 / (1 + Math.exp(reach - center)), 1 / (1 + Math.exp(-reach - center))]
}
