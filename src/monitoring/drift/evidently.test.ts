// Golden values: whole dictionaries of Evidently 0.7.23, made by test/fixtures/monitoring/make_evidently.py.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { numberColumn, tableOf, textColumn } from '../profile/table.fixture.ts'
import { type Case, drawTable, parting, reportOf } from './evidently.fixture.ts'
import { histogram, sturgesEdges } from './evidently-bins.ts'
import { evidentlyDrift } from './evidently-drift.ts'
import { fingerprint, pythonFloat, pythonText } from './evidently-fingerprint.ts'
import { type DriftMetric, type DriftTest, pythonFixed } from './evidently-shape.ts'
import { comparedNames, evidentlyTypes } from './evidently-types.ts'

type Golden = Case & {
  readonly dict: { readonly metrics: readonly DriftMetric[]; readonly tests: readonly DriftTest[] }
}

const golden: readonly Golden[] = ['chosen', 'asked', 'summary'].flatMap((which) =>
  JSON.parse(readFileSync(`test/fixtures/monitoring/evidently-${which}.json`, 'utf8')),
)

for (const given of golden) {
  test(`Evidently’s dictionary: ${given.name}`, () => {
    const { metrics, tests } = reportOf(given, drawTable(given.reference), drawTable(given.current)).dict()
    assert.equal(parting({ metrics, tests }, given.dict), null)
  })
}

const numbers = Array.from({ length: 60 }, (_, i) => i / 7)
const run = (reference: ReturnType<typeof tableOf>, current: ReturnType<typeof tableOf>) =>
  evidentlyDrift({ reference, current, types: evidentlyTypes(current) }, { driftShare: 0.5 })

test('a column that ends Evidently’s report is an error of its own, and the others are compared', () => {
  const both = tableOf(
    numberColumn('x', numbers),
    numberColumn('empty', numbers),
    textColumn('kind', ['a', 'b', 'a']),
  )
  const current = tableOf(
    numberColumn('x', numbers),
    numberColumn(
      'empty',
      numbers.map(() => null),
    ),
    numberColumn('kind', numbers),
    numberColumn('new', numbers),
  )
  const { columns, share } = run(both, current)
  assert.deepEqual(
    columns.map(({ name, tests: [test] }) => [name, test?.status, test?.description]),
    [
      [
        'x',
        'SUCCESS',
        'Drift score is 1.00. The drift detection method is K-S p_value. The drift threshold is 0.05.',
      ],
      ['empty', 'ERROR', 'The column has no value in the current data.'],
      ['kind', 'ERROR', 'The column must hold numbers on both sides.'],
      ['new', 'ERROR', 'The column is not in the reference data.'],
    ],
  )
  assert.equal(share, 0)
})

test('texts are skipped, by name', () => {
  const table = tableOf(numberColumn('x', numbers), textColumn('note', numbers.map(String)))
  const [, note] = run(table, table).columns
  assert.equal(note?.tests[0]?.status, 'SKIPPED')
  assert.match(note.tests[0].description, /^Texts are not compared/)
  assert.equal(note.metric.metric_name, 'ValueDrift(column=note)')
})

test('types are what pandas and Evidently make of the cells', () => {
  const days = numbers.map((_, i) => i * 86_400)
  const table = tableOf(
    textColumn(
      'few',
      numbers.map((_, i) => `v${i % 30}`),
    ),
    textColumn(
      'many',
      numbers.map((_, i) => `v${i % 31}`),
    ),
    numberColumn(
      'ten',
      numbers.map((_, i) => i % 10),
    ),
    numberColumn(
      'eleven',
      numbers.map((_, i) => i % 11),
    ),
    numberColumn('ten with a gap', [null, ...numbers.map((_, i) => i % 10)]),
    numberColumn(
      'flag',
      numbers.map((_, i) => i % 2),
      'boolean',
    ),
    numberColumn('flag with a gap', [null, 1, 0], 'boolean'),
    numberColumn('day', days, 'date'),
    numberColumn('moment', days, 'timestamp'),
    textColumn('nothing', [null, null]),
  )
  assert.deepEqual(
    [...evidentlyTypes(table).values()],
    ['cat', 'text', 'cat', 'num', 'num', 'cat', 'unknown', 'unknown', 'datetime', 'unknown'],
  )
  const said = evidentlyTypes(table, { numericalColumns: ['ten', 'eleven'] })
  assert.deepEqual(comparedNames(said), ['ten', 'eleven', 'few', 'flag', 'many'])
})

test('bins are NumPy’s: equal widths, the last one closed, whole numbers no narrower than 1', () => {
  const values = Float64Array.from({ length: 9 }, (_, i) => i)
  assert.deepEqual([...sturgesEdges([values], false)!], [0, 1.6, 3.2, 4.800000000000001, 6.4, 8])
  const few = Float64Array.of(1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3)
  assert.deepEqual([...sturgesEdges([few], true)!], [1, 2, 3])
  assert.deepEqual([...histogram(few, Float64Array.of(1, 2, 3))], [1, 11])
  assert.equal(sturgesEdges([Float64Array.of(1, Infinity)], false), null)
})

test('identities and numbers are written as Python writes them', () => {
  // made with CPython 3.11
  assert.deepEqual([1, 0.1, 1e-4, 1e-5, 1e16, 123456789012345680, -0, NaN].map(pythonFloat), [
    '1.0',
    '0.1',
    '0.0001',
    '1e-05',
    '1e+16',
    '1.2345678901234568e+17',
    '-0.0',
    'nan',
  ])
  assert.deepEqual(["it's", `'"`, 'a\n\u200b가\u{1F600}', '\\'].map(pythonText), [
    `"it's"`,
    `'\\'"'`,
    `'a\\n\\u200b가\u{1F600}'`,
    `'\\\\'`,
  ])
  assert.deepEqual(
    [0.125, 0.375, 2.675, -0.125, Infinity].map((value) => pythonFixed(value, 2)),
    ['0.12', '0.38', '2.67', '-0.12', 'inf'],
  )
  const path = 'evidently.metrics.column_statistics.DriftedColumnsCount'
  const fields = { columns: ['c', 'x'], per_column_method: { x: 'psi' }, cat_threshold: 0.01 }
  assert.equal(
    fingerprint(path, { ...fields, per_column_threshold: { x: 0.2 } }),
    'a88f5456df36bfb37d7cadb67aaf07e0',
  )
})
