import { isCounted } from '../drift/compare-profile.ts'
import type { RetrainAdvice } from '../drift/retrain-advice.ts'
import type { Words } from './html.ts'
import { percent } from './numbers.ts'
import type { PageAction, PageColumn } from './page-columns.ts'

/** What to do, and why in one sentence. */
export interface PageVerdict {
  readonly action: PageAction
  readonly reason: Words
}

/**
 * What the advice says, in the words of the page: `repair` where data are broken, `retrain` where the advice asks
 * for it, `watch` where anything else drifted, `maintain` where nothing did.
 */
export function pageVerdict(columns: readonly PageColumn[], advice: RetrainAdvice): PageVerdict {
  const counted = columns.filter(({ drift }) => isCounted(drift))
  const drifted = counted.filter(({ drift }) => drift.drifted)
  const total = counted.length
  const facts = { drifted: drifted.length, total, weight: advice.weight, isWeighed: isWeighed(columns) }
  if (advice.cause === 'broken_data')
    return { action: 'repair', reason: brokenReason(advice.broken.length, total) }
  if (advice.cause === 'target_drift') return { action: 'retrain', reason: targetReason(facts) }
  if (advice.retrain) return { action: 'retrain', reason: retrainReason(facts) }
  if (drifted.length > 0) return { action: 'watch', reason: watchReason(facts) }
  return { action: 'maintain', reason: calmReason(total) }
}

/** The importance that the drifted columns carry; null where none was given. */
export function driftedImportance(columns: readonly PageColumn[]): number | null {
  if (!isWeighed(columns)) return null
  const drifted = columns.filter(({ drift }) => drift.drifted)
  return drifted.reduce((sum, { importance }) => sum + (importance ?? 0), 0)
}

interface Facts {
  readonly drifted: number
  readonly total: number
  /** The share of the importance, or of the columns where it is not known, beyond a PSI of 0.25. */
  readonly weight: number
  readonly isWeighed: boolean
}

function isWeighed(columns: readonly PageColumn[]): boolean {
  return columns.some(({ importance }) => importance !== null)
}

function brokenReason(broken: number, total: number): Words {
  return {
    en: `${broken} of ${total} columns ${broken === 1 ? 'is' : 'are'} broken: gone, of another type, infinite or emptied. Mend the data first, since no retraining can.`,
    ko: `컬럼 ${total}개 중 ${broken}개에 데이터 이상(누락, 타입 변경, 무한대, 값 소실)이 있습니다. 재학습으로는 해결되지 않으니 데이터부터 점검하세요.`,
  }
}

function targetReason({ drifted, total }: Facts): Words {
  return {
    en: `The target itself drifted, and with it what the model has to learn; ${drifted} of ${total} columns drifted in all.`,
    ko: `타겟 자체에 드리프트가 발생해 모델이 학습한 관계가 달라졌을 수 있습니다. 전체로는 컬럼 ${total}개 중 ${drifted}개가 드리프트입니다.`,
  }
}

function retrainReason({ drifted, total, weight, isWeighed }: Facts): Words {
  const share = percent(weight)
  return {
    en: `${drifted} of ${total} columns drifted; those beyond a PSI of 0.25 ${isWeighed ? `carry ${share} of the model’s importance` : `are ${share} of all`}.`,
    ko: `컬럼 ${total}개 중 ${drifted}개에서 드리프트가 확인되었고, PSI가 0.25를 넘는 컬럼이 ${isWeighed ? `모델 중요도의 ${share}를 차지합니다` : `전체의 ${share}입니다`}.`,
  }
}

function watchReason({ drifted, total, weight, isWeighed }: Facts): Words {
  const share = percent(weight)
  const [only, onlyKo] = isWeighed
    ? [`carry only ${share} of the model’s importance`, `모델 중요도의 ${share}에 그칩니다`]
    : [`are only ${share} of all`, `전체의 ${share}에 그칩니다`]
  return {
    en: `${drifted} of ${total} columns drifted, ${weight === 0 ? 'none of them enough to retrain for' : `but those beyond a PSI of 0.25 ${only}`}.`,
    ko: `컬럼 ${total}개 중 ${drifted}개에서 드리프트가 확인되었지만, ${weight === 0 ? '재학습이 필요한 수준은 아닙니다' : `PSI가 0.25를 넘는 컬럼은 ${onlyKo}`}.`,
  }
}

function calmReason(total: number): Words {
  return {
    en: `None of ${total} columns changed by more than chance and enough to matter.`,
    ko: `컬럼 ${total}개 모두 우연을 넘는 의미 있는 변화가 없습니다.`,
  }
}
