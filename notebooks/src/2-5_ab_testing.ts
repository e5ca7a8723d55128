// %% title
/*
# 2-5. A/B 테스트: 챌린저가 정말 더 나은가

**학습 목표.** 이 노트북을 마치면 다음을 할 수 있습니다.

- 고객을 챔피언(champion)과 챌린저(challenger)에 나누고, 한 고객이 두 모델을 만나지 않게 합니다.
- 트래픽이 의도한 비율로 나뉘었는지 표본 비율 불일치(sample-ratio mismatch)로 검사합니다.
- t-검정을 매일 들여다보면 왜 틀리는지 실험으로 보이고, 매일 봐도 성립하는 판정을 만듭니다.
- 게이트를 통과한 챌린저만 승격(promotion)하고, 한 번에 롤백(rollback)합니다.
- 이 모든 것을 HTTP 엔드포인트 뒤에 둡니다.

**걸리는 시간.** 읽고 푸는 데 90분, 실행은 1분 안쪽입니다.

**먼저 알아야 할 것.** 비용과 임곗값([2-4](2-4_cost_cicd.ipynb)), 별칭([2-2](2-2_mlflow_registry.ipynb)),
평균과 분산입니다.

**쓰는 법.** 위에서부터 셀을 실행합니다. 실습마다 `TODO` 셀의 빈칸을 채우고 바로 아래 체크포인트를 실행하십시오.
정답은 접혀 있습니다. 먼저 풀어 본 다음에 펼치는 편이 좋습니다.
*/

// %% imports
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import {
  ABTest,
  type AliasRegistry,
  type Arm,
  aliasHistory,
  assign,
  type Booster,
  confidenceSequence,
  createRandom,
  createRowTransformer,
  DEFAULT_POLICY,
  type ExperimentVerdict,
  featureNames,
  groupSequentialBounds,
  logModel,
  type MlflowClient,
  type ModelInfo,
  momentsOf,
  type NaiveVerdict,
  naiveFalseAlarmRate,
  planExperiment,
  promote,
  riskLevel,
  rollback,
  sampleRatioMismatch,
  setTrackingClient,
  startRun,
  type Transaction,
  tableRows,
  trainBooster,
  welchTest,
  welchTestOfMoments,
} from 'fds-system'
import { postJson } from '../../src/pipeline/send-stretch.ts'
import { COLORS } from '../../src/tuning/analysis/draw-svg.ts'
import { courseHome, courseService, courseTracking, TODO } from '../lib/course.ts'
import { diagram } from '../lib/diagram.ts'
import { freshRegistry } from '../lib/fresh-registry.ts'
import { intervalChart } from '../lib/interval-chart.ts'
import { coursePayments } from '../lib/payments.ts'
import { plot } from '../lib/plot.ts'
import { show, table } from '../lib/show.ts'

// %% concept
/*
## 1. A/B 테스트란 무엇인가

**왜 필요한가?** 새 모델이 홀드아웃에서 비용을 28 % 줄였습니다. 금요일 저녁에 모든 고객에게 배포했습니다.
월요일에 보니 심야 해외 결제가 무더기로 차단되어 상담 전화가 3,000건 쌓였습니다. 그런데 주말에 놓친 사기가 줄었는지는
아무도 말하지 못합니다. 비교할 상대가 없기 때문입니다. 지난주와 비교하면 휴일 효과가 섞이고, 홀드아웃과 비교하면
세상이 이미 바뀌어 있습니다.

A/B 테스트는 **같은 시간에** 고객을 두 그룹(arm)으로 나눕니다. 한쪽은 지금의 챔피언이, 다른 쪽은 챌린저가
판정합니다. 나머지 조건이 모두 같으므로 결과의 차이는 모델의 차이입니다.

과정의 명세는 거래마다 동전을 던집니다(`np.random.random() < 0.1`). 간단하지만 FDS에서는 세 가지가 깨집니다.

| 거래마다 무작위로 뽑으면 | 무슨 일이 생기는가 |
|---|---|
| 한 고객이 두 모델을 번갈아 만난다 | 챔피언이 승인한 결제를 챌린저가 10분 뒤에 차단합니다. 효과도 서로 섞입니다 |
| 다시 보낸 요청이 다른 모델로 간다 | 같은 거래의 판정이 달라집니다 |
| 나중에 재현할 수 없다 | "이 고객은 왜 챌린저였나"라는 감사 질문에 답하지 못합니다 |

그래서 이 시스템은 개체(entity), 곧 카드나 고객을 **해시**(hash)로 나눕니다. `실험 이름 + 고객`의 해시를 [0, 1)의
수로 바꾸어 0.9 이상이면 챌린저입니다. 같은 고객은 늘 같은 모델을 만나고, 실험 이름이 바뀌면 새로 뽑힙니다.

얼마나 심각한지는 암산할 수 있습니다. 거래가 8건인 고객이 두 모델을 모두 만날 확률은
1 − 0.9⁸ − 0.1⁸ ≈ 57 %입니다. 절반이 넘습니다.

**생각해 볼 질문.** 해시에 실험 이름을 섞지 않고 고객만 넣으면, 두 번째 실험에서 무엇이 잘못될까요?
*/

// %% example
const { spec, train, valid, test } = coursePayments()
const params = { learningRate: 0.1, scalePosWeight: 20, minChildWeight: 5, seed: 2026 }
const fit = (nEstimators: number, maxDepth: number) =>
  trainBooster(
    { ...params, nEstimators, maxDepth },
    { x: train.x, y: train.y, featureNames: featureNames(spec) },
  )
const champion = fit(20, 3)
const challenger = fit(60, 4)

/** 거래 한 건. 수업이므로 두 모델의 점수와 정답을 모두 알고 있습니다. */
interface Payment {
  readonly id: string
  readonly customer: string
  readonly isFraud: boolean
  readonly champion: number
  readonly challenger: number
}

// 학습에 쓰지 않은 뒤쪽 40,000건
const payments: Payment[] = [valid, test].flatMap(({ table: rows, x, y }) => {
  const [byChampion, byChallenger] = [champion.predict(x), challenger.predict(x)]
  return [...tableRows(rows)].map((row, at) => ({
    id: String(row['transaction_id']),
    customer: String(row['customer_id']),
    isFraud: y[at] === 1,
    champion: byChampion[at]!,
    challenger: byChallenger[at]!,
  }))
})

/** 임곗값 0.18에서 거래 한 건의 비용: 놓친 사기 100, 오탐 1. */
const costOf = (isFraud: boolean, score: number) => {
  const isAlarm = score >= DEFAULT_POLICY.threshold
  if (isFraud) return isAlarm ? 0 : DEFAULT_POLICY.costs.fn
  return isAlarm ? DEFAULT_POLICY.costs.fp : 0
}
const totalOf = (arm: Arm) =>
  payments.reduce((sum, payment) => sum + costOf(payment.isFraud, payment[arm]), 0)
const missesOf = (arm: Arm) =>
  payments.filter((payment) => payment.isFraud && payment[arm] < DEFAULT_POLICY.threshold).length

table(
  ['모델', '트리', '깊이', '놓친 사기', '40,000건을 혼자 판정했을 때의 비용'],
  [
    ['챔피언', 20, 3, missesOf('champion'), totalOf('champion')],
    ['챌린저', 60, 4, missesOf('challenger'), totalOf('challenger')],
  ],
)

// %% example
// 고객 2,000명의 거래를 두 방법으로 나누고, 두 모델을 모두 만난 고객을 셉니다.
const byCustomer = Map.groupBy(payments, ({ customer }) => customer)
const coin = createRandom(7)
const drawn = [...byCustomer].map(([customer, own]) => {
  const tossed = new Set(own.map(() => coin.next() < 0.1))
  const hashed = new Set(own.map(() => assign({ experiment: 'e-1', entity: customer }).arm))
  return { count: own.length, random: tossed.size === 2, hash: hashed.size === 2 }
})
const groups = [
  [1, 2],
  [3, 5],
  [6, 10],
  [11, 20],
  [21, 40],
  [41, 200],
] as const
const shareMeetingBoth = (how: 'random' | 'hash') =>
  groups.map(([from, to]) => {
    const group = drawn.filter(({ count }) => count >= from && count <= to)
    return Math.round((100 * group.filter((one) => one[how]).length) / group.length)
  })
const [atRandom, byHash] = [shareMeetingBoth('random'), shareMeetingBoth('hash')]
plot({
  title: '두 모델을 모두 만난 고객',
  subtitle:
    '챌린저 10 %. 거래마다 뽑으면 단골일수록 두 모델 사이를 오갑니다. 해시로 뽑으면 0 %입니다',
  x: '고객 한 명의 거래 수',
  places: groups.map(([from, to]) => (to === 200 ? `${from}~` : `${from}~${to}`)),
  y: ['고객 비율, %', 0, 100],
  series: [
    { name: '거래마다 무작위', color: COLORS.vermilion, bars: atRandom, words: atRandom },
    { name: '고객 해시', color: COLORS.blue, bars: byHash, words: byHash },
  ],
})

// %% example
// 완성된 ABTest: 거래를 받으면 고객의 모델로 채점하고, 그룹별로 결과를 모읍니다.
const firstTest = new ABTest<Payment>(
  (payment) => payment.champion,
  (payment) => payment.challenger,
  { trafficSplit: 0.1, experiment: 'e-1' },
)
for (const payment of payments.slice(0, 5000))
  firstTest.predict(payment, { entity: payment.customer })
const waiting = firstTest.evaluate() as { status: string; samples: number; required: number }
await show(
  diagram({
    title: 'A/B 테스트 한 바퀴',
    boxes: {
      pay: [0, 0, '거래', '고객 c00245'],
      hash: [0, 1, '해시', '실험 + 고객 → [0, 1)'],
      a: [1, 0, '챔피언', '0.9 미만'],
      b: [1, 2, '챌린저', '0.9 이상'],
      log: [2, 1, '판정 기록', '그룹, 점수, 라벨'],
      verdict: [2, 2, '결론', '승격, 롤백, 계속'],
    },
    arrows: [
      ['pay', 'hash'],
      ['hash', 'a', '90 %'],
      ['hash', 'b', '10 %'],
      ['a', 'log'],
      ['b', 'log'],
      ['log', 'verdict', '라벨이 모이면'],
    ],
  }),
  table(
    ['거래 5,000건을 보낸 뒤', '값'],
    [
      ['챔피언이 판정한 거래', firstTest.championResults.length],
      ['챌린저가 판정한 거래', firstTest.challengerResults.length],
      ['상태', waiting.status],
      ['모인 표본(작은 그룹)', waiting.samples],
      ['필요한 표본', waiting.required],
    ],
  ),
)

// %% exercise 1
/*
### 실습 1. ABTest 클래스 구현

작은 `MyABTest`를 직접 만듭니다.

- `predict(payment, entity)`: 개체의 그룹을 `assign({ experiment, entity, trafficSplit })`으로 정하고,
  그 그룹의 모델로 채점하고, 결과를 그 그룹에 모은 뒤 `[점수, 그룹]`을 돌려줍니다.
- `status(minSamples)`: 두 그룹 가운데 **작은 쪽**이 `minSamples`에 못 미치면 `collecting`, 아니면 `ready`입니다.

**입력.** 거래와 고객 번호. **출력.** `[0.07, 'champion']`처럼 점수와 그룹.

**힌트.** `assign(…).arm`은 `'champion'` 또는 `'challenger'`입니다. 무작위 수는 필요하지 않습니다.
*/

// %% todo 1
type Model = (payment: Payment) => number
interface SmallTest {
  readonly results: Record<Arm, number[]>
  predict(payment: Payment, entity: string): [score: number, arm: Arm]
  status(minSamples: number): 'collecting' | 'ready'
}
type SmallTestClass = new (
  models: Record<Arm, Model>,
  experiment: string,
  trafficSplit: number,
) => SmallTest

let MyABTest: SmallTestClass = class {
  readonly results: Record<Arm, number[]> = { champion: [], challenger: [] }
  models: Record<Arm, Model>
  experiment: string
  trafficSplit: number

  constructor(models: Record<Arm, Model>, experiment: string, trafficSplit: number) {
    this.models = models
    this.experiment = experiment
    this.trafficSplit = trafficSplit
  }

  predict(payment: Payment, entity: string): [score: number, arm: Arm] {
    // TODO: 개체의 그룹을 해시로 정합니다.
    const arm: Arm = TODO
    // TODO: 그 그룹의 모델로 채점합니다.
    const score: number = TODO
    // TODO: 점수를 그 그룹의 결과에 넣습니다.
    return [score, arm]
  }

  status(minSamples: number): 'collecting' | 'ready' {
    // TODO: 작은 그룹의 표본 수를 minSamples와 비교합니다.
    return TODO
  }
}

// %% solution 1
// 정답 1
MyABTest = class {
  readonly results: Record<Arm, number[]> = { champion: [], challenger: [] }
  models: Record<Arm, Model>
  experiment: string
  trafficSplit: number

  constructor(models: Record<Arm, Model>, experiment: string, trafficSplit: number) {
    this.models = models
    this.experiment = experiment
    this.trafficSplit = trafficSplit
  }

  predict(payment: Payment, entity: string): [score: number, arm: Arm] {
    const { experiment, trafficSplit } = this
    const { arm } = assign({ experiment, entity, trafficSplit })
    const score = this.models[arm](payment)
    this.results[arm].push(score)
    return [score, arm]
  }

  status(minSamples: number): 'collecting' | 'ready' {
    const smaller = Math.min(this.results.champion.length, this.results.challenger.length)
    return smaller < minSamples ? 'collecting' : 'ready'
  }
}

const mine = new MyABTest(
  { champion: (payment) => payment.champion, challenger: (payment) => payment.challenger },
  'e-1',
  0.1,
)
for (const payment of payments.slice(0, 5000)) mine.predict(payment, payment.customer)
table(
  ['그룹', '직접 만든 MyABTest', '시스템의 ABTest'],
  [
    ['챔피언', mine.results.champion.length, firstTest.championResults.length],
    ['챌린저', mine.results.challenger.length, firstTest.challengerResults.length],
  ],
)

// %% mistake 1: Math.random으로 뽑지
MyABTest = class {
  readonly results: Record<Arm, number[]> = { champion: [], challenger: [] }
  models: Record<Arm, Model>
  trafficSplit: number

  constructor(models: Record<Arm, Model>, _experiment: string, trafficSplit: number) {
    this.models = models
    this.trafficSplit = trafficSplit
  }

  predict(payment: Payment, _entity: string): [score: number, arm: Arm] {
    const arm = Math.random() < this.trafficSplit ? 'challenger' : 'champion'
    const score = this.models[arm](payment)
    this.results[arm].push(score)
    return [score, arm]
  }

  status(minSamples: number): 'collecting' | 'ready' {
    const smaller = Math.min(this.results.champion.length, this.results.challenger.length)
    return smaller < minSamples ? 'collecting' : 'ready'
  }
}

// %% checkpoint 1
{
  const models = { champion: () => 0.1, challenger: () => 0.9 }
  const half = new MyABTest(models, 'e-1', 0.5)
  const [score, arm] = half.predict(payments[0]!, 'c00001')
  assert(
    arm === 'champion' || arm === 'challenger',
    '체크포인트 1: predict가 아직 빈칸입니다. assign(…).arm으로 그룹을 정하십시오.',
  )
  assert.equal(
    score,
    models[arm](),
    '체크포인트 1: 점수는 그 그룹의 모델이 매겨야 합니다. this.models[arm](payment)를 보십시오.',
  )
  const arms = new Set(Array.from({ length: 60 }, () => half.predict(payments[0]!, 'c00001')[1]))
  assert.equal(
    arms.size,
    1,
    '체크포인트 1: 같은 고객이 두 모델을 만났습니다. Math.random으로 뽑지 않고 assign을 쓰는지 보십시오.',
  )
  const customers = Array.from({ length: 200 }, (_, at) => `c${at}`)
  const [one, other] = ['e-1', 'e-2'].map((experiment) => {
    const again = new MyABTest(models, experiment, 0.5)
    return customers.map((customer) => again.predict(payments[0]!, customer)[1]).join()
  })
  assert.notEqual(
    one,
    other,
    '체크포인트 1: 실험이 달라도 배정이 같습니다. assign에 experiment를 넘기는지 보십시오.',
  )
  const expected = customers.map(
    (entity) => assign({ experiment: 'e-1', entity, trafficSplit: 0.5 }).arm,
  )
  assert.equal(one, expected.join(), '체크포인트 1: assign에 trafficSplit을 넘기는지 보십시오.')
  const few = new MyABTest(models, 'e-1', 0.1)
  for (const customer of customers) few.predict(payments[0]!, customer)
  const kept = few.results.champion.length + few.results.challenger.length
  assert.equal(kept, 200, '체크포인트 1: 점수를 그룹의 결과(this.results[arm])에 모두 모으십시오.')
  assert(
    few.status(100) === 'collecting' && few.status(1) === 'ready',
    '체크포인트 1: status는 두 그룹의 합이 아니라 작은 그룹의 표본 수로 정합니다.',
  )
  console.log('✅ 체크포인트 1 통과: 같은 고객은 늘 같은 모델을 만나고, 실험마다 새로 뽑힙니다.')
}

// %% concept
/*
## 2. 의도한 비율대로 나뉘었는가

**왜 필요한가?** 10 %를 보내기로 한 챌린저에 실제로는 9.2 %가 갔습니다. 챌린저가 느려서 일부 요청이 시간 초과로
챔피언에게 넘어갔고, 느린 요청은 하필 심야 해외 결제였습니다. 챌린저는 어려운 거래를 피한 덕에 더 좋아 보였고,
승격된 다음 날 손실이 늘었습니다. 비율이 어긋났다는 것은 **누군가가 빠졌다**는 뜻이고, 빠진 사람은 대개 평범하지 않습니다.

명세는 1,000건을 보내 8~12 %면 통과시킵니다. 1,000건에서 비율의 표준편차는 √(0.1 × 0.9 / 1,000) ≈ 0.95 %p이므로
8~12 %는 평균 ± 2.1 표준편차입니다. 그 크기에서는 알맞은 검사입니다. 그러나 건수가 바뀌면 맞지 않습니다.

- 100건이면 표준편차가 3 %p라서 정상인 분배도 열에 넷은 실패합니다.
- 100,000건이면 표준편차가 0.095 %p입니다. 9.2 %는 8.4 표준편차나 벗어났지만 8~12 % 검사는 통과시킵니다.

그래서 건수에 따라 좁아지는 검사를 씁니다. 피어슨의 카이제곱(chi-square) χ² = Σ (관측 − 기대)² / 기대입니다.
1,000건에서 910과 90이면 10²/900 + 10²/100 ≈ 1.1입니다. 그룹이 둘이면 χ²가 **10.83**을 넘을 확률이 0.001이고,
이 시스템은 그때부터 표본 비율 불일치로 보고 비교 전체를 무효로 합니다. 기준이 0.05가 아니라 0.001인 까닭은 이것이
"더 나은가"를 묻는 검정이 아니라 고장 경보이기 때문입니다.

한 가지 더: 세는 단위는 **고객**입니다. 한 고객의 거래 100건은 함께 움직이므로 거래를 세면 멀쩡한 분배도 고장으로
보입니다. 아래 두 번째 예제에서 얼마나 자주 그런지 세어 봅니다.

**생각해 볼 질문.** 챌린저가 차단한 고객이 결제를 세 번 다시 시도한다면, 거래 수와 고객 수의 비율은 각각 어떻게 될까요?
*/

// %% example
// 작은 수로 χ²를 손으로 계산해 보고, 시스템의 sampleRatioMismatch와 맞춰 봅니다.
const counts: [string, number, number][] = [
  ['명세의 1,000건', 910, 90],
  ['100건, 우연', 92, 8],
  ['100,000건, 시간 초과로 샘', 90_800, 9_200],
]
const chiSquareByHand = counts.map(([name, a, b]) => {
  const [expectedA, expectedB] = [0.9 * (a + b), 0.1 * (a + b)]
  const chiSquare = (a - expectedA) ** 2 / expectedA + (b - expectedB) ** 2 / expectedB
  const found = sampleRatioMismatch({ observed: [a, b], weights: [0.9, 0.1] })
  return { name, a, b, chiSquare, found }
})

const sizes = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]
const reachAt = (n: number) => 100 * Math.sqrt((10.83 * 0.1 * 0.9) / n)
const [byChi, fixed] = ['χ² 10.83의 경계', '8~12 %']
await show(
  plot({
    title: '8~12 % 검사와 카이제곱 검사',
    subtitle: '챌린저 10 %. 건수가 늘면 우연의 폭은 좁아지는데 8~12 % 검사는 그대로입니다',
    x: '건수',
    places: sizes.map((n) => n.toLocaleString('ko-KR')),
    y: ['챌린저 비율, %', 0, 20],
    series: [
      { name: byChi!, line: sizes.map((n) => 10 + reachAt(n)), color: COLORS.blue },
      { name: byChi!, line: sizes.map((n) => 10 - reachAt(n)), color: COLORS.blue },
      { name: fixed!, line: sizes.map(() => 12), color: COLORS.vermilion, isDashed: true },
      { name: fixed!, line: sizes.map(() => 8), color: COLORS.vermilion, isDashed: true },
      {
        name: '관측',
        dots: sizes.map((n) => {
          const here = chiSquareByHand.find(({ a, b }) => a + b === n)
          return here ? (100 * here.b) / n : null
        }),
        color: COLORS.green,
      },
    ],
  }),
  table(
    ['경우', '챔피언', '챌린저', 'χ²(손으로)', 'χ²(시스템)', 'p 값', '불일치'],
    chiSquareByHand.map(({ name, a, b, chiSquare, found }) => [
      name,
      a,
      b,
      chiSquare,
      'chiSquare' in found ? found.chiSquare : null,
      'pValue' in found ? found.pValue.toPrecision(2) : null,
      'mismatch' in found && found.mismatch ? '예' : '아니요',
    ]),
  ),
)

// %% example
// 정상인 분배 500번: 실험 이름만 바꾸어 고객을 다시 나누고, 거래로 셀 때와 고객으로 셀 때를 견줍니다.
const sizeOf = [...byCustomer].map(([customer, own]) => ({ customer, count: own.length }))
const chiSquares = Array.from({ length: 500 }, (_, at) => {
  const arms = { payments: [0, 0], customers: [0, 0] }
  for (const { customer, count } of sizeOf) {
    const { arm } = assign({ experiment: `draw-${at}`, entity: customer, trafficSplit: 0.5 })
    const side = arm === 'challenger' ? 1 : 0
    arms.payments[side]! += count
    arms.customers[side]! += 1
  }
  const isMismatch = (observed: number[]) => {
    const found = sampleRatioMismatch({ observed, weights: [0.5, 0.5] })
    return 'mismatch' in found && found.mismatch
  }
  return { payments: isMismatch(arms.payments), customers: isMismatch(arms.customers) }
})
const alarmsBy = (unit: 'payments' | 'customers') => chiSquares.filter((one) => one[unit]).length
table(
  ['세는 단위', '정상인 분배 500번 가운데 "불일치"라고 한 횟수'],
  [
    ['거래 40,000건', alarmsBy('payments')],
    [`고객 ${sizeOf.length.toLocaleString('ko-KR')}명`, alarmsBy('customers')],
  ],
)

// %% concept
/*
## 3. 10 %로 얼마나 걸리는가

**왜 필요한가?** 챌린저에 10 %를 주고 2주 뒤에 결과를 보기로 했습니다. 2주 동안 챌린저가 만난 사기는 4건, 놓친 것은
1건이었습니다. 챔피언은 36건 가운데 3건을 놓쳤습니다. 25 %와 8 %라서 롤백했지만, 4건에서 1건은 아무 뜻이 없습니다.
실험은 **시작하기 전에** 끝낼 수 있는지 계산해야 합니다.

사기는 드뭅니다. 거래 10,000건에서 놓치는 사기가 15건이라면, 표본은 10,000이 아니라 15입니다. 필요한 결정 수는
대략 (1/(1 − s) + (1 − r)/s) × z² / (p · r²)입니다. p는 놓치는 비율, r은 줄이려는 비율, s는 챌린저의 몫입니다.
외울 것은 두 가지입니다.

- **효과가 절반이면 네 배가 필요합니다**(r²).
- **50 대 50이 가장 빠릅니다.** 10 %만 보내면 작은 그룹이 발목을 잡아 전체는 세 배쯤 오래 걸립니다.

10 %로 시작하는 것은 통계가 아니라 안전 때문입니다. 그래서 이 시스템은 두 가지를 나누었습니다. `trafficSplit`은
실험 **안에서** 나누는 비율이고, 적용 비율(coverage)은 실험에 들어오는 고객의 비율입니다. 적용 비율 20 %에
`trafficSplit` 0.5면 챌린저는 10 %만 만나면서도 비교는 50 대 50입니다.

더 빠른 길은 **섀도 점수**(shadow score)입니다. 판정하지 않는 모델도 응답이 나간 뒤에 같은 거래를 채점합니다.
두 모델을 같은 거래에서 짝지어(paired) 비교하면 고객마다 다른 운이 지워집니다.

**생각해 볼 질문.** 섀도 점수로 비교하면 빠르고 안전한데, 왜 A/B 테스트가 여전히 필요할까요?
*/

// %% example
// 놓치는 사기 0.15 %를 절반으로 줄이는 챌린저. 하루 2,000건, 검정력 80 %, 조회 20번.
const effect = { metric: 'cost', missRate: 0.0015, reduction: 0.5, lossVariation: 0 } as const
const planOf = (trafficSplit: number, isPaired = false) =>
  planExperiment({
    // 한 모델만 놓치는 사기는 차이의 1.4배쯤이라고 봅니다.
    effect: isPaired ? { ...effect, disagreement: 0.00105 } : effect,
    trafficSplit,
    isPaired,
    decisionsPerDay: 2000,
  })
const plans = [
  ['챌린저 5 %', planOf(0.05)],
  ['챌린저 10 %', planOf(0.1)],
  ['챌린저 30 %', planOf(0.3)],
  ['챌린저 50 %', planOf(0.5)],
  ['섀도로 짝지어', planOf(0.5, true)],
] as const
plot({
  title: '결론까지 필요한 결정 수',
  subtitle: '놓치는 사기를 0.15 %에서 절반으로 줄이는 챌린저. 괄호는 하루 2,000건일 때 걸리는 날',
  x: '결정 수',
  y: '계획',
  isLying: true,
  places: plans.map(([name]) => name),
  series: [
    {
      name: '결정 수',
      color: COLORS.blue,
      bars: plans.map(([, plan]) => plan.planned_samples),
      words: plans.map(
        ([, plan]) => `${plan.planned_samples.toLocaleString('ko-KR')} (${plan.days}일)`,
      ),
    },
  ],
  height: 300,
})

// %% exercise 2
/*
### 실습 2. 트래픽 분배 테스트

관측한 건수가 의도한 비율과 맞는지 판정하는 `checkSplit`을 만듭니다.

- **입력.** `observed`: `[챔피언 수, 챌린저 수]`, `split`: 챌린저의 의도한 비율
- **출력.** `share`: 챌린저의 관측 비율, `chiSquare`: χ², `isMismatch`: χ²가 10.83을 넘는가
- 아무것도 관측하지 못했으면(`[0, 0]`) 불일치가 아닙니다. `share`와 `chiSquare`는 0으로 합니다.

체크포인트는 먼저 명세의 검사를 그대로 합니다. `ABTest`로 1,000건을 보내 챌린저가 8~12 %인지 봅니다.

**힌트.** 기대 건수는 전체 × 비율입니다. χ²는 두 그룹의 (관측 − 기대)² / 기대를 더한 값입니다.
*/

// %% todo 2
interface Split {
  readonly share: number
  readonly chiSquare: number
  readonly isMismatch: boolean
}
let checkSplit: (observed: readonly [number, number], split: number) => Split = (
  observed,
  split,
) => {
  const total = observed[0] + observed[1]
  if (total === 0) return { share: 0, chiSquare: 0, isMismatch: false }
  // TODO: 챌린저의 관측 비율
  const share: number = TODO
  // TODO: 챔피언과 챌린저의 기대 건수
  const expected: readonly [number, number] = TODO
  // TODO: 두 그룹의 (관측 − 기대)² / 기대를 더합니다.
  const chiSquare: number = TODO
  // TODO: 10.83을 넘는가
  return { share, chiSquare, isMismatch: TODO }
}

// %% solution 2
// 정답 2
checkSplit = (observed, split) => {
  const total = observed[0] + observed[1]
  if (total === 0) return { share: 0, chiSquare: 0, isMismatch: false }
  const share = observed[1] / total
  const expected = [total * (1 - split), total * split] as const
  const chiSquare =
    (observed[0] - expected[0]) ** 2 / expected[0] + (observed[1] - expected[1]) ** 2 / expected[1]
  return { share, chiSquare, isMismatch: chiSquare > 10.83 }
}
// 우리 40,000건: 거래로 셀 때와 고객으로 셀 때
const armOfCustomer = (entity: string) =>
  assign({ experiment: 'e-1', entity, trafficSplit: 0.5 }).arm
const countArms = (entities: readonly string[]): [number, number] => {
  const inChallenger = entities.filter((entity) => armOfCustomer(entity) === 'challenger').length
  return [entities.length - inChallenger, inChallenger]
}
const byPayments = countArms(payments.map(({ customer }) => customer))
const byCustomers = countArms([...byCustomer.keys()])
table(
  ['50 대 50으로 나눈 결과', '챔피언', '챌린저', 'χ²', '불일치'],
  [['거래로 세면', byPayments] as const, ['고객으로 세면', byCustomers] as const].map(
    ([how, observed]) => {
      const { chiSquare, isMismatch } = checkSplit(observed, 0.5)
      return [how, ...observed, chiSquare, isMismatch ? '예' : '아니요']
    },
  ),
)

// %% mistake 2: 8~12 %처럼 고정된 범위
checkSplit = (observed, split) => {
  const total = observed[0] + observed[1]
  if (total === 0) return { share: 0, chiSquare: 0, isMismatch: false }
  const share = observed[1] / total
  const expected = [total * (1 - split), total * split] as const
  const chiSquare =
    (observed[0] - expected[0]) ** 2 / expected[0] + (observed[1] - expected[1]) ** 2 / expected[1]
  return { share, chiSquare, isMismatch: share < 0.8 * split || share > 1.2 * split }
}

// %% checkpoint 2
{
  // 명세의 체크포인트 1: 1,000건 가운데 챌린저가 8~12 %
  const abTest = new ABTest<Payment>(
    (payment) => payment.champion,
    (payment) => payment.challenger,
    { trafficSplit: 0.1 },
  )
  const results = Array.from({ length: 1000 }, () => abTest.predict(payments[0]!)[1])
  const inChallenger = results.filter((arm) => arm === 'challenger').length
  const found = checkSplit([1000 - inChallenger, inChallenger], 0.1)
  assert(
    found?.share !== undefined && found.chiSquare !== undefined && found.isMismatch !== undefined,
    '체크포인트 2: checkSplit에 빈칸이 남았습니다. share, expected, chiSquare, isMismatch를 채우십시오.',
  )
  assert(
    found.share >= 0.08 && found.share <= 0.12,
    '체크포인트 2: 트래픽 분배 오류입니다. share는 챌린저 수 / 전체 수입니다.',
  )
  assert(
    !found.isMismatch,
    '체크포인트 2: 정상인 1,000건을 불일치라고 했습니다. χ²를 확인하십시오.',
  )
  const byHand = checkSplit([910, 90], 0.1).chiSquare
  assert(
    Math.abs(byHand - 10 / 9) < 1e-9,
    '체크포인트 2: 910과 90의 χ²는 10²/900 + 10²/100 = 1.11이어야 합니다. 기대로 나누는지 보십시오.',
  )
  assert(
    checkSplit([90_800, 9_200], 0.1).isMismatch && !checkSplit([93, 7], 0.1).isMismatch,
    '체크포인트 2: 8~12 %처럼 고정된 범위로는 큰 표본의 고장을 놓치고 작은 표본을 의심합니다. χ²로 정하십시오.',
  )
  assert(
    !checkSplit([5100, 4900], 0.5).isMismatch && checkSplit([5200, 4800], 0.5).isMismatch,
    '체크포인트 2: 50 대 50에서도 맞아야 합니다. 0.1을 직접 쓰지 않고 split을 썼는지 보십시오.',
  )
  assert.equal(
    checkSplit([0, 0], 0.1).isMismatch,
    false,
    '체크포인트 2: 아무것도 관측하지 못했으면 불일치가 아닙니다.',
  )
  console.log('✅ 체크포인트 2 통과: 8~12 % 검사를 지나고, 100,000건에서 9.2 %로 샌 것을 잡습니다.')
}

// %% concept
/*
## 4. 무엇을 비교하는가

**왜 필요한가?** 명세는 두 그룹의 **점수**를 t-검정합니다. 챌린저의 점수를 모두 0.9배 한 모델을 내보냈더니
p < 0.001로 "유의한 차이"가 나왔고, AUC가 우연히 조금 높았던 쪽이 승자가 되었습니다. 그런데 두 모델의 판정은
모든 거래에서 똑같았습니다. 점수가 다르다는 것과 더 낫다는 것은 다른 말입니다.

t-검정(t-test) 자체는 좋은 도구입니다. 두 평균의 차이를 그 표준오차(standard error)로 나눈 값이 t입니다.
분산이 달라도 되는 웰치(Welch)의 식은 이렇습니다.

t = (평균₁ − 평균₂) / √(분산₁/n₁ + 분산₂/n₂)

챌린저 비용 [2, 4], 챔피언 비용 [7, 9]라면 차이는 3 − 8 = −5, 분산은 각각 2, 표준오차는 √(2/2 + 2/2) ≈ 1.41,
t ≈ −3.5입니다.

고쳐야 할 것은 **무엇을** 넣느냐입니다.

| | 명세 | 이 시스템 |
|---|---|---|
| 값 | 점수 | 비용: 놓친 사기 100, 오탐 1 |
| 단위 | 거래 | 고객: 한 고객의 거래는 서로 닮았습니다 |
| 승자 | AUC가 높은 쪽 | 비용이 낮은 쪽 |

단위를 거래로 두면 안 되는 까닭은, 도난당한 카드 한 장이 하룻밤에 사기 여섯 건을 만들기 때문입니다. 서로 닮은 여섯 건을
독립이라고 세면 표준오차가 실제보다 작아집니다.

**생각해 볼 질문.** 고객 한 명당 비용을 비교하면, 거래가 많은 고객이 한쪽 그룹에 몰렸을 때 무엇이 문제가 될까요?
*/

// %% example
// 판정이 모든 거래에서 같은 두 모델: 임곗값보다 낮은 점수만 0.9배 합니다.
const rescaled = (payment: Payment) =>
  payment.champion < DEFAULT_POLICY.threshold ? 0.9 * payment.champion : payment.champion

/** 40,000건을 50 대 50으로 흘려보내고 두 방법으로 판정합니다. */
const playAll = (challengerModel: Model) => {
  const ab = new ABTest<Payment>((payment) => payment.champion, challengerModel, {
    trafficSplit: 0.5,
    experiment: 'e-1',
    plannedSamples: payments.length,
  })
  const labels: Record<Arm, number[]> = { champion: [], challenger: [] }
  for (const payment of payments) {
    const [, arm] = ab.predict(payment, { entity: payment.customer })
    labels[arm].push(payment.isFraud ? 1 : 0)
  }
  const input = { yTrueChampion: labels.champion, yTrueChallenger: labels.challenger }
  return {
    sound: ab.evaluate(input) as ExperimentVerdict,
    naive: ab.evaluate({ ...input, method: 'naive' }) as NaiveVerdict,
  }
}
const WORDS: Record<string, string> = {
  challenger_wins: '챌린저 우세',
  champion_wins: '챔피언 우세',
  no_difference: '차이 없음',
  collecting: '수집 중',
}
const judged = [
  ['판정이 똑같은 챌린저(점수만 0.9배)', playAll(rescaled)],
  ['트리 60개짜리 챌린저', playAll((payment) => payment.challenger)],
] as const
const digits = (p: number | null) => (p === null ? '—' : p < 0.001 ? '0.001 미만' : p.toFixed(3))
table(
  ['챌린저', '명세: 점수 t-검정', 'p 값', '이 시스템: 고객당 비용', 'p 값 '],
  judged.map(([name, { sound, naive }]) => [
    name,
    WORDS[naive.status]!,
    digits(naive.p_value),
    WORDS[sound.status]!,
    digits(sound.p_value),
  ]),
)

// %% example
// 같은 40,000건을 짝지어 비교하면: 고객마다 (챌린저 비용 − 챔피언 비용)
const differences = [...byCustomer.values()].map((own) =>
  own.reduce(
    (sum, { isFraud, champion: a, challenger: b }) => sum + costOf(isFraud, b) - costOf(isFraud, a),
    0,
  ),
)
const zeros = new Array<number>(differences.length).fill(0)
const pairedTest = welchTest(differences, zeros)
const [, { sound: splitVerdict }] = judged[1]
const splitCost = splitVerdict.cost_per_entity
assert('ci' in splitCost && 'ci' in pairedTest)
intervalChart({
  title: '고객당 비용의 차이와 95 % 구간',
  subtitle: '챌린저 − 챔피언. 같은 40,000건인데 짝지으면 구간이 네 배 좁아집니다',
  x: ['비용 차이(0보다 작으면 챌린저가 저렴)', -4, 1],
  color: COLORS.blue,
  rows: [
    { name: '나누어 비교(50 대 50)', value: splitCost.difference, ci: splitCost.ci },
    { name: '짝지어 비교(섀도)', value: pairedTest.difference, ci: pairedTest.ci },
  ],
})

// %% concept
/*
## 5. 매일 들여다보면 왜 틀리는가

**왜 필요한가?** "p < 0.05가 될 때까지 매일 아침 확인하고, 되면 승격한다." 합리적으로 들립니다. 그런데 두 그룹에
**똑같은 모델**을 넣고 이렇게 하면 20일 안에 네 번에 한 번꼴로 "승자"가 나옵니다. 5 %만 틀리기로 한 검정이
25 % 틀립니다. 한 해에 실험을 12번 하는 팀이라면 그 가운데 세 번은 아무 차이도 없는 모델을 승격한 것입니다.

한 번 조회(look)할 때마다 5 %의 제비를 뽑는다고 생각하면 됩니다. 스무 번 뽑으면 한 번은 걸리기 쉽습니다. 조회들이 서로
닮아서 64 %까지는 가지 않지만 25 %까지는 갑니다. 이것을 엿보기(peeking) 문제라고 합니다.

고치는 길은 세 가지입니다.

| 방법 | 생각 | 대가 |
|---|---|---|
| 한 번만 본다 | 계획한 날에 한 번 검정 | 그 전에는 사고가 나도 말하지 못합니다 |
| **그룹 순차 검정(group sequential test)** | 오류 5 %를 조회들이 나누어 씁니다. 초반에는 경계가 높고 끝에는 2에 가깝습니다 | 계획한 표본 수가 필요합니다 |
| **신뢰 시퀀스(confidence sequence)** | 모든 조회에서 한꺼번에 맞는 구간 | 가장 넓은 구간 |

이 시스템의 판정은 그룹 순차 검정입니다. 조회마다 정보 비율(information fraction), 곧 계획한 라벨 가운데 모인 비율에서
경계를 계산합니다(Lan–DeMets, O'Brien–Fleming형). 가드레일(guardrail)은 언제든 울릴 수 있어야 하므로 신뢰 시퀀스를 씁니다.
명세의 t-검정은 `naive`라는 이름으로 오판율과 함께 남겨 두었습니다.

**생각해 볼 질문.** 초반 경계가 10 가까이 되면 명백히 해로운 챌린저도 멈추지 못하는 것 아닐까요?
*/

// %% example
// A/A 테스트 2,000번: 두 그룹이 똑같은 모델이고, 날마다 500건씩 20일 동안 봅니다.
const LOOKS = 20
const PER_DAY = 500
/** 한 실험의 조회마다의 차이, 표준오차와 z. 놓친 사기는 100, 3 %의 오탐은 1. */
const playTest = (seed: number, missRates: readonly [number, number]) => {
  const random = createRandom(seed)
  const arms = missRates.map((missRate) => ({ missRate, sum: 0, squares: 0 }))
  return Array.from({ length: LOOKS }, (_, day) => {
    const n = (day + 1) * PER_DAY
    const [a, b] = arms.map((arm) => {
      for (let i = 0; i < PER_DAY; i++) {
        const chance = random.next()
        const cost = chance < arm.missRate ? 100 : chance > 0.97 ? 1 : 0
        arm.sum += cost
        arm.squares += cost * cost
      }
      const mean = arm.sum / n
      return { n, mean, variance: (arm.squares - n * mean * mean) / (n - 1) }
    })
    const found = welchTestOfMoments({ a: b!, b: a! })
    if (!('t' in found)) throw new Error('표본이 모자랍니다')
    return { z: found.t, difference: found.difference, standardError: found.standardError }
  })
}
const TESTS = 2000
const same = Array.from({ length: TESTS }, (_, at) => playTest(at + 1, [0.01, 0.01]))
const better = Array.from({ length: TESTS }, (_, at) => playTest(at + 1, [0.01, 0.0065]))

const information = Array.from({ length: LOOKS }, (_, at) => (at + 1) / LOOKS)
const { bounds } = groupSequentialBounds({ information })
type Looks = ReturnType<typeof playTest>
/** 방법마다: 조회 k에서 승자가 있다고 말하는가. */
const METHODS: Record<string, (look: Looks[number], k: number) => boolean> = {
  '매일 t-검정': ({ z }) => Math.abs(z) >= 1.96,
  '마지막 날 한 번': ({ z }, k) => k === LOOKS - 1 && Math.abs(z) >= 1.96,
  '그룹 순차 검정': ({ z }, k) => Math.abs(z) >= bounds[k]!,
  '신뢰 시퀀스': ({ difference, standardError }, k) => {
    const n = 2 * PER_DAY * (k + 1)
    const plannedN = 2 * PER_DAY * LOOKS
    const found = confidenceSequence({ difference, standardError, n, plannedN })
    return 'low' in found && (found.low > 0 || found.high < 0)
  },
}
/** 조회 k까지 승자를 말한 실험의 비율, %. */
const declared = (tests: readonly Looks[], isWinner: (typeof METHODS)[string]) => {
  const first = tests.map((looks) => looks.findIndex(isWinner))
  return information.map(
    (_, k) => (100 * first.filter((at) => at >= 0 && at <= k).length) / tests.length,
  )
}
const COLOR_OF = [COLORS.vermilion, COLORS.grey, COLORS.blue, COLORS.green]
await show(
  plot({
    title: '똑같은 두 모델에서 "승자"를 말한 실험',
    subtitle: 'A/A 테스트 2,000번. 매일 보는 t-검정만 약속한 5 %를 넘어 계속 올라갑니다',
    x: '조회한 날',
    places: information.map((_, k) => String(k + 1)),
    y: ['오판한 실험, %', 0, 30],
    marks: { '5 %': 5 },
    series: Object.entries(METHODS).map(([name, isWinner], at) => ({
      name,
      line: declared(same, isWinner),
      color: COLOR_OF[at]!,
    })),
  }),
  table(
    ['방법', '같은 모델에서 오판, %', '나은 챌린저를 찾음, %', '끝나는 날(평균)'],
    Object.entries(METHODS).map(([name, isWinner]) => {
      const days = better.map((looks) => looks.findIndex(isWinner)).map((k) => (k < 0 ? 20 : k + 1))
      return [
        name,
        declared(same, isWinner).at(-1)!,
        declared(better, isWinner).at(-1)!,
        momentsOf(days).mean,
      ]
    }),
  ),
)
console.log(
  `이론: 20번 보면 ${(100 * naiveFalseAlarmRate(20)).toFixed(1)} %가 틀립니다. 모의실험은 2,000번이라 5 % 근처에서 ±1 %p쯤 흔들립니다.`,
)

// %% example
// 한 실험을 따라가 봅니다: 같은 모델인데 z가 며칠 동안 1.96을 넘었다가 돌아옵니다.
const unlucky = same.find(
  (looks) => looks.slice(2, 8).some(({ z }) => z >= 2.2) && Math.abs(looks.at(-1)!.z) < 1,
)!
plot({
  title: '한 A/A 테스트의 20일',
  subtitle: '두 모델은 똑같습니다. 점선을 넘은 날에 멈추었다면 틀린 결론을 얻었을 것입니다',
  x: '조회한 날',
  places: information.map((_, k) => String(k + 1)),
  y: ['z', -6, 6],
  series: [
    { name: 'z', line: unlucky.map(({ z }) => z), color: '#1c1e21', isDotted: true },
    ...[1, -1].flatMap((side) => [
      {
        name: '그룹 순차 경계',
        line: bounds.map((bound) => (bound > 6 ? null : side * bound)),
        color: COLORS.blue,
      },
      {
        name: '1.96',
        line: bounds.map(() => side * 1.96),
        color: COLORS.vermilion,
        isDashed: true,
      },
    ]),
  ],
})

// %% exercise 3
/*
### 실습 3. 통계적 유의성 검증 (t-test)

두 함수를 만듭니다.

- `tOf(challenger, champion)`: 두 그룹의 고객당 비용에서 웰치의 t를 **손으로** 계산합니다(챌린저 − 챔피언).
- `judge(zs, planned)`: 지금까지의 조회 `zs`(오래된 것부터)와 계획한 조회 수로 판정합니다.
  조회 k(1부터)의 정보 비율은 k / planned입니다. 경계를 **처음** 넘은 조회에서 판정이 정해지고 다시 바뀌지 않습니다.

**출력.** `{ status, look }`. `status`는 `challenger_wins`(비용이 낮다: z ≤ −경계), `champion_wins`, `no_difference`,
조회가 없으면 `collecting`입니다. `look`은 판정이 난 조회(1부터), 나지 않았으면 0입니다.

**힌트.** `momentsOf(values)`는 `{ n, mean, variance }`를, `groupSequentialBounds({ information }).bounds`는 조회마다의
경계를 줍니다.
*/

// %% todo 3
let tOf: (challenger: readonly number[], champion: readonly number[]) => number = (
  challenger,
  champion,
) => {
  const [b, a] = [momentsOf(challenger), momentsOf(champion)]
  // TODO: 표준오차 √(분산/n + 분산/n)
  const standardError: number = TODO
  // TODO: 평균의 차이를 표준오차로 나눕니다.
  return TODO
}

interface Judgement {
  readonly status: 'collecting' | 'challenger_wins' | 'champion_wins' | 'no_difference'
  readonly look: number
}
let judge: (zs: readonly number[], planned: number) => Judgement = (zs, planned) => {
  if (zs.length === 0) return { status: 'collecting', look: 0 }
  // TODO: 조회마다의 정보 비율
  const fractions: number[] = TODO
  // TODO: 그룹 순차 검정의 경계
  const limits: readonly number[] = TODO
  // TODO: |z|가 경계를 처음 넘은 자리(0부터), 없으면 −1
  const at: number = TODO
  // TODO: 자리와 z의 부호로 판정합니다.
  return { status: TODO, look: TODO }
}

// %% solution 3
// 정답 3
tOf = (challenger, champion) => {
  const [b, a] = [momentsOf(challenger), momentsOf(champion)]
  const standardError = Math.sqrt(b.variance / b.n + a.variance / a.n)
  return (b.mean - a.mean) / standardError
}
judge = (zs, planned) => {
  if (zs.length === 0) return { status: 'collecting', look: 0 }
  const fractions = zs.map((_, k) => (k + 1) / planned)
  const limits = groupSequentialBounds({ information: fractions }).bounds
  const at = zs.findIndex((z, k) => Math.abs(z) >= limits[k]!)
  if (at < 0) return { status: 'no_difference', look: 0 }
  return { status: zs[at]! < 0 ? 'challenger_wins' : 'champion_wins', look: at + 1 }
}
table(
  ['실험', '판정', '판정이 난 날'],
  [
    ['불운한 A/A 테스트', unlucky],
    ['나은 챌린저, 첫 번째', better[0]!],
    ['나은 챌린저, 두 번째', better[1]!],
  ].map(([name, looks]) => {
    const { status, look } = judge(
      (looks as Looks).map(({ z }) => z),
      LOOKS,
    )
    return [name as string, WORDS[status]!, look > 0 ? `${look}일째` : '—']
  }),
)

// %% mistake 3: 조회마다 1.96과 비교하면
tOf = (challenger, champion) => {
  const [b, a] = [momentsOf(challenger), momentsOf(champion)]
  return (b.mean - a.mean) / Math.sqrt(b.variance / b.n + a.variance / a.n)
}
judge = (zs) => {
  if (zs.length === 0) return { status: 'collecting', look: 0 }
  const at = zs.findIndex((z) => Math.abs(z) >= 1.96)
  if (at < 0) return { status: 'no_difference', look: 0 }
  return { status: zs[at]! < 0 ? 'challenger_wins' : 'champion_wins', look: at + 1 }
}

// %% checkpoint 3
{
  const byHand = tOf([2, 4], [7, 9])
  assert(
    byHand !== undefined && !Number.isNaN(byHand),
    '체크포인트 3: tOf가 아직 빈칸입니다. 표준오차와 t를 채우십시오.',
  )
  assert(
    byHand < 0,
    '체크포인트 3: tOf의 부호가 반대입니다. 챌린저 − 챔피언이므로 저렴한 챌린저는 음수입니다.',
  )
  const [one, other] = [
    [0, 0, 100, 1, 0],
    [1, 0, 0, 3, 0, 0, 100, 7],
  ]
  const expected = welchTest(one!, other!)
  assert(
    't' in expected && Math.abs(tOf(one!, other!) - expected.t) < 1e-12,
    '체크포인트 3: tOf가 welchTest와 다릅니다. 분산을 각자의 n으로 나눈 뒤 더하는지 보십시오.',
  )
  // 명세의 체크포인트 2: 평가에는 status가 있어야 합니다.
  const evaluation = judge([0.5], 10)
  assert(
    evaluation?.status !== undefined,
    '체크포인트 3: 평가 함수 구현 실패입니다. judge가 아직 빈칸입니다. 경계와 판정을 채우십시오.',
  )
  assert.equal(
    judge([2.3, -2.2], 20).status,
    'no_difference',
    '체크포인트 3: 조회마다 1.96과 비교하면 안 됩니다. 초반 경계는 1.96보다 훨씬 높습니다.',
  )
  assert.deepEqual(
    judge([0.1, -1, -9, -9], 5),
    { status: 'challenger_wins', look: 3 },
    '체크포인트 3: z가 음수로 경계를 넘으면 챌린저의 비용이 낮은 것입니다. 조회는 1부터 셉니다.',
  )
  assert.deepEqual(
    judge([0.1, 9, -9], 3),
    { status: 'champion_wins', look: 2 },
    '체크포인트 3: 처음 넘은 조회에서 판정이 정해지고 나중 조회로 바뀌지 않습니다.',
  )
  assert.equal(judge([], 5).status, 'collecting', '체크포인트 3: 조회가 없으면 collecting입니다.')
  const wrong = same.filter((looks) => {
    const zs = looks.map(({ z }) => z)
    return judge(zs, LOOKS).look > 0
  }).length
  assert(
    wrong / TESTS < 0.07,
    '체크포인트 3: 같은 모델에서 승자를 너무 자주 말합니다. 정보 비율이 k / planned인지 보십시오.',
  )
  console.log('✅ 체크포인트 3 통과: 20번 봐도 오판은 5 % 근처에 머뭅니다.')
}

// %% concept
/*
## 6. 승격은 한 걸음이어야 한다

**왜 필요한가?** 승격 스크립트가 별칭 셋을 차례로 옮깁니다. `champion`을 2로 옮긴 직후 배포 서버가 재시작했습니다.
`challenger`가 남아 있으니 담당자는 스크립트를 다시 실행했고, 이번에는 끝까지 갔습니다. 일주일 뒤 롤백 버튼을
눌렀더니 아무 일도 일어나지 않았습니다. `previous_champion`도 2를 가리키고 있었기 때문입니다.

승격은 `champion`이라는 별칭(alias)을 옮기는 일입니다. 모델 파일도 코드도 바뀌지 않으므로 몇 밀리초면 됩니다. 명세의 순서는
옳습니다. 먼저 `previous_champion`을 적고, `champion`을 옮기고, `challenger`를 지웁니다. 어느 순간에도 챔피언은 있습니다.
그러나 호출이 셋이면 그 사이에서 죽을 수 있고, 두 사람이 동시에 승격할 수도 있습니다. 위의 스크립트는 다시 실행할 때
`champion`이 이미 2라는 것을 확인하지 않았습니다. `ABTest.promoteChallenger`는 확인하므로 다시 실행해도 됩니다.
그래도 두 사람이 동시에 승격하는 것까지 막지는 못합니다.

이 시스템의 `promote`는 **서버에서 한 걸음**입니다.

- `expectedChampion`: "챔피언이 아직 1일 때만" 옮깁니다. 다른 사람이 먼저 옮겼으면 `CHAMPION_MOVED`로 거절합니다.
- 변경 이력(audit log): 누가, 언제, 어떤 별칭을, 어디서 어디로, 왜 옮겼는지 지울 수 없게 남습니다.
- `rollback`은 별칭이 아니라 이 이력을 보고 되돌립니다. 그래서 위의 스크립트를 쓴 뒤에도 되돌아갑니다.

그 앞에는 **게이트**(gate)가 있습니다. 확정된 `challenger_wins`인가, 표본 비율이 맞는가, 두 모델을 만난 고객이 없는가,
가드레일이 조용한가, 비교한 버전이 지금의 버전인가. 하나라도 어긋나면 거절하고, 강제로 지나가려면 이유를 적어야 합니다.

**생각해 볼 질문.** 승격할 때 모델만 옮기고 임곗값은 설정 파일에 그대로 두면, 무엇이 잘못될까요?
*/

// %% example
const home = courseHome('2-5')
const { client } = await courseTracking(home)

/** 두 모델을 한 번씩 기록합니다. */
const logPair = async (to: MlflowClient) => {
  setTrackingClient(to)
  const logged: ModelInfo[] = []
  for (const booster of [champion, challenger])
    logged.push(await startRun({}, () => logModel(booster, { spec })))
  return logged
}
/** 기록한 두 모델을 새 이름으로 등록하고 별칭을 답니다: 1이 챔피언, 2가 챌린저. */
const registerPair = async (to: MlflowClient, name: string, logged: readonly ModelInfo[]) => {
  await freshRegistry(to, name, logged)
  await to.setRegisteredModelAlias({ name, alias: 'champion', version: '1' })
  await to.setRegisteredModelAlias({ name, alias: 'challenger', version: '2' })
}
const logged = await logPair(client)
/** 지금의 별칭들; 없는 것은 —. */
const aliasesOf = async (of: MlflowClient, name: string) => {
  const { aliases } = await of.getRegisteredModel(name)
  return ['champion', 'previous_champion', 'challenger'].map((alias) => aliases[alias] ?? '—')
}

await registerPair(client, 'three_calls', logged)
const start = await aliasesOf(client, 'three_calls')
// 명세의 승격: 호출 셋. 두 번째 다음에 서버가 죽는 상황을 만듭니다.
const dying: AliasRegistry = {
  getModelVersionByAlias: (request) => client.getModelVersionByAlias(request),
  setRegisteredModelAlias: (request) => client.setRegisteredModelAlias(request),
  deleteRegisteredModelAlias: () => Promise.reject(new Error('재시작')),
}
await firstTest.promoteChallenger(dying, 'three_calls').catch(() => undefined)
const afterCrash = await aliasesOf(client, 'three_calls')
await firstTest.promoteChallenger(client, 'three_calls')
const afterRepeat = await aliasesOf(client, 'three_calls')
await rollback({ client, name: 'three_calls', actor: '당직자', reason: '비용 증가' })
const afterRollback = await aliasesOf(client, 'three_calls')
table(
  ['순서', 'champion', 'previous_champion', 'challenger'],
  [
    ['처음', ...start],
    ['두 번째 호출 뒤 서버가 죽음', ...afterCrash],
    ['다시 실행: 이미 옮긴 것을 알아보고 마저 끝냄', ...afterRepeat],
    ['롤백', ...afterRollback],
  ],
)

// %% example
// 같은 일을 한 걸음으로: promote와 rollback
await registerPair(client, 'one_step', logged)
const by = { client, name: 'one_step', actor: '김지원' }
const states = [await aliasesOf(client, 'one_step')]
await promote({ ...by, version: '2', expectedChampion: '1', reason: 'A/B 테스트: 챌린저 우세' })
states.push(await aliasesOf(client, 'one_step'))
const late = await promote({ ...by, version: '1', expectedChampion: '1' }).then(
  () => '옮겨짐',
  (error: { code?: string }) => `거절: ${error.code}`,
)
await rollback({ ...by, actor: '당직자', reason: '심야 해외 결제 차단 급증' })
states.push(await aliasesOf(client, 'one_step'))
const { items } = await aliasHistory({ client, name: 'one_step' })
await show(
  diagram({
    title: '승격과 롤백: 별칭이 가리키는 버전',
    boxes: {
      v1: [0, 0, '버전 1', 'champion'],
      v2: [0, 1, '버전 2', 'challenger'],
      w1: [1, 0, '버전 1', 'previous_champion'],
      w2: [1, 1, '버전 2', 'champion'],
      x1: [2, 0, '버전 1', 'champion'],
      x2: [2, 1, '버전 2', 'previous_champion'],
    },
    arrows: [
      ['v1', 'w1'],
      ['v2', 'w2', '승격'],
      ['w1', 'x1', '롤백'],
      ['w2', 'x2'],
    ],
  }),
  table(
    ['순서', 'champion', 'previous_champion', 'challenger'],
    ['처음', '승격한 뒤', '롤백한 뒤'].map((name, at) => [name, ...states[at]!]),
  ),
  table(
    ['변경 이력(새것부터)', '이전', '이후', '누가', '왜'],
    items.map(({ alias, fromVersion: from, toVersion: to, actor, reason }) => [
      alias,
      from ?? '—',
      to ?? '—',
      actor ?? '—',
      reason ?? '—',
    ]),
  ),
)
console.log(`챔피언이 이미 바뀐 뒤에 "1일 때만" 옮기려 하면 ${late}`)

// %% exercise 4
/*
### 실습 4. Champion 승격 로직

MLflow 서버에는 한 걸음짜리 승격이 없습니다. 어느 서버에서나 되는, 호출 셋의 승격을 게이트와 함께 만듭니다.

`promoteIfWon(client, name, verdict)`

1. `verdict.status`가 `challenger_wins`가 아니거나 `verdict.final`이 아니면 아무것도 옮기지 않고 `false`를 돌려줍니다.
2. 지금의 챔피언 버전을 `previous_champion`으로 적습니다.
3. 챌린저 버전을 `champion`으로 옮기고, 4. `challenger` 별칭을 지우고 `true`를 돌려줍니다.

그리고 `rollBack(client, name)`은 `previous_champion`의 버전을 `champion`으로 되돌립니다(명세의 롤백).

**힌트.** `client.getModelVersionByAlias({ name, alias })`, `client.setRegisteredModelAlias({ name, alias, version })`,
`client.deleteRegisteredModelAlias({ name, alias })`. 모두 `await`가 필요합니다. 두 버전을 **먼저 읽고** 옮기십시오.
*/

// %% todo 4
interface Won {
  readonly status: string
  readonly final: boolean
}
let promoteIfWon: (client: MlflowClient, name: string, verdict: Won) => Promise<boolean> = async (
  client,
  name,
  verdict,
) => {
  // TODO: 게이트. 확정된 challenger_wins가 아니면 false
  // TODO: 지금의 챔피언과 챌린저 버전을 먼저 읽습니다.
  // TODO: previous_champion, champion, challenger의 순서로 별칭을 옮깁니다.
  return TODO
}
let rollBack: (client: MlflowClient, name: string) => Promise<void> = async (client, name) => {
  // TODO: previous_champion의 버전을 champion으로 되돌립니다.
}

// %% solution 4
// 정답 4
promoteIfWon = async (client, name, verdict) => {
  if (verdict.status !== 'challenger_wins' || !verdict.final) return false
  const before = await client.getModelVersionByAlias({ name, alias: 'champion' })
  const next = await client.getModelVersionByAlias({ name, alias: 'challenger' })
  const { version } = before
  await client.setRegisteredModelAlias({ name, alias: 'previous_champion', version })
  await client.setRegisteredModelAlias({ name, alias: 'champion', version: next.version })
  await client.deleteRegisteredModelAlias({ name, alias: 'challenger' })
  return true
}
rollBack = async (client, name) => {
  const { version } = await client.getModelVersionByAlias({ name, alias: 'previous_champion' })
  await client.setRegisteredModelAlias({ name, alias: 'champion', version })
}
await registerPair(client, 'solution', logged)
const moved = await promoteIfWon(client, 'solution', { status: 'challenger_wins', final: true })
const promoted = await aliasesOf(client, 'solution')
await rollBack(client, 'solution')
table(
  ['순서', 'champion', 'previous_champion', 'challenger'],
  [
    [`승격(${moved ? '옮김' : '그대로'})`, ...promoted],
    ['롤백', ...(await aliasesOf(client, 'solution'))],
  ],
)

// %% mistake 4: previous_champion이 새 챔피언을 가리킵니다
promoteIfWon = async (client, name, verdict) => {
  if (verdict.status !== 'challenger_wins' || !verdict.final) return false
  const next = await client.getModelVersionByAlias({ name, alias: 'challenger' })
  await client.setRegisteredModelAlias({ name, alias: 'champion', version: next.version })
  const before = await client.getModelVersionByAlias({ name, alias: 'champion' })
  const { version } = before
  await client.setRegisteredModelAlias({ name, alias: 'previous_champion', version })
  await client.deleteRegisteredModelAlias({ name, alias: 'challenger' })
  return true
}
rollBack = async (client, name) => {
  const { version } = await client.getModelVersionByAlias({ name, alias: 'previous_champion' })
  await client.setRegisteredModelAlias({ name, alias: 'champion', version })
}

// %% checkpoint 4
{
  const name = 'checkpoint'
  await registerPair(client, name, logged)
  const loses = await promoteIfWon(client, name, { status: 'no_difference', final: true })
  assert(
    loses !== undefined,
    '체크포인트 4: promoteIfWon이 아직 빈칸입니다. 게이트부터 채우고 true나 false를 돌려주십시오.',
  )
  const early = await promoteIfWon(client, name, { status: 'challenger_wins', final: false })
  assert.deepEqual(
    [loses, early, ...(await aliasesOf(client, name))],
    [false, false, '1', '—', '2'],
    '체크포인트 4: 이기지 않았거나 확정되지 않은 챌린저를 옮겼습니다. 게이트를 보십시오.',
  )
  const wins = await promoteIfWon(client, name, { status: 'challenger_wins', final: true })
  const [now, previous, waits] = await aliasesOf(client, name)
  assert.deepEqual(
    [wins, now],
    [true, '2'],
    '체크포인트 4: 이긴 챌린저(버전 2)가 champion이 되고 true를 돌려주어야 합니다.',
  )
  assert.equal(
    previous,
    '1',
    '체크포인트 4: previous_champion이 새 챔피언을 가리킵니다. champion을 옮기기 전에 버전을 읽으십시오.',
  )
  assert.equal(waits, '—', '체크포인트 4: 승격한 뒤에는 challenger 별칭을 지워야 합니다.')
  await rollBack(client, name)
  assert.equal(
    (await aliasesOf(client, name))[0],
    '1',
    '체크포인트 4: rollBack은 previous_champion의 버전을 champion으로 되돌려야 합니다.',
  )
  console.log('✅ 체크포인트 4 통과: 이긴 챌린저만 승격하고, 한 번에 버전 1로 돌아옵니다.')
}

// %% concept
/*
## 7. HTTP 뒤에 두기

**왜 필요한가?** 노트북의 `ABTest`는 메모리에만 있습니다. 서버가 재시작하면 모은 판정이 사라지고, 프로세스가 둘이면
서로 다른 실험을 합니다. 사기 라벨은 30일 뒤에 오는데, 그때까지 재시작 없이 버티는 서버는 없습니다. 명세의 FastAPI
예제가 정확히 이 모양입니다. `ab_test = ABTest(…)`가 모듈의 전역 변수입니다.

이 시스템은 실험을 **저장된 기록**으로 둡니다.

- `POST /ab-test/start`: 두 버전, 비율, 계획을 고정합니다. 실험의 id가 해시의 소금(salt)입니다.
- `POST /predict`: 고객을 배정하고, 판정을 디스크에 남긴 다음에 응답합니다. 응답이 나간 뒤 다른 모델이 섀도로 채점합니다.
- `POST /labels`: 며칠 뒤에 온 라벨을 붙입니다. 고치면 덮어쓰지 않고 더합니다.
- `GET /ab-test/status`: 기록에서 판정을 계산합니다. 얼마나 자주 물어도 오류는 5 %입니다.
- `POST /ab-test/promote`, `rollback`, `stop`: 게이트를 지나 옮기고, 되돌리고, 즉시 멈춥니다(2초 안에 모든 워커가 챔피언으로).

`/predict`에서 개체는 거래의 `customer_id`(카드나 고객)이고, 없으면 거래 번호입니다.

**생각해 볼 질문.** 챌린저 모델이 예외를 던지면 그 고객에게는 무엇을 응답해야 할까요?
*/

// %% example
// 진짜 서비스: 모델 둘을 등록하고 실험을 시작합니다.
const service = await courseService(courseHome('2-5-service'))
const { client: registry } = service.tracking
await registerPair(registry, 'fraud_detector', await logPair(registry))

const post = (path: string, body: object) => postJson(service.address, path, body)
const get = async <Found>(path: string) =>
  (await (await fetch(new URL(path, service.address))).json()) as Found
/** 조건이 참이 될 때까지 묻습니다. */
const until = async (isTrue: () => Promise<boolean>) => {
  for (let tries = 0; tries < 200 && !(await isTrue().catch(() => false)); tries++) await sleep(100)
}

const SENT = 10_000
await post('/ab-test/start', {
  traffic_split: 0.5,
  primary: 'paired_cost',
  min_samples: SENT,
  planned_samples: SENT,
  reason: '수업: 챌린저가 비용을 줄이는가',
})
// 서비스가 두 버전을 읽고 배정을 시작할 때까지 기다립니다.
let probes = 0
await until(async () => {
  const id = `probe-${probes++}`
  await post('/predict', { transaction_id: id })
  return (await get<{ experiment: string | null }>(`/decisions/${id}`)).experiment !== null
})

interface Answer {
  readonly transaction_id: string
  readonly fraud_probability: number
  readonly risk_level: string
  readonly model_version: Arm
}
const sent = [...tableRows(test.table)].slice(0, SENT)
const answers: Answer[] = []
for (let at = 0; at < SENT; at += 500) {
  const batch = sent.slice(at, at + 500).map(({ isFraud: _, ...transaction }) => transaction)
  answers.push(...((await post('/predict/batch', batch)) as Answer[]))
}
const metModels = Map.groupBy(answers, (_, at) => sent[at]!['customer_id'])
const metBoth = [...metModels.values()].filter(
  (own) => new Set(own.map((answer) => answer.model_version)).size > 1,
).length
table(
  ['거래 10,000건을 보낸 뒤', '값'],
  [
    ['판정을 받은 거래', answers.length],
    ['거래한 고객', metModels.size],
    ['두 모델을 만난 고객', metBoth],
  ],
)

// %% example
// 라벨이 도착합니다. 그리고 판정을 묻습니다.
for (let at = 0; at < SENT; at += 500)
  await post(
    '/labels',
    sent.slice(at, at + 500).map((row) => ({
      transaction_id: row['transaction_id'],
      is_fraud: row['isFraud'] === 1,
      source: 'chargeback',
    })),
  )
let status = await get<ExperimentVerdict>('/ab-test/status')
await until(async () => {
  status = await get<ExperimentVerdict>('/ab-test/status')
  return status.information.fraction === 1 && 'pairs' in status.paired_cost
})
const { paired_cost: paired, mcnemar } = status
assert('pairs' in paired && 'champion_only' in mcnemar)
const totals = [paired.champion, paired.challenger].map((cost) => Math.round(cost * paired.pairs))
await show(
  plot({
    title: '서비스의 판정: 같은 10,000건을 한 모델이 모두 판정했다면',
    subtitle:
      '총비용. 판정하지 않은 모델도 섀도로 채점하므로 모든 거래에서 둘을 비교할 수 있습니다',
    x: '총비용',
    y: '모델',
    isLying: true,
    places: ['챔피언', '챌린저'],
    series: [{ name: '총비용', color: COLORS.blue, bars: totals, words: totals }],
    height: 240,
  }),
  table(
    ['GET /ab-test/status', '값'],
    [
      ['status', `${status.status} (${WORDS[status.status]})`],
      ['p_value', status.p_value],
      ['final', status.final ? '예' : '아니요'],
      ['짝지은 거래', paired.pairs],
      ['챔피언만 잡은 사기', mcnemar.champion_only],
      ['챌린저만 잡은 사기', mcnemar.challenger_only],
      ['표본 비율 불일치', status.sample_ratio?.is_void ? '예' : '아니요'],
      [
        '울린 가드레일',
        status.guardrails
          .filter(({ alarm }) => alarm)
          .map(({ name }) => name)
          .join(', ') || '없음',
      ],
      ['recommendation', status.recommendation],
    ],
  ),
)
console.log(
  `두 모델이 잡은 사기는 거의 같습니다(한쪽만 잡은 것: ${mcnemar.champion_only}건과 ` +
    `${mcnemar.challenger_only}건). 챌린저는 오탐을 줄여서 이겼습니다.`,
)

// %% example
// 이겼는데도 승격이 거절됩니다: 게이트를 봅니다. 이유를 적으면 지나갈 수 있고, 그 사실이 남습니다.
const GATES: Record<string, string> = {
  versions: '비교한 버전이 지금의 버전인가',
  verdict: '확정된 챌린저 우세인가',
  sample_ratio: '표본 비율이 맞는가',
  exposures: '두 모델을 만난 고객이 적은가',
  guardrails: '가드레일이 조용한가',
}
interface Moved {
  readonly champion: string
  readonly gates: readonly { readonly name: string; readonly passed: boolean }[]
}
const refused = await post('/ab-test/promote', {}).then(
  () => '승격됨',
  (error: Error) => (error.message.includes('PROMOTION_REFUSED') ? '거절' : '다른 오류'),
)
const forced = (await post('/ab-test/promote', {
  force: true,
  reason: '점수의 눈금이 달라진 것은 트리 수 때문임을 확인함',
})) as Moved
const back = (await post('/ab-test/rollback', { reason: '수업: 돌아오는 길을 확인' })) as Moved
await service.close()
await show(
  table(
    ['게이트', '통과'],
    forced.gates.map(({ name, passed }) => [GATES[name]!, passed ? '예' : '아니요']),
  ),
  table(
    ['호출', '결과'],
    [
      ['POST /ab-test/promote', refused],
      ['POST /ab-test/promote (force, 이유 있음)', `챔피언은 버전 ${forced.champion}`],
      ['POST /ab-test/rollback', `챔피언은 버전 ${back.champion}`],
    ],
  ),
)

// %% exercise 5
/*
### 실습 5. FastAPI 엔드포인트 통합

여기서는 FastAPI 대신 Node의 Fastify를 씁니다. `ABTest`를 HTTP 뒤에 두는 `buildApi`를 완성합니다.

- `POST /predict`: 본문은 거래입니다. **고객**(`customer_id`)을 개체로 `test.predict`를 부르고
  `{ transaction_id, fraud_probability, model_version, risk_level }`을 돌려줍니다.
- `GET /ab-test/status`: `test.evaluate()`의 답을 그대로 돌려줍니다.

스키마(schema)가 `customer_id`를 요구하므로 빠뜨린 요청은 Fastify가 400으로 거절합니다.

**힌트.** `test.predict(transaction, { entity })`는 `[점수, 그룹]`을, `riskLevel(score, DEFAULT_POLICY)`는
`approve`, `verify`, `hold`, `block` 가운데 하나를 줍니다. 체크포인트는 포트를 열지 않고 `app.inject`로 부릅니다.
*/

// %% todo 5
const BODY = {
  type: 'object',
  required: ['transaction_id', 'customer_id'],
  properties: { transaction_id: { type: 'string' }, customer_id: { type: 'string' } },
  additionalProperties: true,
}
type Incoming = Transaction & { readonly transaction_id: string; readonly customer_id: string }

/** 부스터를 거래 하나를 채점하는 함수로 바꿉니다. */
const scorerOf = (booster: Booster) => {
  const toFeatures = createRowTransformer(spec)
  const row = new Float32Array(booster.featureNames.length)
  return (transaction: Transaction) => {
    toFeatures(transaction, row)
    return booster.predictRow(row)
  }
}

let buildApi: (test: ABTest<Transaction>) => FastifyInstance = (test) => {
  const app = Fastify()
  app.post<{ Body: Incoming }>('/predict', { schema: { body: BODY } }, async (request) => {
    const transaction = request.body
    // TODO: 고객을 개체로 test.predict를 부릅니다.
    const [score, arm]: [number, Arm] = TODO
    // TODO: 거래 번호, 점수, 그룹, 위험 등급을 돌려줍니다.
    return TODO
  })
  app.get('/ab-test/status', async () => {
    // TODO: test.evaluate()의 답을 돌려줍니다.
    const verdict: object = TODO
    return { ...verdict }
  })
  return app
}

// %% solution 5
// 정답 5
buildApi = (test) => {
  const app = Fastify()
  app.post<{ Body: Incoming }>('/predict', { schema: { body: BODY } }, async (request) => {
    const transaction = request.body
    const [score, arm] = test.predict(transaction, { entity: transaction.customer_id })
    return {
      transaction_id: transaction.transaction_id,
      fraud_probability: score,
      model_version: arm,
      risk_level: riskLevel(score, DEFAULT_POLICY),
    }
  })
  app.get('/ab-test/status', async () => test.evaluate())
  return app
}
const shop = buildApi(new ABTest(scorerOf(champion), scorerOf(challenger), { trafficSplit: 0.5 }))
const replies: Answer[] = []
for (const { isFraud: _, ...transaction } of sent.slice(0, 300)) {
  const reply = await shop.inject({ method: 'POST', url: '/predict', payload: transaction })
  replies.push(reply.json())
}
const stand = (await shop.inject('/ab-test/status')).json()
const LEVELS = { approve: '승인', verify: '추가 인증', hold: '보류', block: '차단' }
await show(
  table(
    ['위험 등급', '챔피언', '챌린저'],
    Object.entries(LEVELS).map(([level, word]) => [
      word,
      ...['champion', 'challenger'].map(
        (arm) =>
          replies.filter((one) => one.model_version === arm && one.risk_level === level).length,
      ),
    ]),
  ),
  table(
    ['GET /ab-test/status', '값'],
    [
      ['status', stand.status],
      ['samples', stand.samples],
      ['required', stand.required],
    ],
  ),
)

// %% mistake 5: 거래 번호를 개체로 쓰지
buildApi = (test) => {
  const app = Fastify()
  app.post<{ Body: Incoming }>('/predict', { schema: { body: BODY } }, async (request) => {
    const transaction = request.body
    const [score, arm] = test.predict(transaction, { entity: transaction.transaction_id })
    return {
      transaction_id: transaction.transaction_id,
      fraud_probability: score,
      model_version: arm,
      risk_level: riskLevel(score, DEFAULT_POLICY),
    }
  })
  app.get('/ab-test/status', async () => test.evaluate())
  return app
}

// %% checkpoint 5
{
  const inTest = new ABTest<Transaction>(
    () => 0.1,
    () => 0.7,
    { trafficSplit: 0.5 },
  )
  const app = buildApi(inTest)
  const ask = async (payload: object) => {
    const reply = await app.inject({ method: 'POST', url: '/predict', payload })
    return { code: reply.statusCode, ...(reply.statusCode === 200 ? reply.json() : {}) }
  }
  const first = await ask({ transaction_id: 't-0', customer_id: 'c-1' })
  assert.equal(
    first.code,
    200,
    '체크포인트 5: POST /predict가 응답하지 못합니다. test.predict를 부르는 빈칸을 채우십시오.',
  )
  assert(
    first.transaction_id === 't-0' &&
      first.fraud_probability === (first.model_version === 'challenger' ? 0.7 : 0.1),
    '체크포인트 5: 응답에 transaction_id, fraud_probability, model_version을 담으십시오.',
  )
  assert.equal(
    first.risk_level,
    first.model_version === 'challenger' ? 'block' : 'approve',
    '체크포인트 5: risk_level은 riskLevel(score, DEFAULT_POLICY)입니다.',
  )
  const arms = new Set<string>()
  for (let at = 1; at < 40; at++)
    arms.add((await ask({ transaction_id: `t-${at}`, customer_id: 'c-1' })).model_version)
  assert.equal(
    arms.size,
    1,
    '체크포인트 5: 한 고객이 두 모델을 만났습니다. 거래 번호를 개체로 쓰지 않고 customer_id를 쓰십시오.',
  )
  const others = new Set<string>()
  for (let at = 0; at < 40; at++)
    others.add((await ask({ transaction_id: `u-${at}`, customer_id: `d-${at}` })).model_version)
  assert.equal(
    others.size,
    2,
    '체크포인트 5: 고객 40명이 모두 한 모델로 갔습니다. 개체를 보십시오.',
  )
  assert.equal(
    (await ask({ transaction_id: 'v-1' })).code,
    400,
    '체크포인트 5: customer_id가 없는 요청은 400이어야 합니다. 스키마를 지우지 마십시오.',
  )
  const reply = (await app.inject('/ab-test/status')).json()
  assert(
    reply.status === 'collecting' && reply.required === 1000,
    '체크포인트 5: GET /ab-test/status는 test.evaluate()의 답을 돌려주어야 합니다.',
  )
  await app.close()
  console.log(
    '✅ 체크포인트 5 통과: 고객은 HTTP 뒤에서도 같은 모델을 만나고, 상태를 물을 수 있습니다.',
  )
}

// %% summary
/*
## 정리

- **배정**은 고객의 해시로 합니다. 같은 고객은 늘 같은 모델을 만나고, 실험 이름이 소금입니다.
- **분배**는 χ²로 확인합니다. 8~12 %는 1,000건에서만 알맞습니다. 어긋나면 비교 전체가 무효입니다.
- **비교**는 점수가 아니라 고객당 비용입니다. 섀도 점수로 짝지으면 같은 데이터에서 훨씬 또렷합니다.
- **조회**가 늘수록 t-검정은 틀립니다. 그룹 순차 검정은 20번 봐도 5 % 근처입니다.
- **승격**은 게이트를 지난 한 걸음이고, **롤백**은 변경 이력을 따릅니다.
- **실험**은 메모리가 아니라 저장된 기록입니다.

### 생각해 볼 질문의 답

1. **실험 이름 없이 고객만 해시하면?** 첫 실험의 챌린저 그룹이 두 번째 실험에서도 그대로 챌린저 그룹입니다. 첫 실험에서
   카드를 자주 막혔던 고객들이 새 챌린저 쪽에 몰려 있으므로, 두 번째 실험은 시작부터 기울어 있습니다.
2. **차단된 고객이 세 번 다시 시도하면?** 거래로 세면 챌린저의 비율이 올라가 불일치로 보입니다. 고객으로 세면 그대로입니다.
   그래서 고객을 셉니다. 거래 수의 차이는 그것대로 챌린저가 더 많이 막는다는 신호입니다.
3. **섀도가 있는데 왜 A/B인가?** 섀도는 판정이 세상을 바꾸지 않습니다. 차단된 고객이 떠나는지, 사기범이 방법을 바꾸는지,
   지연이 늘어나는지는 실제로 판정해 봐야 압니다. 그래서 섀도로 비용을 비교하고, 적은 비율의 A/B로 부작용을 봅니다.
4. **거래가 많은 고객이 한쪽에 몰리면?** 고객당 비용은 모델 때문이 아니라 거래 수 때문에 커집니다. 무작위 배정에서 평균은
   맞지만 분산이 큽니다. 그래서 거래당 비용(델타 방법)과 챔피언 점수로 보정한 비용도 함께 보여 줍니다.
5. **초반 경계가 10이면 해로운 챌린저를 못 멈추는가?** 승자를 정하는 검정과 안전을 지키는 검정은 다릅니다. 차단율, 지연,
   오류율, 비용, 점수 안정성은 가드레일이 신뢰 시퀀스로 따로 지키고, 어느 조회에서나 울릴 수 있습니다.
6. **모델만 옮기고 임곗값은 두면?** 임곗값은 모델의 것입니다. 새 모델의 0.18은 옛 모델의 0.18과 다른 차단율을 뜻합니다.
   그래서 정책(policy)이 모델 폴더 안에 있고, 별칭 하나로 함께 옮겨지고 함께 돌아옵니다.
7. **챌린저가 예외를 던지면?** 챔피언이 대신 판정합니다(대체 판정). 기록에는 챌린저 그룹의 실패로 남아 오류율 가드레일에
   들어갑니다. 실패한 거래를 챔피언의 것으로 옮겨 세면 챌린저가 어려운 거래를 피한 것처럼 보입니다.

### 면접 포인트

**Q: "A/B 테스트는 어떻게 구현했나요?"**

> 고객을 실험 id와 함께 해시해서 챔피언과 챌린저에 나눕니다. 한 고객은 늘 같은 모델을 만납니다
> ([assign.ts](../../src/monitoring/experiments/assign.ts)). 그룹마다 라벨이 붙은 판정이 1,000건 이상 모이면 점수가 아니라
> 고객당 비용을 비교합니다. 처음에는 p < 0.05인 t-검정을 생각했지만, 같은 모델 2,000쌍을 매일 보게 했더니 비용의 t-검정은
> 26.8 %, 점수의 t-검정은 31.7 %가 틀렸습니다. 그래서 그룹 순차 검정으로 바꾸었고 같은 시험에서 5.1 %입니다
> ([judge-experiment.ts](../../src/monitoring/experiments/judge-experiment.ts)). 챌린저가 이기고 게이트를 통과하면 승격합니다.

**Q: "롤백은 어떻게 하나요?"**

> `champion` 별칭을 이전 버전으로 옮기는 호출 한 번입니다. 서비스는 2초 안에 새 챔피언을 씁니다. `previous_champion` 별칭만
> 믿지는 않습니다. 승격 스크립트가 중간에 죽고 다시 실행되면 그 별칭이 새 챔피언을 가리킬 수 있기 때문입니다. 우리 `rollback`은
> 지울 수 없는 변경 이력을 보고 되돌리고([registry.ts](../../src/tracking/models/registry.ts)), 임곗값은 모델과 함께 있으므로
> 같이 돌아옵니다.

**Q: "트래픽을 10 %만 보낸 이유는요? 얼마나 걸립니까?"**

> 안전 때문입니다. 통계로는 50 대 50이 가장 빠릅니다. 놓치는 사기 0.15 %를 절반으로 줄이는 것을 검정력 80 %로 찾으려면
> 50 대 50에서 65,698건, 10 %에서는 197,539건이 필요합니다. 그래서 시작하기 전에
> `planExperiment`로 끝낼 수 있는지 계산하고([plan-experiment.ts](../../src/monitoring/experiments/plan-experiment.ts)),
> 실험에 들어오는 비율과 실험 안의 비율을 나누어 작은 범위에서 50 대 50으로 시작합니다.

**Q: "매일 결과를 보면 안 되나요?"**

> 봐도 되게 만들었습니다. 조회마다 오류를 조금씩 쓰는 경계를 계산하고, p 값은 올라가지 않으며, 넘은 경계는 되돌아가지
> 않습니다([group-sequential.ts](../../src/monitoring/experiments/group-sequential.ts)). 대가는 작습니다. 이 노트북의 모의실험에서
> 마지막 날 한 번만 보는 검정과 비교해 나은 챌린저를 찾는 비율은 3 %p 낮지만, 20일이 아니라 평균 15일에 끝났습니다.

**Q: "실험 결과를 믿을 수 없게 되는 때는 언제입니까?"**

> 두 그룹이 제 몫을 받지 못했을 때입니다. 표본 비율 불일치나 두 모델을 만난 고객이 있으면 판정 대신
> `sample_ratio_mismatch`, `multiple_exposures`를 내고 승격을 막습니다. 보정하지 않습니다. 빠진 사람이 누구인지 모르기 때문입니다
> ([sample-ratio.ts](../../src/monitoring/experiments/sample-ratio.ts)).

**Q: "이겼는데 승격하지 않은 적이 있습니까?"**

> 이 노트북이 그랬습니다. 챌린저가 오탐을 줄여 비용에서 이겼지만 점수 분포의 PSI가 기준 0.25를 넘어 가드레일이 막았습니다. 트리가 세 배라
> 점수의 눈금이 달라진 것이었고, 이유를 적고 지나갔습니다. 그 이유와 강제로 지난 게이트의 이름은 감사 기록에 남습니다
> ([promotion-gates.ts](../../src/serving/experiments/promotion-gates.ts)).

### 다음으로

[2-6. Prometheus와 Grafana](2-6_prometheus_grafana.ipynb)에서 이 서비스가 지금 건강한지 숫자로 지켜봅니다.
*/
