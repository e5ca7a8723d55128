import type { ColumnDrift, DriftFinding, FindingKind } from '../drift/column-drift.ts'
import { type ColumnProfile, haveOneLayout, presentRows } from '../profile/profile.ts'
import { binLabels, binWords, cut } from './bin-labels.ts'
import { binShares } from './drift-picture.ts'
import type { Words } from './html.ts'
import { percent } from './numbers.ts'
import { LABELS } from './page-words.ts'

/** A column's row and its counts on both sides, where it has them. */
export interface ColumnSides {
  readonly drift: ColumnDrift
  readonly reference: ColumnProfile | undefined
  readonly current: ColumnProfile | undefined
}

/** The names of the kinds, for the filter and for the heading of a finding. */
export const FINDING_KINDS = {
  distribution: { en: 'Distribution', ko: '분포' },
  missing: { en: 'Missing values', ko: '결측률' },
  new_categories: { en: 'New categories', ko: '새 범주' },
  out_of_range: { en: 'Out of range', ko: '기준 범위 이탈' },
  infinite: { en: 'Infinite values', ko: '무한대 값' },
  vanished: { en: 'Column vanished', ko: '컬럼 누락' },
  new_column: { en: 'New column', ko: '새 컬럼' },
  type_changed: { en: 'Type changed', ko: '타입 변경' },
} as const satisfies Readonly<Record<FindingKind, Words>>

const METHODS: Readonly<Record<string, string>> = {
  psi: 'PSI',
  ks: 'K-S',
  chisquare: 'χ²',
  z: 'Z',
  wasserstein: 'Wasserstein',
  jensenshannon: 'Jensen–Shannon',
  kl_div: 'KL',
  hellinger: 'Hellinger',
  TVD: 'Total variation',
}

/** A method as people write it; names without an entry as they are. */
export function methodName(method: string | null): string {
  return method === null ? '–' : (METHODS[method] ?? method)
}

/** The gravest finding of a column as one sentence, with its figures. */
export function mainFinding(column: ColumnSides): Words {
  const { findings, message, status } = column.drift
  const sides = emptySides(column)
  if (sides && status === 'compared') return sides
  const main =
    findings.find((finding) => finding.message === message) ?? findings.find(({ drifted }) => drifted)
  if (main) return findingWords(main, column)
  if (column.drift.type === 'datetime' && status === 'not_compared') return LABELS.timesMove
  return { en: message, ko: `비교하지 않음: ${message}` }
}

/** One finding as a sentence in both languages, with its figures. */
export function findingWords(finding: DriftFinding, column: ColumnSides): Words {
  const share = percent(finding.score ?? 0)
  if (!finding.drifted && finding.score !== null && finding.kind !== 'distribution') return LABELS.calm
  switch (finding.kind) {
    case 'distribution':
      return distributionWords(finding, column)
    case 'missing':
      return missingWords(column)
    case 'new_categories':
      return {
        en: `${share} of the rows have a category that the reference lacks`,
        ko: `기준에 없던 범주가 전체 행의 ${share}입니다`,
      }
    case 'out_of_range':
      return {
        en: `${share} of the rows lie outside the reference’s range`,
        ko: `기준 범위를 벗어난 값이 전체 행의 ${share}입니다`,
      }
    case 'infinite':
      return { en: `${share} of the rows are infinite`, ko: `무한대 값이 전체 행의 ${share}입니다` }
    case 'vanished':
      return { en: 'The column is missing from the current data', ko: '현재 데이터에 이 컬럼이 없습니다' }
    case 'new_column':
      return { en: 'The column is not in the reference data', ko: '기준 데이터에 없던 컬럼입니다' }
    case 'type_changed':
      return typeWords(column)
  }
}

function distributionWords(finding: DriftFinding, column: ColumnSides): Words {
  const { drifted, score, threshold, p_value, q_value } = finding
  if (drifted) return movedWords(column)
  const isDistance = score !== null && score !== p_value && q_value !== null
  if (isDistance && score >= (threshold ?? 0)) return LABELS.uncertain
  return column.drift.method === 'psi' ? LABELS.calm : LABELS.withinThreshold
}

/** Where the distribution moved most: the bin that adds most to the index, with its shares before and now. */
function movedWords({ reference, current }: ColumnSides): Words {
  if (!reference || !current || !haveOneLayout(reference, current)) {
    return { en: 'The distribution moved', ko: '분포가 달라졌습니다' }
  }
  const [before, after] = [binShares(reference), binShares(current)]
  const parts = psiParts(reference, current)
  const bin = parts.indexOf(Math.max(...parts))
  const { en, ko } = binWords(binLabels(reference)[bin]!)
  const shares = `${percent(before[bin]!)}\u00a0→\u00a0${percent(after[bin]!)}`
  return { en: `Moved most: ${cut(en, 40)} (${shares})`, ko: `가장 큰 변화: ${cut(ko, 40)} (${shares})` }
}

/** What each bin adds to the index, with half a row a bin as the index has it. */
function psiParts(reference: ColumnProfile, current: ColumnProfile): number[] {
  const [before, after] = [reference, current].map(({ counts, missing }) => [...counts, missing])
  const bins = before!.filter((count, bin) => count + after![bin]! > 0).length
  const smoothed = (counts: readonly number[]): number[] => {
    const total = counts.reduce((sum, count) => sum + count, 0) + bins / 2
    return counts.map((count) => (count + 0.5) / total)
  }
  const [r, c] = [smoothed(before!), smoothed(after!)]
  return r.map((share, bin) =>
    before![bin]! + after![bin]! === 0 ? 0 : (share - c[bin]!) * Math.log(share / c[bin]!),
  )
}

function missingWords({ drift }: ColumnSides): Words {
  const [before, after] = [percent(drift.missing.reference ?? 0), percent(drift.missing.current ?? 0)]
  return {
    en: `Missing values went from ${before} to ${after}`,
    ko: `결측률이 ${before}에서 ${after}로 바뀌었습니다`,
  }
}

function typeWords({ reference, current }: ColumnSides): Words {
  const [before, after] = [reference?.kind ?? '?', current?.kind ?? '?']
  return {
    en: `The type changed from ${before} to ${after}`,
    ko: `타입이 ${before}에서 ${after}(으)로 바뀌었습니다`,
  }
}

/** Where a side has rows but not one value. */
function emptySides({ reference, current }: ColumnSides): Words | undefined {
  const isEmpty = (side: ColumnProfile | undefined): boolean => side !== undefined && presentRows(side) === 0
  if (isEmpty(reference) && isEmpty(current)) {
    return { en: 'No value on either side', ko: '기준과 현재 모두 값이 하나도 없습니다' }
  }
  if (isEmpty(reference))
    return { en: 'No value in the reference data', ko: '기준 데이터에 값이 하나도 없습니다' }
  if (isEmpty(current))
    return { en: 'No value in the current data', ko: '현재 데이터에 값이 하나도 없습니다' }
  return undefined
}
