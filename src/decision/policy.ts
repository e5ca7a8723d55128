import { createHash } from 'node:crypto'
import { FdsError } from '../errors.ts'

/**
 * What is done with a score: a value that travels with a model version and is promoted and rolled back with it.
 * `thresholds` part the probabilities into risk levels; `threshold` is where metrics and costs call a
 * transaction fraud; `costs` are the price of a missed fraud and of a false alarm, in units of the latter.
 */
export interface Policy {
  /** `p-` and the first eight hexadecimal digits of the SHA-256 of the content, so equal policies share a version. */
  readonly version: string
  readonly thresholds: { readonly verify: number; readonly hold: number; readonly block: number }
  readonly threshold: number
  readonly costs: { readonly fn: number; readonly fp: number }
}

/** The parts of a policy that differ from the default. */
export interface PolicyInput {
  readonly thresholds?: Partial<Policy['thresholds']>
  readonly threshold?: number
  readonly costs?: Partial<Policy['costs']>
}

const DEFAULTS = {
  thresholds: { verify: 0.18, hold: 0.4, block: 0.65 },
  threshold: 0.18,
  costs: { fn: 100, fp: 1 },
} as const

/** Approve below 0.18, verify below 0.40, hold below 0.65, block from there; fraud from 0.18; costs 100 and 1. */
export const DEFAULT_POLICY: Policy = createPolicy()

/**
 * Makes a frozen policy; what is not given is as in `DEFAULT_POLICY`. Thresholds must be numbers with
 * 0 ≤ verify ≤ hold ≤ block ≤ 1, `threshold` from 0 to 1, costs finite and at least 0 (POLICY_INVALID).
 *
 * @example
 * createPolicy({ thresholds: { block: 0.9 } }).thresholds // { verify: 0.18, hold: 0.4, block: 0.9 }
 * createPolicy().version === DEFAULT_POLICY.version // true
 */
export function createPolicy(input: PolicyInput = {}): Policy {
  const { verify, hold, block } = { ...DEFAULTS.thresholds, ...input.thresholds }
  const { fn, fp } = { ...DEFAULTS.costs, ...input.costs }
  const content = {
    thresholds: Object.freeze({ verify, hold, block }),
    threshold: input.threshold === undefined ? DEFAULTS.threshold : input.threshold,
    costs: Object.freeze({ fn, fp }),
  }
  checkThresholds(content)
  checkCosts(content.costs)
  return Object.freeze({ version: versionOf(content), ...content })
}

/**
 * Reads a policy that was stored as JSON: exactly the fields of `Policy`, each of its kind, and a version that
 * fits the content (POLICY_INVALID otherwise, naming the field), so an edited file never passes for the original.
 *
 * @example
 * parsePolicy(JSON.parse(JSON.stringify(DEFAULT_POLICY))).version === DEFAULT_POLICY.version // true
 */
export function parsePolicy(json: unknown): Policy {
  const given = fieldsOf('the policy', json, ['version', 'thresholds', 'threshold', 'costs'])
  const thresholds = fieldsOf('"thresholds"', given['thresholds'], ['verify', 'hold', 'block'])
  const costs = fieldsOf('"costs"', given['costs'], ['fn', 'fp'])
  // the kinds of the values are checked by createPolicy
  const policy = createPolicy({ thresholds, threshold: given['threshold'] as number, costs })
  if (given['version'] === policy.version) return policy
  return refuse(`"version" must be ${policy.version} for this content, got ${String(given['version'])}`)
}

function checkThresholds(content: Pick<Policy, 'thresholds' | 'threshold'>): void {
  const { verify, hold, block } = content.thresholds
  const all = { verify, hold, block, threshold: content.threshold }
  for (const [name, value] of Object.entries(all)) {
    if (!(typeof value === 'number' && value >= 0 && value <= 1)) {
      refuse(`"${name}" must be a number from 0 to 1, got ${String(value)}`)
    }
  }
  if (verify > hold || hold > block) {
    refuse(`thresholds must be ordered verify ≤ hold ≤ block, got ${verify}, ${hold}, ${block}`)
  }
}

function checkCosts(costs: Policy['costs']): void {
  for (const [name, value] of Object.entries(costs)) {
    if (!Number.isFinite(value) || value < 0) {
      refuse(`cost "${name}" must be a finite number of at least 0, got ${String(value)}`)
    }
  }
}

/** Canonical JSON: keys sorted at every level, no spaces, numbers as JavaScript prints them. */
function versionOf({ thresholds, threshold, costs }: Omit<Policy, 'version'>): string {
  const { verify, hold, block } = thresholds
  const canonical = { costs: { fn: costs.fn, fp: costs.fp }, threshold, thresholds: { block, hold, verify } }
  const hash = createHash('sha256').update(JSON.stringify(canonical)).digest('hex')
  return `p-${hash.slice(0, 8)}`
}

function fieldsOf(what: string, json: unknown, names: readonly string[]): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refuse(`${what} must be an object with ${names.join(', ')}`)
  }
  const unknown = Object.keys(json).find((name) => !names.includes(name))
  if (unknown !== undefined) refuse(`${what} has no field "${unknown}"; its fields are ${names.join(', ')}`)
  const fields = json as Record<string, unknown>
  const missing = names.find((name) => fields[name] === undefined)
  if (missing !== undefined) refuse(`${what} must hold "${missing}"`)
  return fields
}

function refuse(reason: string): never {
  throw new FdsError('POLICY_INVALID', { reason })
}
