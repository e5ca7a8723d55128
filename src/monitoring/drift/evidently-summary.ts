import type { Table } from '../../data/table.ts'
import { columnItems, type SummaryItem } from './evidently-column-summary.ts'
import { type DatasetCounts, datasetCounts } from './evidently-dataset.ts'
import { NEAR, type ReferenceTest, referenceTest } from './evidently-reference-test.ts'
import { type MetricValue, metricEntry, type ReportEntry } from './evidently-shape.ts'
import { type DataDefinition, type EvidentlyType, evidentlyTypes, namesOfType } from './evidently-types.ts'

/** A side with what was counted in it. */
interface Side {
  readonly table: Table
  readonly types: ReadonlyMap<string, EvidentlyType>
  readonly counts: DatasetCounts
}

const SAME: ReferenceTest = { kind: 'eq', relative: null }
const NO_MORE: ReferenceTest = { kind: 'le', relative: null }

/**
 * Evidently 0.7.23's `DataSummaryPreset` of the current data: the table, then its categories and numbers, or the
 * columns asked for. With a reference table also the tests against it.
 */
export function summaryEntries(input: {
  readonly reference: Table | null
  readonly current: Table
  readonly columns?: readonly string[] | undefined
  readonly definition?: DataDefinition | undefined
}): ReportEntry[] {
  const { reference, columns, definition } = input
  const current = sideOf(input.current, definition)
  const against = reference && sideOf(reference, definition)
  const names = columns ?? [...namesOfType(current.types, 'cat'), ...namesOfType(current.types, 'num')]
  const items: readonly SummaryItem[] = [
    ...datasetItems(current, against),
    ...names.flatMap((name) =>
      columnItems(name, { type: current.types.get(name), current: input.current, reference }),
    ),
  ]
  return items.map(({ spec, current, reference, title, tests }) => {
    const metric = metricEntry(spec, current)
    return {
      metric,
      tests: against ? tests.map((test) => referenceTest(metric, { test, reference, title })) : [],
    }
  })
}

function sideOf(table: Table, definition: DataDefinition | undefined): Side {
  return { table, types: evidentlyTypes(table, definition), counts: datasetCounts(table) }
}

const COLUMN_TYPES = [
  ['num', 'Numerical'],
  ['cat', 'Categorical'],
  ['datetime', 'Datetime'],
  ['text', 'Text'],
] as const

function datasetItems(current: Side, reference: Side | null): SummaryItem[] {
  const item = (
    type: string,
    of: (side: Side) => MetricValue,
    title: string,
    ...tests: readonly ReferenceTest[]
  ): SummaryItem => ({
    spec: { module: 'dataset_statistics', type, fields: {} },
    current: of(current),
    reference: reference && of(reference),
    title,
    tests,
  })
  const count = (type: string, key: keyof DatasetCounts, title: string, ...tests: ReferenceTest[]) =>
    item(type, ({ counts }) => counts[key], title, ...tests)
  return [
    count('RowCount', 'rows', 'Row count in dataset', NEAR),
    count('ColumnCount', 'columns', 'Column count in dataset', SAME),
    ...COLUMN_TYPES.map(([type, name]) => ({
      ...item('ColumnCount', ({ types }) => columnCount(types, type), ''),
      spec: {
        module: 'dataset_statistics' as const,
        type: 'ColumnCount',
        fields: { tests: [], column_type: type },
        names: { column_type: `ColumnType.${name}` },
      },
    })),
    count('DuplicatedRowCount', 'duplicatedRows', 'Duplicated row count in dataset', NEAR),
    count('DuplicatedColumnsCount', 'duplicatedColumns', 'Duplicated column count in dataset', NO_MORE),
    count('AlmostDuplicatedColumnsCount', 'almostDuplicatedColumns', ''),
    count(
      'AlmostConstantColumnsCount',
      'almostConstantColumns',
      'Almost constant column count in dataset (eps=0.95)',
      NO_MORE,
    ),
    count('EmptyRowsCount', 'emptyRows', 'Count of empty rows in dataset', NEAR),
    count('EmptyColumnsCount', 'emptyColumns', 'Count of empty columns in dataset', NO_MORE),
    count('ConstantColumnsCount', 'constantColumns', 'Count of constant columns in dataset', NO_MORE),
    item(
      'DatasetMissingValueCount',
      ({ counts }) => ({ count: counts.missing, share: counts.missing / counts.rows }),
      'Count and share of missing values in dataset',
      { ...NEAR, part: 'count' },
    ),
  ]
}

/** A lone column of timestamps is the data's clock to Evidently and counts as none. */
function columnCount(types: ReadonlyMap<string, EvidentlyType>, type: EvidentlyType): number {
  const { length } = namesOfType(types, type)
  return type === 'datetime' && length === 1 ? 0 : length
}
