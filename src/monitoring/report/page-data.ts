import type { DriftFinding } from '../drift/column-drift.ts'
import { type ColumnProfile, type NumberProfile, presentRows } from '../profile/profile.ts'
import { binLabels } from './bin-labels.ts'
import { binShares } from './drift-picture.ts'
import { FINDING_KINDS, findingWords, mainFinding, methodName } from './finding-words.ts'
import type { Words } from './html.ts'
import { grouped, percent, probability, short } from './numbers.ts'
import type { PageAction, PageColumn } from './page-columns.ts'
import type { ScriptBins, ScriptColumn, ScriptData, ScriptFinding, ScriptText } from './page-shape.ts'
import { ACTIONS, BANDS, LABELS } from './page-words.ts'

/** What the page's script reads of the columns; in their order. */
export function pageData(columns: readonly PageColumn[]): ScriptData {
  return { labels: SCRIPT_LABELS, columns: columns.map(scriptColumn) }
}

/** The kinds of a column's findings that ask for attention. */
export function findingKinds({ drift }: PageColumn): string[] {
  return drift.findings
    .filter(({ drifted, kind }) => drifted || kind === 'new_column')
    .map(({ kind }) => kind)
}

const SCRIPT_LABELS = {
  ...LABELS,
  ...prefixed('kind', FINDING_KINDS),
  ...prefixed('band', BANDS),
  ...prefixed('action', ACTIONS),
}

const GRAVITY: Readonly<Record<PageAction, number>> = { maintain: 0, watch: 1, retrain: 2, repair: 3 }

function scriptColumn(column: PageColumn): ScriptColumn {
  const { drift, action, importance } = column
  const { name, type, drifted, score, missing } = drift
  return {
    name,
    type,
    drifted,
    importance,
    score,
    gravity: action === null ? -1 : GRAVITY[action],
    missing: missing.current ?? missing.reference,
    finding: textOf(mainFinding(column)),
    kinds: findingKinds(column),
    findings: drift.findings.map((finding) => scriptFinding(finding, column)),
    bins: column.isDrawn ? scriptBins(column.reference!, column.current!) : null,
    statistics: statisticsOf(column),
  }
}

function scriptFinding(finding: DriftFinding, column: PageColumn): ScriptFinding {
  const { kind, drifted, threshold, p_value, q_value, score } = finding
  const { method, band } = column.drift
  const figures: ScriptFinding['figures'][number][] = []
  if (kind === 'distribution') {
    figures.push(['method', methodName(method)])
    if (band !== null) figures.push(['band', { label: `band.${band}` }])
  }
  if (score !== null) figures.push(['score', kind === 'distribution' ? score.toFixed(4) : percent(score)])
  if (threshold !== null) figures.push(['threshold', String(threshold)])
  if (p_value !== null) figures.push(['pValue', probability(p_value)])
  if (q_value !== null) figures.push(['qValue', probability(q_value)])
  if (kind === 'distribution' && column.action)
    figures.push(['verdict', { label: `action.${column.action}` }])
  return { title: { label: `kind.${kind}` }, text: textOf(findingWords(finding, column)), drifted, figures }
}

/** The most frequent sentence stands in the page once. */
function textOf(words: Words): ScriptText {
  return words === LABELS.calm ? { label: 'calm' } : words
}

function scriptBins(reference: ColumnProfile, current: ColumnProfile): ScriptBins {
  return {
    labels: binLabels(reference),
    reference: [...reference.counts, reference.missing],
    current: [...current.counts, current.missing],
  }
}

/** What is known of both sides without bins; a line where a side knows it. */
function statisticsOf({ reference, current }: PageColumn): ScriptColumn['statistics'] {
  const sides = [reference, current] as const
  const lines = STATISTICS.map(({ label, of }) => {
    const [before, after] = sides.map((side) => (side ? of(side) : null))
    return [label, before ?? '–', after ?? '–'] as const
  })
  return lines.filter(([, before, after]) => before !== '–' || after !== '–')
}

interface Statistic {
  readonly label: keyof typeof LABELS
  readonly of: (side: ColumnProfile) => string | null
}

const ofNumbers = (
  label: Statistic['label'],
  of: (side: NumberProfile) => number | string | null,
): Statistic => ({
  label,
  of: (side) => {
    const value = side.type === 'num' ? of(side) : null
    return typeof value === 'number' ? short(value) : value
  },
})

const STATISTICS: readonly Statistic[] = [
  { label: 'rows', of: (side) => grouped(presentRows(side) + side.missing) },
  { label: 'missing', of: (side) => `${grouped(side.missing)} (${percent(binShares(side).at(-1)!)})` },
  ofNumbers('mean', ({ mean }) => mean),
  ofNumbers('deviation', deviationOf),
  ofNumbers('range', ({ min, max }) =>
    min === null || max === null ? null : `${short(min)} – ${short(max)}`,
  ),
  ofNumbers('infinite', ({ infinite }) => (infinite > 0 ? grouped(infinite) : null)),
  { label: 'distinct', of: (side) => (side.type === 'cat' ? grouped(Math.round(side.distinct)) : null) },
]

/** Of the finite values, by n − 1. */
function deviationOf(side: NumberProfile): number | null {
  const values = presentRows(side) - side.infinite
  return side.m2 === null || values < 2 ? null : Math.sqrt(side.m2 / (values - 1))
}

function prefixed(prefix: string, words: Readonly<Record<string, Words>>): Record<string, Words> {
  return Object.fromEntries(Object.entries(words).map(([key, text]) => [`${prefix}.${key}`, text]))
}
