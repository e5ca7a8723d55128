import { refuse } from '../protocol/refusal.ts'

/** What a clause speaks of; `attribute` where the filter names none. */
export type SearchEntity = 'metric' | 'parameter' | 'tag' | 'attribute' | 'dataset'

export interface SearchKey {
  readonly entity: SearchEntity
  readonly key: string
}

export type Operator =
  | '='
  | '!='
  | '>'
  | '>='
  | '<'
  | '<='
  | 'LIKE'
  | 'ILIKE'
  | 'IN'
  | 'NOT IN'
  | 'IS NULL'
  | 'IS NOT NULL'

/** One condition of a filter; all must hold. `value` is a list for IN, absent for IS NULL. */
export interface SearchClause extends SearchKey {
  readonly operator: Operator
  readonly value?: number | string | readonly string[]
}

/**
 * Parses MLflow's search language:
 *
 *     filter := clause ("AND" clause)*
 *     clause := [entity "."] key operator value | [entity "."] key "IS" ["NOT"] "NULL"
 *     value  := number | 'text' | "text" | ('a', 'b')
 *
 * Keys may stand in backticks or double quotes; a doubled quote inside a text stands for one. No filter is no
 * clause. Everything else is refused with INVALID_PARAMETER_VALUE. Cost linear in the filter's length; at most 100
 * clauses, 10,000 values in lists, and 10,000 characters in a LIKE pattern.
 *
 * @example
 * parseSearchFilter("metrics.auc > 0.9")[0]?.operator // '>'
 */
export function parseSearchFilter(filter: string | undefined): SearchClause[] {
  const reader = new TokenReader(filter ?? '')
  const clauses: SearchClause[] = []
  while (!reader.atEnd()) {
    if (clauses.length > 0) reader.expectWord('AND')
    if (clauses.length >= MOST_CLAUSES) refuseFilter(`more than ${MOST_CLAUSES} clauses`)
    clauses.push(parseClause(reader))
  }
  const listed = clauses.reduce((sum, { value }) => sum + (Array.isArray(value) ? value.length : 0), 0)
  if (listed > MOST_LISTED) refuseFilter(`more than ${MOST_LISTED} values in lists`)
  return clauses
}

/** Parses one entry of `order_by`, such as "metrics.auc DESC"; ascending unless it says otherwise. */
export function parseOrderBy(entry: string): SearchKey & { readonly descending: boolean } {
  const reader = new TokenReader(entry)
  const key = parseKey(reader)
  const direction = reader.atEnd() ? 'ASC' : reader.word().toUpperCase()
  if ((direction !== 'ASC' && direction !== 'DESC') || !reader.atEnd()) {
    refuse('INVALID_PARAMETER_VALUE', `Invalid order_by clause '${shorten(entry)}'. Could not be parsed.`)
  }
  return { ...key, descending: direction === 'DESC' }
}

const MOST_CLAUSES = 100
const MOST_LISTED = 10_000
const LONGEST_PATTERN = 10_000

const ENTITIES = new Map<string, SearchEntity>([
  ['metric', 'metric'],
  ['metrics', 'metric'],
  ['param', 'parameter'],
  ['params', 'parameter'],
  ['parameter', 'parameter'],
  ['parameters', 'parameter'],
  ['tag', 'tag'],
  ['tags', 'tag'],
  ['attribute', 'attribute'],
  ['attributes', 'attribute'],
  ['attr', 'attribute'],
  ['run', 'attribute'],
  ['dataset', 'dataset'],
  ['datasets', 'dataset'],
])

function parseClause(reader: TokenReader): SearchClause {
  const key = parseKey(reader)
  const operator = parseOperator(reader)
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') return { ...key, operator }
  const isList = operator === 'IN' || operator === 'NOT IN'
  const value = isList ? reader.list() : reader.value()
  const isPattern = operator === 'LIKE' || operator === 'ILIKE'
  if (isPattern && String(value).length > LONGEST_PATTERN)
    refuseFilter(`a pattern of over ${LONGEST_PATTERN} characters`)
  return { ...key, operator, value }
}

/** The entity ends at the first dot; without one the key is an attribute. */
function parseKey(reader: TokenReader): SearchKey {
  const [first, ...rest] = reader.path()
  if (rest.length === 0) return { entity: 'attribute', key: first! }
  const entity = ENTITIES.get(first!)
  if (entity) return { entity, key: rest.join('.') }
  const known = "['metric', 'parameter', 'tag', 'attribute', 'dataset']"
  return refuse(
    'INVALID_PARAMETER_VALUE',
    `Invalid entity type '${shorten(first!)}'. Valid values are ${known}`,
  )
}

function parseOperator(reader: TokenReader): Operator {
  const sign = reader.sign()
  if (sign !== undefined) return sign
  const word = reader.word().toUpperCase()
  if (word === 'LIKE' || word === 'ILIKE' || word === 'IN') return word
  if (word === 'NOT') {
    reader.expectWord('IN')
    return 'NOT IN'
  }
  if (word !== 'IS') refuseFilter(`'${shorten(word)}' is no comparison`)
  const next = reader.word().toUpperCase()
  if (next === 'NULL') return 'IS NULL'
  if (next !== 'NOT') refuseFilter(`'IS ${shorten(next)}' is no comparison`)
  reader.expectWord('NULL')
  return 'IS NOT NULL'
}

/** Reads tokens from left to right; every method skips blanks first and refuses what does not fit. */
class TokenReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  atEnd(): boolean {
    this.#take(/\s*/y)
    return this.#at >= this.#text.length
  }

  /** `metrics.auc`, `tags.mlflow.user`, ``params.`two words` ``: the parts between dots, without quotes. */
  path(): string[] {
    const parts = [this.#part()]
    while (this.#take(/\./y) !== undefined) parts.push(this.#part())
    return parts
  }

  sign(): Operator | undefined {
    this.#take(/\s*/y)
    // `==` and `<>` are not MLflow's
    return this.#take(/(?:!=|>=|<=|=(?!=)|>|<(?!>))/y) as Operator | undefined
  }

  word(): string {
    this.#take(/\s*/y)
    return this.#take(/[A-Za-z]+/y) ?? this.#refuse()
  }

  expectWord(word: string): void {
    if (this.word().toUpperCase() !== word) this.#refuse()
  }

  value(): number | string {
    this.#take(/\s*/y)
    const number = this.#take(/[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y)
    return number === undefined ? this.#quoted() : Number(number)
  }

  list(): string[] {
    const items: string[] = []
    this.#expect(/\s*\(/y)
    do items.push(this.#quoted())
    while (this.#take(/\s*,/y) !== undefined)
    this.#expect(/\s*\)/y)
    return items
  }

  #part(): string {
    this.#take(/\s*/y)
    const quoted = this.#take(/`[^`]+`|"[^"]+"/y)
    return quoted?.slice(1, -1) ?? this.#take(/[^\s.`"'=<>!(),;]+/y) ?? this.#refuse()
  }

  #quoted(): string {
    this.#take(/\s*/y)
    const quoted = this.#take(/'(?:[^']|'')*'|"(?:[^"]|"")*"/y) ?? this.#refuse()
    const quote = quoted.charAt(0)
    return quoted.slice(1, -1).replaceAll(quote + quote, quote)
  }

  #expect(pattern: RegExp): void {
    if (this.#take(pattern) === undefined) this.#refuse()
  }

  /** What the sticky pattern matches here, which is then behind us. */
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (!found) return undefined
    this.#at += found[0].length
    return found[0]
  }

  #refuse(): never {
    return refuseFilter(`'${shorten(this.#text.slice(this.#at)) || 'end'}'`)
  }
}

function refuseFilter(what: string): never {
  return refuse('INVALID_PARAMETER_VALUE', `Invalid clause(s) in filter string: ${what}`)
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
