import type { DriftMetric } from '../drift/evidently-shape.ts'
import { both, html, type Markup, type Words } from './html.ts'
import { grouped, percent, short } from './numbers.ts'
import { LABELS } from './page-words.ts'
import type { ReportDict } from './report.ts'

/** The measures of a `DataSummaryPreset`: those of the data as a list, those of columns as a table; none: ''. */
export function measuresPart(
  { metrics, tests }: Pick<ReportDict, 'metrics' | 'tests'>,
  { isAlone }: { readonly isAlone: boolean },
): Markup {
  const measures = metrics.filter((metric) => !/^(ValueDrift|DriftedColumnsCount)\(/.test(metric.metric_name))
  if (measures.length === 0) return html``
  const failed = new Set(
    tests.filter(({ status }) => status !== 'SUCCESS').map(({ metric_config }) => metric_config.metric_id),
  )
  const [ofData, ofColumns] = [measures.filter((m) => !columnOf(m)), measures.filter(columnOf)]
  const words = both(LABELS.measures)
  return html`<section aria-labelledby="measures">${isAlone ? html`<h1 id="measures">${words}</h1>` : html`<h2 id="measures">${words}</h2>`}
<dl class="cards">${ofData.map((metric) => html`<div><dt>${both(wordsOf(metric))}</dt><dd>${written(metric, failed)}</dd></div>`)}</dl>
${ofColumns.length > 0 && columnTable(ofColumns, failed)}
</section>`
}

const MEASURES: Readonly<Record<string, Words>> = {
  RowCount: LABELS.rows,
  ColumnCount: LABELS.columns,
  'ColumnCount num': { en: 'Columns of numbers', ko: '수치형 컬럼' },
  'ColumnCount cat': { en: 'Columns of categories', ko: '범주형 컬럼' },
  'ColumnCount datetime': { en: 'Columns of times', ko: '날짜·시간 컬럼' },
  'ColumnCount text': { en: 'Columns of texts', ko: '텍스트 컬럼' },
  DuplicatedRowCount: { en: 'Duplicated rows', ko: '중복 행' },
  DuplicatedColumnsCount: { en: 'Duplicated columns', ko: '중복 컬럼' },
  AlmostDuplicatedColumnsCount: { en: 'Almost duplicated columns', ko: '거의 중복된 컬럼' },
  AlmostConstantColumnsCount: { en: 'Almost constant columns', ko: '거의 상수인 컬럼' },
  EmptyRowsCount: { en: 'Empty rows', ko: '빈 행' },
  EmptyColumnsCount: { en: 'Empty columns', ko: '빈 컬럼' },
  ConstantColumnsCount: { en: 'Constant columns', ko: '상수 컬럼' },
  DatasetMissingValueCount: LABELS.missingCells,
  MissingValueCount: LABELS.missing,
  UniqueValueCount: { en: 'Different values', ko: '고유값 수' },
  MinValue: { en: 'Minimum', ko: '최솟값' },
  'QuantileValue 0.25': { en: '25 %', ko: '25 %' },
  'QuantileValue 0.5': { en: 'Median', ko: '중앙값' },
  'QuantileValue 0.75': { en: '75 %', ko: '75 %' },
  MaxValue: { en: 'Maximum', ko: '최댓값' },
  MeanValue: LABELS.mean,
  StdValue: LABELS.deviation,
}

/** One row a column, one cell a measure, in the order of the words above. */
function columnTable(metrics: readonly DriftMetric[], failed: ReadonlySet<string>): Markup {
  const byColumn = Map.groupBy(metrics, columnOf)
  const present = new Set(metrics.map(keyOf))
  const keys = [...Object.keys(MEASURES).filter((key) => present.delete(key)), ...present]
  const row = ([name, cells]: [string | undefined, DriftMetric[]]): Markup => {
    const found = new Map(cells.map((metric) => [keyOf(metric), metric]))
    return html`<tr><th scope="row"><span class="plain">${name ?? ''}</span></th>${keys.map((key) => html`<td class="number">${found.has(key) ? written(found.get(key)!, failed) : '–'}</td>`)}</tr>`
  }
  return html`<details><summary>${both(LABELS.byColumn)}</summary><div class="scroll" role="group" aria-labelledby="measures" tabindex="0"><table>
<thead><tr><th scope="col">${both(LABELS.column)}</th>${keys.map((key) => html`<th scope="col" class="number">${both(MEASURES[key] ?? { en: key, ko: key })}</th>`)}</tr></thead>
<tbody>${[...byColumn].map(row)}</tbody></table></div></details>`
}

/** A value, marked in words where its test failed. */
function written(metric: DriftMetric, failed: ReadonlySet<string>): Markup {
  const mark =
    failed.has(metric.id) &&
    html` <span class="chip watch"><span class="sign" aria-hidden="true">◆</span>${both(LABELS.differs)}</span>`
  return html`${valueText(metric)}${mark}`
}

function valueText(metric: DriftMetric): string {
  const { value } = metric
  if (value === null) return '–'
  if (typeof value === 'number') return short(value)
  // its share is of the rows, not of the cells, as Evidently has it
  if (keyOf(metric) === 'DatasetMissingValueCount' && 'count' in value) return grouped(value.count)
  if ('share' in value) return `${grouped(value.count)} (${percent(value.share)})`
  return grouped(Object.keys(value.counts).length)
}

function wordsOf(metric: DriftMetric): Words {
  return MEASURES[keyOf(metric)] ?? { en: metric.metric_name, ko: metric.metric_name }
}

function keyOf({ config }: DriftMetric): string {
  const type = String(config['type']).split(':').at(-1)!
  const detail = config['column_type'] ?? config['quantile']
  return detail === undefined ? type : `${type} ${detail}`
}

function columnOf({ config }: DriftMetric): string | undefined {
  return config['column'] === undefined ? undefined : String(config['column'])
}
