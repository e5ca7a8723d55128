import type { ExperimentVerdict, GuardrailName, VerdictReason } from './experiment-verdict.ts'

const GUARDRAILS: Record<GuardrailName, readonly [en: string, ko: string]> = {
  cost: ['cost per decision', '결정당 비용'],
  block_rate: ['share of blocked decisions', '차단 비율'],
  latency_ms: ['latency in milliseconds', '지연 시간(밀리초)'],
  error_rate: ['share of failures', '실패 비율'],
  score_psi: ['score stability index', '점수 안정성 지수(PSI)'],
}

const NO_ANSWERS: Record<string, readonly [en: string, ko: string]> = {
  TOO_FEW_ROWS: ['too few entities have a cost that differs', '비용 차이가 있는 개체가 너무 적습니다'],
  NO_VARIANCE: ['the costs have no spread', '비용에 분산이 없습니다'],
  NO_ROWS: ['there is nothing to compare', '비교할 데이터가 없습니다'],
}

/** Why a verdict is what it is and what speaks for the recommendation, in both languages, the weightiest first. */
export function verdictReasons(verdict: Omit<ExperimentVerdict, 'reasons'>): VerdictReason[] {
  return [
    ...statusReasons(verdict),
    ...verdict.guardrails
      .filter(({ alarm }) => alarm)
      .map(({ name, margin, value }) => {
        const [en, ko] = GUARDRAILS[name]
        const text = value === null ? '' : ` (${short(value)})`
        return reason(
          `GUARDRAIL_${name.toUpperCase()}`,
          `The challenger's ${en}${text} is over its margin of ${short(margin)}.`,
          `챌린저의 ${ko}${text}이(가) 허용 한도 ${short(margin)}을(를) 넘었습니다.`,
        )
      }),
    ...labelReasons(verdict),
  ]
}

function statusReasons(verdict: Omit<ExperimentVerdict, 'reasons'>): VerdictReason[] {
  const { status, samples, required, effect, sample_ratio: ratio, multiple_exposures: both } = verdict
  switch (status) {
    case 'collecting':
      return [
        reason(
          'COLLECTING',
          `${samples} of ${required} labelled decisions are there.`,
          `라벨이 확정된 결정 ${required}건 중 ${samples}건이 모였습니다.`,
        ),
      ]
    case 'sample_ratio_mismatch':
      return [
        reason(
          'SAMPLE_RATIO_MISMATCH',
          `The arms got ${ratio?.observed.join(' and ')} entities, which is not their share (p = ${short(ratio?.sequential_p_value ?? 0)}): the comparison is void.`,
          `두 그룹의 개체 수 ${ratio?.observed.join(', ')}가 정해진 비율과 다릅니다(p = ${short(ratio?.sequential_p_value ?? 0)}). 비교는 무효입니다.`,
        ),
      ]
    case 'multiple_exposures':
      return [
        reason(
          'MULTIPLE_EXPOSURES',
          `${both.entities} entities met both models (${percent(both.share)}): the comparison is void.`,
          `개체 ${both.entities}개가 두 모델을 모두 만났습니다(${percent(both.share)}). 비교는 무효입니다.`,
        ),
      ]
    case 'no_difference':
      return [noDifference(verdict)]
    default: {
      const isChallenger = status === 'challenger_wins'
      const cost = short(Math.abs(effect?.difference ?? 0))
      return [
        reason(
          isChallenger ? 'CHALLENGER_CHEAPER' : 'CHAMPION_CHEAPER',
          `The challenger costs ${cost} ${isChallenger ? 'less' : 'more'} per ${unitOf(verdict)[0]}; the bound was crossed at ${percent(effect?.information ?? 1)} of the plan.`,
          `챌린저의 ${unitOf(verdict)[1]}당 비용이 ${cost} 더 ${isChallenger ? '적습니다' : '많습니다'}. 계획의 ${percent(effect?.information ?? 1)}에서 경계를 넘었습니다.`,
        ),
      ]
    }
  }
}

function noDifference(verdict: Omit<ExperimentVerdict, 'reasons'>): VerdictReason {
  const { final, information, reason: lacking } = verdict
  if (lacking !== undefined) {
    const [en, ko] = NO_ANSWERS[lacking] ?? [lacking, lacking]
    return reason(lacking, `No test is possible: ${en}.`, `검정할 수 없습니다: ${ko}.`)
  }
  if (final) {
    return reason(
      'PLAN_FULFILLED',
      'All planned decisions are in and no bound was crossed.',
      '계획한 결정이 모두 모였지만 경계를 넘지 않았습니다.',
    )
  }
  return reason(
    'NO_BOUND_CROSSED',
    `No bound was crossed yet, at ${percent(information.fraction)} of the plan.`,
    `계획의 ${percent(information.fraction)}까지 경계를 넘지 않았습니다.`,
  )
}

/** What about the labels a reader must know. */
function labelReasons(verdict: Omit<ExperimentVerdict, 'reasons'>): VerdictReason[] {
  const reasons: VerdictReason[] = []
  if (verdict.label_horizon_seconds === null) {
    reasons.push(
      reason(
        'LABELS_AS_THEY_ARRIVE',
        'Labels count as they arrive, which favours the arm whose labels come first; set a horizon.',
        '라벨이 도착하는 대로 반영되어 라벨이 먼저 오는 그룹이 유리합니다. 성숙 기간을 정하십시오.',
      ),
    )
  }
  const unlabelled = verdict.champion.unlabelled + verdict.challenger.unlabelled
  if (unlabelled > verdict.information.labelled) {
    reasons.push(
      reason(
        'MOSTLY_UNLABELLED',
        `${unlabelled} mature decisions have no label and are left out.`,
        `성숙한 결정 ${unlabelled}건에 라벨이 없어 제외했습니다.`,
      ),
    )
  }
  return reasons
}

/** What the effect is counted per. */
export function unitOf({ primary }: Pick<ExperimentVerdict, 'primary'>): readonly [en: string, ko: string] {
  return primary === 'cost' ? ['entity', '개체'] : ['decision', '결정']
}

/** At most four digits that count. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}

export function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`
}

function reason(code: string, en: string, ko: string): VerdictReason {
  return { code, en, ko }
}
