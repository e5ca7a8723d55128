import { FdsError } from '../errors.ts'
import { type BoosterParams, FIXED_PARAMS, PARAMS, type ParamRule, type ParamSpec } from './params.ts'

type Field = keyof BoosterParams

const FIELDS = Object.keys(PARAMS) as Field[]
const FIELD_OF_NAME = new Map(FIELDS.flatMap((field) => namesOf(PARAMS[field]).map((name) => [name, field])))

/**
 * Reads parameters under XGBoost's names and aliases, with XGBoost's defaults. Numbers may come as text, as
 * from a command line; null and undefined mean "not given", as None does in Python.
 *
 * Errors: `PARAM_UNKNOWN` for a name that this trainer does not have; `PARAM_INVALID` for a value out
 * of range, for a value that XGBoost alone has (`tree_method: 'exact'`), and for one parameter
 * given under two names.
 *
 * @example
 * parseParams({ eta: '0.1', max_depth: 4 }).learningRate // 0.1
 */
export function parseParams(given: Readonly<Record<string, unknown>>): BoosterParams {
  const values = new Map<Field, unknown>()
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue
    if (Object.hasOwn(FIXED_PARAMS, name)) {
      checkFixed(name, value)
      continue
    }
    const field = FIELD_OF_NAME.get(name)
    if (field === undefined) throw new FdsError('PARAM_UNKNOWN', { name, known: knownNames() })
    if (values.has(field)) {
      throw invalid(name, `given once, under one of ${namesOf(PARAMS[field]).join(', ')}`, 'a second value')
    }
    values.set(field, parseValue(name, PARAMS[field].rule, value))
  }
  return withDefaults(values)
}

/**
 * Fills in defaults and checks ranges of parameters given under our own names.
 * Errors: `PARAM_UNKNOWN`, `PARAM_INVALID`.
 *
 * @example
 * completeParams({ maxDepth: 3 }).learningRate // 0.3
 */
export function completeParams(given: Partial<BoosterParams>): BoosterParams {
  const values = new Map<Field, unknown>()
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) continue
    if (!Object.hasOwn(PARAMS, field)) throw new FdsError('PARAM_UNKNOWN', { name: field, known: FIELDS })
    values.set(field as Field, parseValue(field, PARAMS[field as Field].rule, value))
  }
  return withDefaults(values)
}

/**
 * The parameters under XGBoost's names, for a log. Lists become text, as XGBoost writes them; what has no
 * value is left out.
 *
 * @example
 * paramsToXgboost(parseParams({ monotone_constraints: [1, 0] }))['monotone_constraints'] // '(1,0)'
 */
export function paramsToXgboost(params: BoosterParams): Record<string, string | number> {
  const named = FIELDS.filter((field) => params[field] !== undefined).map(
    (field): [string, string | number] => [PARAMS[field].name, textOf(params[field])],
  )
  return Object.fromEntries(named.filter(([, value]) => value !== ''))
}

function textOf(value: BoosterParams[Field]): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (value === undefined || value.length === 0) return ''
  return typeof value[0] === 'number' ? `(${value.join(',')})` : value.join(',')
}

function withDefaults(values: ReadonlyMap<Field, unknown>): BoosterParams {
  const complete = FIELDS.map((field) => [field, values.get(field) ?? PARAMS[field].default])
  // the table holds one entry for each field, and parseValue has checked its type
  return Object.freeze(
    Object.fromEntries(complete.filter(([, value]) => value !== undefined)),
  ) as unknown as BoosterParams
}

function checkFixed(name: string, value: unknown): void {
  const allowed = FIXED_PARAMS[name]
  if (!allowed.includes(String(value))) throw invalid(name, allowed.join(' or '), value)
}

function parseValue(name: string, rule: ParamRule, value: unknown): unknown {
  if (rule.kind === 'signs') return parseSigns(name, value)
  if (rule.kind === 'choices') return parseChoices(name, rule.choices, value)
  if (rule.kind === 'choice') {
    if (!rule.choices.includes(String(value))) throw invalid(name, rule.choices.join(' or '), value)
    return String(value)
  }
  const number = numberOf(value)
  const wrongKind = !Number.isFinite(number) || (rule.kind === 'integer' && !Number.isSafeInteger(number))
  if (wrongKind || isOutside(number, rule)) throw invalid(name, rangeOf(rule), value)
  return number
}

type NumberRule = Extract<ParamRule, { kind: 'number' | 'integer' }>

function isOutside(number: number, rule: NumberRule): boolean {
  const { from = -Infinity, to = Infinity, above = -Infinity, below = Infinity } = rule
  return number < from || number > to || number <= above || number >= below
}

function rangeOf(rule: NumberRule): string {
  const bounds = [
    rule.from === undefined ? '' : `at least ${rule.from}`,
    rule.above === undefined ? '' : `above ${rule.above}`,
    rule.to === undefined ? '' : `at most ${rule.to}`,
    rule.below === undefined ? '' : `below ${rule.below}`,
  ].filter((bound) => bound !== '')
  return `${rule.kind === 'integer' ? 'an integer' : 'a number'} ${bounds.join(' and ')}`
}

function parseChoices(name: string, choices: readonly string[], value: unknown): string | string[] {
  const list = Array.isArray(value) ? value.map(String) : String(value).split(',')
  const unknown = list.find((item) => !choices.includes(item.trim()))
  if (unknown !== undefined || list.length === 0) throw invalid(name, choices.join(' or '), value)
  return list.length === 1 ? list[0].trim() : list.map((item) => item.trim())
}

/** A list of numbers or XGBoost's spelling, "(1,0,-1)". */
function parseSigns(name: string, value: unknown): number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : signTexts(String(value))
  const signs = list.map(numberOf)
  if (signs.some((sign) => sign !== -1 && sign !== 0 && sign !== 1)) {
    throw invalid(name, 'a list of -1, 0 or 1, one for each feature in order', value)
  }
  return signs
}

function signTexts(text: string): string[] {
  const inner = text.trim().replace(/^[([](.*)[)\]]$/, '$1')
  return inner === '' ? [] : inner.split(',')
}

/** NaN for anything that is not a number or the text of one. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

function namesOf(spec: ParamSpec): readonly string[] {
  return [spec.name, ...(spec.aliases ?? [])]
}

function knownNames(): readonly string[] {
  return [...FIELDS.map((field) => PARAMS[field].name), ...Object.keys(FIXED_PARAMS)]
}

function invalid(name: string, expected: string, got: unknown): FdsError {
  const text = typeof got === 'string' ? got : (JSON.stringify(got) ?? String(got))
  return new FdsError('PARAM_INVALID', { name, expected, got: text })
}
