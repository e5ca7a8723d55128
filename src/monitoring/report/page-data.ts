import type { DriftFinding } from '../drift/column-drift.ts'
import type { ColumnProfile } from '../profile/profile.ts'
import { FINDING_KINDS, findingWords, mainFinding, methodName } from './finding-words.ts'
import type { Words } from './html.ts'
import { percent, probability, short } from './numbers.ts'
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
    finding: mainFinding(column),
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
  return { title: { label: `kind.${kind}` }, text: findingWords(finding, column), drifted, figures }
}

function scriptBins(reference: ColumnProfile, current: ColumnProfile): ScriptBins {
  return {
    labels: [...binLabels(reference), { label: 'missing' }],
    reference: [...reference.counts, reference.missing],
    current: [...current.counts, current.missing],
  }
}

function binLabels(column: ColumnProfile): ScriptText[] {
  if (column.type === 'cat') return [...column.categories, { label: 'otherValues' }]
  const { cuts } = column
  if (cuts.length === 0) return [{ label: 'anyValue' }]
  const between = cuts.slice(1).map((cut, i) => `${short(cuts[i]!)} – ${short(cut)}`)
  return [`≤ ${short(cuts[0]!)}`, ...between, `> ${short(cuts.at(-1)!)}`]
}

function statisticsOf({ reference, current }: PageColumn): ScriptColumn['statistics'] {
  const sides = [reference, current].map((side) => (side && side.type === 'num' ? side : undefined))
  if (sides.every((side) => side === undefined)) return []
  const [before, after] = sides
  const range = (side: typeof before): string =>
    side?.min == null || side.max === null ? '–' : `${short(side.min)} – ${short(side.max)}`
  const infinite = (side: typeof before): string => (side ? short(side.infinite) : '–')
  return [
    ['range', range(before), range(after)],
    ...((before?.infinite ?? 0) + (after?.infinite ?? 0) > 0
      ? [['infinite', infinite(before), infinite(after)] as const]
      : []),
  ]
}

function prefixed(prefix: string, words: Readonly<Record<string, Words>>): Record<string, Words> {
  return Object.fromEntries(Object.entries(words).map(([key, text]) => [`${prefix}.${key}`, text]))
}
