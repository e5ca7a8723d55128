import type { Direction } from '../samplers/sampler.ts'
import type { AddedTrial } from './added-trial.ts'
import type { Distribution, Params, ParamValue } from './distribution.ts'
import type { Told } from './finish-trial.ts'

/** One change of a study, as its log keeps it. Played in the order of the log they give the study. */
export type Operation =
  | { readonly kind: 'create'; readonly direction: Direction }
  | { readonly kind: 'attr'; readonly name: string; readonly value: unknown; readonly once?: boolean }
  | { readonly kind: 'enqueue'; readonly params: Params; readonly skipIfExists: boolean }
  | { readonly kind: 'add'; readonly trial: AddedTrial }
  | { readonly kind: 'start'; readonly limit?: number }
  | { readonly kind: 'takeOver'; readonly worker: number }
  | { readonly kind: 'tell'; readonly number: number; readonly told: Told }
  | TrialOperation

/** A change of a running trial by the worker that runs it: nobody else may refuse it. */
export type TrialOperation =
  | { readonly kind: 'plan'; readonly number: number; readonly params: Params }
  | {
      readonly kind: 'suggest'
      readonly number: number
      readonly name: string
      readonly distribution: Distribution
      readonly value: ParamValue
    }
  | { readonly kind: 'report'; readonly number: number; readonly step: number; readonly value: number }
  | { readonly kind: 'trialAttr'; readonly number: number; readonly name: string; readonly value: unknown }

/** Whether it changes a running trial and no more. */
export function isTrialOperation(operation: Operation): operation is TrialOperation {
  return TRIAL_KINDS.has(operation.kind)
}

const TRIAL_KINDS: ReadonlySet<string> = new Set(['plan', 'suggest', 'report', 'trialAttr'])

/** As JSON, with NaN and the infinities, which JSON has no word for. */
export function encodeOperation(operation: Operation & { readonly id: number }): string {
  return JSON.stringify(operation, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { [NOT_FINITE]: String(value) } : value,
  )
}

/** The inverse of `encodeOperation`. */
export function decodeOperation(text: string): Operation & { readonly id: number } {
  return JSON.parse(text, (_, value: unknown) => {
    const word = (value as Record<string, string> | null)?.[NOT_FINITE]
    return typeof word === 'string' ? Number(word) : value
  })
}

const NOT_FINITE = '$number'
