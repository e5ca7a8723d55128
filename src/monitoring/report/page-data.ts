import type { DriftFinding } from '../drift/column-drift.ts'
import { type ColumnProfile, type NumberProfile, presentRows } from '../profile/profile.ts'
import { binLabels } from './bin-labels.ts'
import { binShares } from './drift-picture.ts'
import { FINDING_KINDS, findingWords, mainFinding, methodName } from './finding-words.ts'
import type { Words } from './html.ts'
import { grouped, percent, probability, short } from './numbers.ts'
import type { PageColumn } from './page-columns.ts'
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

function scriptColumn(column: PageColumn): ScriptColumn {
  const { drift, action, importance } = column
  const { name, type, drifted, score, missing } = drift
  return {
    name,
    type,
    drifted,
    importance: importance && rounded(importance),
    score: score && rounded(score),
    psi: drift.psi && rounded(drift.psi),
    method: methodName(drift.method),
    band: drift.band,
    action,
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
  const scoreText = kind === 'distribution' ? score?.toFixed(4) : score === null ? null : percent(score)
  return {
    kind,
    drifted,
    text: textOf(findingWords(finding, column)),
    figures: [
      scoreText ?? null,
      threshold === null ? null : String(threshold),
      p_value === null ? null : probability(p_value),
      q_value === null ? null : probability(q_value),
    ],
  }
}

/** Six digits are enough to sort by. */
function rounded(value: number): number {
  return Number(value.toPrecision(6))
}

/** The most frequent sentences stand in the page once. */
function textOf(words: Words): ScriptText {
  const label = (['calm', 'withinThreshold'] as const).find((key) => LABELS[key] === words)
  return label ? { label } : words
}

function scriptBins(reference: ColumnProfile, current: ColumnProfile): ScriptBins {
  return {
    labels: binLabels(reference),
    reference: [...reference.counts, reference.missing],
    current: [...current.counts, current.missing],
  }
}

/** What is known of both sides beside the bins; a line where a side knows it. */
function statisticsOf({ reference, current, isDrawn }: PageColumn): ScriptColumn['statistics'] {
  const sides = [reference, current] as const
  const lines = (isDrawn ? STATISTICS : [...COUNTS, ...STATISTICS]).map(({ label, of }) => {
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

/** For columns whose bins do not say it. */
const COUNTS: readonly Statistic[] = [
  { label: 'rows', of: (side) => grouped(presentRows(side) + side.missing) },
  { label: 'missing', of: (side) => `${grouped(side.missing)} (${percent(binShares(side).at(-1)!)})` },
]

const STATISTICS: readonly Statistic[] = [
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
