import { isNoAnswer } from '../../math/index.ts'
import type { Lang } from '../report/html.ts'
import { experimentPicture } from './experiment-picture.ts'
import type { ExperimentLook, ExperimentVerdict } from './experiment-verdict.ts'
import { percent, short, unitOf } from './verdict-words.ts'

export interface ExperimentReport {
  /** The verdict and its looks, for machines. */
  readonly data: { readonly verdict: ExperimentVerdict; readonly looks: readonly ExperimentLook[] }
  /** The same to read, a line a statement. */
  readonly text: string
  /** The effect with its confidence sequence over the looks, an SVG document that stands alone. */
  readonly svg: string
}

const STATUSES: Record<ExperimentVerdict['status'], Record<Lang, string>> = {
  collecting: { en: 'still collecting', ko: '수집 중' },
  challenger_wins: { en: 'the challenger wins', ko: '챌린저 우세' },
  champion_wins: { en: 'the champion wins', ko: '챔피언 우세' },
  no_difference: { en: 'no difference', ko: '차이 없음' },
  sample_ratio_mismatch: { en: 'void: sample-ratio mismatch', ko: '무효: 표본 비율 불일치' },
  multiple_exposures: { en: 'void: entities met both models', ko: '무효: 두 모델 중복 노출' },
}

const RECOMMENDATIONS: Record<ExperimentVerdict['recommendation'], Record<Lang, string>> = {
  promote: { en: 'promote the challenger', ko: '챌린저 승격' },
  rollback: { en: 'roll the challenger back', ko: '챌린저 롤백' },
  continue: { en: 'go on', ko: '계속 진행' },
  stop: { en: 'stop the experiment', ko: '실험 중단' },
}

/**
 * A report of an experiment as data, text and a picture, in English (unless told) or Korean. The same input gives the
 * same texts. Cost: drawing, some 20 ms.
 *
 * @example
 * const plan = experimentPlan()
 * const evidence = gatherEvidence({ plan, outcomes: [], now: 0 })
 * const { verdict } = judgeExperiment({ plan, evidence, earlierLooks: [] })
 * experimentReport(verdict, []).text.split("\n")[0] // 'Verdict: still collecting (so far)'
 */
export function experimentReport(
  verdict: ExperimentVerdict,
  looks: readonly ExperimentLook[],
  options: { readonly language?: Lang } = {},
): ExperimentReport {
  const { language = 'en' } = options
  return {
    data: { verdict, looks },
    text: `${linesOf(verdict, language).join('\n')}\n`,
    svg: experimentPicture({ verdict, looks, language }),
  }
}

function linesOf(verdict: ExperimentVerdict, language: Lang): string[] {
  const say = (en: string, ko: string): string => (language === 'en' ? en : ko)
  const { information, naive, sample_ratio: ratio } = verdict
  return [
    `${say('Verdict', '판정')}: ${STATUSES[verdict.status][language]}${verdict.final ? '' : say(' (so far)', ' (현재까지)')}`,
    `${say('Recommendation', '권고')}: ${RECOMMENDATIONS[verdict.recommendation][language]}`,
    ...verdict.reasons.map((reason) => `- ${reason[language]}`),
    effectLine(verdict, language),
    `${say('Progress', '진행')}: ${information.labelled} / ${information.planned} (${percent(information.fraction)}), ${say('looks', '확인 횟수')} ${information.looks}`,
    ...(ratio
      ? [
          `${say('Entities by arm', '그룹별 개체 수')}: ${ratio.observed.join(' / ')}, p = ${short(ratio.sequential_p_value)}`,
        ]
      : []),
    ...pairedLines(verdict, language),
    ...verdict.guardrails.map(({ name, value, margin, alarm, lower_bound: bound }) => {
      const quiet = bound === null ? say('too little to say', '판단하기 이름') : say('no alarm', '경보 없음')
      const state = alarm ? say('ALARM', '경보') : quiet
      return `${say('Guardrail', '가드레일')} ${name}: ${value === null ? '–' : short(value)} (${say('margin', '한도')} ${short(margin)}), ${state}`
    }),
    say(
      `A t-test on the scores would say: ${STATUSES[naive.status].en}; looked at ${naive.looks} times it errs in ${percent(naive.false_alarm_rate)} of experiments on equal models, the verdict above in ${percent(naive.sound_false_alarm_rate)}.`,
      `점수에 대한 t-검정의 판정: ${STATUSES[naive.status].ko}. ${naive.looks}번 확인하면 같은 모델끼리의 실험에서도 ${percent(naive.false_alarm_rate)}가 틀립니다. 위 판정은 ${percent(naive.sound_false_alarm_rate)} 이하입니다.`,
    ),
  ]
}

function effectLine(verdict: ExperimentVerdict, language: Lang): string {
  const { effect, p_value: p } = verdict
  const unit = unitOf(verdict)[language === 'en' ? 0 : 1]
  const name = language === 'en' ? `Difference of cost per ${unit}` : `${unit}당 비용 차이`
  if (!effect) return `${name}: –`
  const [low, high] = effect.ci.map(short)
  return `${name}: ${short(effect.difference)} [${low}, ${high}]${p === null ? '' : `, p = ${short(p)}`}`
}

/** What the two models do on the same decisions. */
function pairedLines({ paired_cost: paired, mcnemar, delong }: ExperimentVerdict, language: Lang): string[] {
  const say = (en: string, ko: string): string => (language === 'en' ? en : ko)
  const lines: string[] = []
  if (!isNoAnswer(paired)) {
    const [low, high] = paired.ci.map(short)
    lines.push(
      `${say('On the same decisions, cost', '같은 결정에서의 비용 차이')}: ${short(paired.difference)} [${low}, ${high}], p = ${short(paired.p_value)}`,
    )
  }
  if (!isNoAnswer(mcnemar)) {
    const { champion_only: before, challenger_only: after, p_value } = mcnemar
    lines.push(
      `${say('Frauds that one model alone caught', '한 모델만 잡은 사기')}: ${say('champion', '챔피언')} ${before}, ${say('challenger', '챌린저')} ${after}, p = ${short(p_value)}`,
    )
  }
  if (!isNoAnswer(delong)) {
    lines.push(`AUC: ${short(delong.champion)} → ${short(delong.challenger)}, p = ${short(delong.p_value)}`)
  }
  return lines
}
