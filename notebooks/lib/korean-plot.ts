import { picture, type Shown } from './show.ts'

/** What the system's pictures of a study say, and how the course says it. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^Optimization history$/, '최적화 이력'],
  [/^(\d+) of (\d+) trials, maximize$/, '트라이얼 $2개 중 완료 $1개, 큰 값이 좋습니다'],
  [/^Best value$/, '지금까지의 최고'],
  [/^Trial$/, '트라이얼 번호'],
  [/^Trial {2}(\d+)$/, '트라이얼  $1'],
  [/^Slices$/, '파라미터별 단면'],
  [/^(.+) by parameter, (\d+) completed trials$/, '$1, 트라이얼 $2개'],
  [/^Contours$/, '등고선'],
  [/^(.+), (\d+) completed trials; colours by rank$/, '$1, 완료된 트라이얼 $2개. 색은 순위입니다'],
  [/^Best {2}(.+)$/, '최고  $1'],
  [/^(.+) {2}worst$/, '$1  최저'],
  [/^Importance of parameters$/, '파라미터 중요도'],
  [
    /^what decides whether a trial is among the best; (\d+) completed trials$/,
    '상위 10 % 트라이얼을 가르는 파라미터, 완료된 트라이얼 $1개',
  ],
  [/^Importance \(PED-ANOVA\)$/, '중요도 (PED-ANOVA)'],
]

/** Names that stay as they are: parameters and metrics. */
const NAME = /^(?:valid )?[A-Z]+$|^[a-z]+(?:_[a-z]+)*$/

/**
 * A picture of a study (`plotOptimizationHistory` and the like) with its words in Korean; throws at a text for which
 * there is no translation, so that none slips through.
 */
export function koreanPlot(svg: string): Shown {
  const words: string[] = []
  const korean = svg.replace(
    /(<text[^>]*>)([^<]*)(?=<\/text>)/g,
    (_, tag: string, text: string) => {
      const said = translated(text)
      if (/[가-힣]/.test(said)) words.push(said)
      return tag + said
    },
  )
  return picture(korean.replace(/aria-label="([^"]*)"/, named), words.slice(-2).join(': '))
}

function translated(text: string): string {
  const known = WORDS.find(([english]) => english.test(text))
  if (known) return text.replace(...known)
  if (/[A-Za-z]{2}/.test(text) && !NAME.test(text)) throw new Error(`no Korean for "${text}"`)
  return text
}

function named(_: string, label: string): string {
  return `aria-label="${translated(label)}"`
}
