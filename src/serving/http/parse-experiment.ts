import { FdsError } from '../../errors.ts'
import type { ExperimentPlanInput, GuardrailMargins } from '../../monitoring/experiments/experiment-plan.ts'
import type { ExperimentRequest } from '../experiments/experiment-desk.ts'
import { kindOf } from '../models/parse-transaction.ts'

type Reader = (value: unknown, field: string) => unknown

const numberOf: Reader = (value, field) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(field, 'a number', value)
const numberOrNull: Reader = (value, field) => (value === null ? null : numberOf(value, field))
const truthOf: Reader = (value, field) =>
  typeof value === 'boolean' ? value : refuse(field, 'true or false', value)
const textOf: Reader = (value, field) =>
  typeof value === 'string' && value.length <= 1000
    ? value
    : refuse(field, 'a text of at most 1,000 characters', value)
const oneOf =
  (...choices: readonly string[]): Reader =>
  (value, field) =>
    choices.includes(value as string) ? value : refuse(field, choices.join(' or '), value)

const GUARDRAILS = ['cost', 'block_rate', 'latency_ms', 'error_rate', 'score_psi'] as const
const guardrailsOf: Reader = (value) =>
  readFields(value, Object.fromEntries(GUARDRAILS.map((name) => [name, numberOrNull])), 'guardrails.')

const START: Readonly<Record<string, Reader>> = {
  mode: oneOf('ab', 'shadow'),
  traffic_split: numberOf,
  coverage: numberOf,
  min_samples: numberOf,
  planned_samples: numberOf,
  alpha: numberOf,
  power: numberOf,
  horizon: numberOrNull,
  loss_cap: numberOrNull,
  primary: oneOf('cost', 'paired_cost'),
  guardrails: guardrailsOf,
  auto_promote: truthOf,
  auto_rollback: truthOf,
  reason: textOf,
}

/** Names of the body's fields where the plan calls them otherwise. */
const PLAN_NAMES = {
  traffic_split: 'trafficSplit',
  min_samples: 'minSamples',
  planned_samples: 'plannedSamples',
  alpha: 'alpha',
  power: 'power',
  horizon: 'labelHorizonSeconds',
  loss_cap: 'lossCap',
  primary: 'primary',
  guardrails: 'guardrails',
} as const

/** Reads the body of a start; every field may be absent, and so may the body. REQUEST_INVALID, naming the field. */
export function parseStart(body: unknown): ExperimentRequest & { readonly reason?: string | undefined } {
  const given = readFields(body ?? {}, START)
  const plan: Record<string, unknown> = {}
  for (const [field, name] of Object.entries(PLAN_NAMES)) {
    if (given[field] !== undefined) plan[name] = given[field] as number | GuardrailMargins
  }
  return {
    mode: given['mode'] as ExperimentRequest['mode'],
    coverage: given['coverage'] as number | undefined,
    autoPromote: given['auto_promote'] as boolean | undefined,
    autoRollback: given['auto_rollback'] as boolean | undefined,
    reason: given['reason'] as string | undefined,
    plan: plan as ExperimentPlanInput,
  }
}

export function parseRamp(body: unknown): { readonly coverage: number; readonly reason?: string } {
  const given = readFields(body ?? {}, { coverage: numberOf, reason: textOf })
  if (given['coverage'] === undefined) refuse('coverage', 'a number', undefined)
  return given as { coverage: number; reason?: string }
}

export function parsePromotion(body: unknown): { readonly force?: boolean; readonly reason?: string } {
  return readFields(body ?? {}, { force: truthOf, reason: textOf })
}

/** The body of a stop or a rollback. */
export function parseReason(body: unknown): { readonly reason?: string } {
  return readFields(body ?? {}, { reason: textOf })
}

function readFields(
  body: unknown,
  readers: Readonly<Record<string, Reader>>,
  prefix = '',
): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refuse(prefix === '' ? 'the body' : prefix.slice(0, -1), 'a JSON object', body)
  }
  return Object.fromEntries(
    Object.entries(body).map(([field, value]) => {
      if (!Object.hasOwn(readers, field)) {
        const reason = `there is no field "${prefix}${field}"; the fields are ${Object.keys(readers).join(', ')}`
        throw new FdsError('REQUEST_INVALID', { reason })
      }
      return [field, readers[field]!(value, prefix + field)]
    }),
  )
}

function refuse(field: string, expected: string, value: unknown): never {
  const got =
    typeof value === 'number' || typeof value === 'string' ? String(value).slice(0, 60) : kindOf(value)
  throw new FdsError('REQUEST_INVALID', { reason: `"${field}" must be ${expected}, got ${got}` })
}
