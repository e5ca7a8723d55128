import { FdsError } from '../../errors.ts'
import { type Choice, comparesTexts, DISTRIBUTION_METHODS } from './distribution-finding.ts'

/** Methods and thresholds by Evidently's names: a column's own before its type's before the one for all. */
export interface MethodChoice {
  readonly method?: string | undefined
  readonly numMethod?: string | undefined
  readonly catMethod?: string | undefined
  readonly perColumnMethod?: Readonly<Record<string, string>> | undefined
  readonly threshold?: number | undefined
  readonly numThreshold?: number | undefined
  readonly catThreshold?: number | undefined
  readonly perColumnThreshold?: Readonly<Record<string, number>> | undefined
}

/**
 * The method and the threshold for a column; `psi` unless chosen. A method for numbers that was chosen for all leaves
 * texts to `psi`. PARAM_INVALID for an unknown name, and for one chosen for texts that compares numbers only.
 *
 * @example
 * choiceFor({ numMethod: 'ks' }, { name: 'a', type: 'num' }) // { method: 'ks', threshold: undefined }
 */
export function choiceFor(
  options: MethodChoice,
  { name, type }: { readonly name: string; readonly type: 'num' | 'cat' },
): Choice {
  const [ownType, thresholdOfType] =
    type === 'num' ? [options.numMethod, options.numThreshold] : [options.catMethod, options.catThreshold]
  const own = (options.perColumnMethod && entryOf(options.perColumnMethod, name)) ?? ownType
  const threshold =
    (options.perColumnThreshold && entryOf(options.perColumnThreshold, name)) ??
    thresholdOfType ??
    options.threshold
  const method = own ?? options.method ?? 'psi'
  if (!DISTRIBUTION_METHODS.includes(method)) refuse(DISTRIBUTION_METHODS.join(', '), method)
  if (type === 'num' || comparesTexts(method)) return { method, threshold }
  if (own !== undefined) refuse(`one for categories for "${name}"`, method)
  return { method: 'psi', threshold: undefined }
}

function entryOf<Value>(entries: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined
}

function refuse(expected: string, got: string): never {
  throw new FdsError('PARAM_INVALID', { name: 'method', expected, got })
}
