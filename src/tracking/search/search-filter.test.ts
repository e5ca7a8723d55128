import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { FdsError } from '../../errors.ts'
import { parseOrderBy, parseSearchFilter } from './search-filter.ts'

const isRefused = (work: () => unknown): boolean => {
  try {
    work()
    return false
  } catch (error) {
    assert.ok(error instanceof FdsError && error.code === 'TRACKING_REFUSED', String(error))
    return true
  }
}

test('a filter is clauses with AND between', () => {
  assert.deepEqual(parseSearchFilter("metrics.auc >= -1.5e-1 and params.lr='0.1' AND status != 'FAILED'"), [
    { entity: 'metric', key: 'auc', operator: '>=', value: -0.15 },
    { entity: 'parameter', key: 'lr', operator: '=', value: '0.1' },
    { entity: 'attribute', key: 'status', operator: '!=', value: 'FAILED' },
  ])
})

test('no filter is no clause', () => {
  assert.deepEqual(
    [parseSearchFilter(undefined), parseSearchFilter(''), parseSearchFilter('  ')],
    [[], [], []],
  )
})

test('every entity has its names', () => {
  const entities = [
    'metric',
    'metrics',
    'param',
    'params',
    'parameter',
    'parameters',
    'tag',
    'tags',
    'attribute',
  ]
  const more = ['attributes', 'attr', 'run', 'dataset', 'datasets']
  const parsed = [...entities, ...more].map((entity) => parseSearchFilter(`${entity}.k = 'v'`)[0]?.entity)
  const expected = 'metric metric parameter parameter parameter parameter tag tag attribute'.split(' ')
  assert.deepEqual(parsed, [...expected, 'attribute', 'attribute', 'attribute', 'dataset', 'dataset'])
})

test('a key runs from the first dot on, and may be quoted', () => {
  const keys = ['tags.mlflow.user', 'tags.`mlflow.user`', 'tags."mlflow.user"', 'tags.mlflow.`user`']
  assert.deepEqual(
    keys.map((key) => parseSearchFilter(`${key} = 'a'`)[0]?.key),
    ['mlflow.user', 'mlflow.user', 'mlflow.user', 'mlflow.user'],
  )
  assert.equal(parseSearchFilter("params.`two words` = 'a'")[0]?.key, 'two words')
  assert.equal(parseSearchFilter("`Run Name` = 'a'")[0]?.key, 'Run Name')
})

test('texts stand in either quotes, and a doubled quote is one', () => {
  assert.equal(parseSearchFilter("tags.a = 'it''s'")[0]?.value, "it's")
  assert.equal(parseSearchFilter('tags.a = "x AND y"')[0]?.value, 'x AND y')
  assert.equal(parseSearchFilter("tags.a = ''")[0]?.value, '')
})

test('words of comparison stand in any case', () => {
  const words = ["like 'a%'", "iLike 'a%'", "in ('a','b')", "Not In ('a')", 'is null', 'IS NOT NULL']
  assert.deepEqual(
    words.map((word) => parseSearchFilter(`tags.a ${word}`)[0]?.operator),
    ['LIKE', 'ILIKE', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'],
  )
  assert.deepEqual(parseSearchFilter('run_id IN ( \'a\' , "b" )')[0]?.value, ['a', 'b'])
})

test('what MLflow refuses is refused', () => {
  const bad = [
    "a = 'b' OR a = 'c'",
    "NOT a = 'b'",
    "(a = 'b')",
    "a BETWEEN 'b' AND 'c'",
    "a = 'b';",
    "a == 'b'",
    "a <> 'b'",
    "a RLIKE 'b'",
    'a',
    'a =',
    "= 'b'",
    "a = 'b",
    'a = b',
    'a IN ()',
    "a IN ('b'",
    "foo.a = 'b'",
    "metrics. = 'b'",
    'metrics.a > 1x',
    "a = 'b' AND",
    "a = 'b' a = 'c'",
    "a = 'b' --",
  ]
  assert.deepEqual(
    bad.filter((filter) => !isRefused(() => parseSearchFilter(filter))),
    [],
  )
})

test('filters are limited in clauses, values and patterns', () => {
  const clauses = (count: number) => Array.from({ length: count }, () => "a = 'b'").join(' AND ')
  assert.equal(parseSearchFilter(clauses(100)).length, 100)
  assert.ok(isRefused(() => parseSearchFilter(clauses(101))))
  assert.ok(isRefused(() => parseSearchFilter(`run_id IN (${Array(10_001).fill("'a'").join()})`)))
  assert.ok(isRefused(() => parseSearchFilter(`a LIKE '${'%'.repeat(10_001)}'`)))
})

test('any text is parsed or refused, and quickly', () => {
  const parts = fc.constantFrom(
    "'",
    '"',
    '`',
    '.',
    ' ',
    '(',
    ')',
    ',',
    'AND',
    'IN',
    'a',
    '1',
    '=',
    '%',
    '--',
    '\\',
  )
  const texts = fc.oneof(
    fc.string(),
    fc.array(parts, { maxLength: 200 }).map((list) => list.join('')),
  )
  fc.assert(fc.property(texts, (text) => void isRefused(() => parseSearchFilter(text))))
  fc.assert(fc.property(texts, (text) => void isRefused(() => parseOrderBy(text))))
  assert.ok(isRefused(() => parseSearchFilter(`${'a.'.repeat(100_000)}`)))
  assert.ok(isRefused(() => parseSearchFilter(`a = ${"'".repeat(100_001)}`)))
})

test('an order is a key and a direction', () => {
  assert.deepEqual(parseOrderBy('metrics.auc DESC'), { entity: 'metric', key: 'auc', descending: true })
  assert.deepEqual(parseOrderBy('`start_time`'), {
    entity: 'attribute',
    key: 'start_time',
    descending: false,
  })
  assert.deepEqual(parseOrderBy('params.`a b` asc'), { entity: 'parameter', key: 'a b', descending: false })
  for (const bad of ['', 'metrics.auc UP', 'metrics.auc DESC, metrics.f1', 'metrics.auc DESC DESC']) {
    assert.ok(
      isRefused(() => parseOrderBy(bad)),
      bad,
    )
  }
})
